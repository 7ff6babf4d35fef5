"""From the query of an address to a checked model, and the cursors that lists are paged by.

Knows strings and pydantic's errors. Knows nothing of what is listed.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from backend.body import invalid
from backend.errors import InvalidFields

Model = TypeVar("Model", bound=BaseModel)

_MOST_POSITION = 2**63 - 1


def read_query(model: type[Model]) -> Model:
    """Return the query of the current request as a `model`.

    Raises:
        InvalidFields: names every parameter that is wrong.
    """
    try:
        return model.model_validate_strings(request.args.to_dict(), strict=False)
    except ValidationError as error:
        raise invalid(error) from None


def write_cursor(position: int, key: str = "") -> str:
    """Return the cursor of what comes after an entry, whose place in the list is (position, key)."""
    return urlsafe_b64encode(f"{position} {key}".encode()).decode("ascii").rstrip("=")


def read_cursor(cursor: str) -> tuple[int, str]:
    """Return the position and key that `cursor` was written from.

    Raises:
        InvalidFields: it wasn't written by `write_cursor`.
    """
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        position, _, key = urlsafe_b64decode(padded).decode("utf-8").partition(" ")
        if not (position.isascii() and position.isdigit() and int(position) <= _MOST_POSITION):
            raise ValueError(position)
        if "\x00" in key:
            raise ValueError(key)
        return int(position), key
    # What base64 and UTF-8 complain of are ValueErrors too.
    except ValueError:
        message = "must be the `next` of an answer before"
        raise InvalidFields(
            "1 value is not valid.", [{"field": "cursor", "message": message}]
        ) from None
