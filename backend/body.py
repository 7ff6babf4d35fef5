"""From the bytes of a request to a checked model, or to the problem that says what is wrong where.

Knows media types, JSON's dark corners and pydantic's errors. Never repeats to the client what the
client sent: a place and a reason are enough.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import IO, Any, NoReturn, TypeVar

from flask import Request, current_app, request
from gunicorn.http.errors import ParseException
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import ClientDisconnected
from werkzeug.wsgi import get_input_stream

from backend import intake
from backend.errors import (
    BodyTooLarge,
    InvalidFields,
    MalformedBody,
    Overloaded,
    SlowBody,
    UnsupportedBody,
)
from backend.fields import UNION_TAGS

Model = TypeVar("Model", bound=BaseModel)

_PIECE = 64 * 1024
_MOST_READ = 4
_MOST_ERRORS = 20
_LONGEST_FIELD = 80
# Where pydantic's errors keep the limit that was broken.
_LIMITS = ("limit", "max_length", "min_length", "ge", "le", "expected")
# Where pydantic speaks of Python: of dictionaries, and instances of classes.
_MESSAGES = {"model_type": "Input should be an object"}


def read_body(model: type[Model]) -> Model:
    """Return the body of the current request as a `model`.

    Raises:
        UnsupportedBody: it is not declared as plain JSON in UTF-8.
        BodyTooLarge: it has more bytes than the setting allows.
        SlowBody: it takes longer to arrive than the setting allows.
        MalformedBody: it is not JSON.
        InvalidFields: it is JSON, but not a `model`.
        Overloaded: there is no room for it now.
    """
    _check_media_type(request)
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    body = _read_bytes(get_input_stream(request.environ), limit)
    context = {
        "max_comments": current_app.config["MAX_COMMENTS"],
        "now": datetime.now(UTC),
    }
    with intake.parsing(len(body)):
        try:
            return model.model_validate(parse_json(body), context=context)
        except ValidationError as error:
            raise invalid(error) from None


def _read_bytes(stream: IO[bytes], limit: int) -> bytes:
    """Return what `stream` holds.

    What is over the limit is read too, though not kept: a client that is still sending when the
    connection closes would never see the answer. Past `_MOST_READ` limits, it is no mistake any more.
    The same goes for what there is no room for.
    """
    pieces, length = [], 0
    refusal: Overloaded | None = None
    try:
        while (piece := stream.read(_PIECE)) and length <= limit * _MOST_READ:
            length += len(piece)
            if length > limit or refusal:
                continue
            try:
                intake.hold(len(piece))
                pieces.append(piece)
            except Overloaded as error:
                refusal = error
                pieces.clear()
                intake.let_go()
    except TimeoutError:
        raise SlowBody("It has not arrived in the time that this server waits.") from None
    # How the server and the framework say that a length or a chunk is not as announced.
    except (OSError, ParseException, ClientDisconnected):
        raise MalformedBody("It ends early, or its chunks are not as RFC 9112 has them.") from None
    if length > limit:
        raise BodyTooLarge(limit)
    if refusal:
        raise refusal
    return b"".join(pieces)


def parse_json(body: bytes) -> Any:
    """Return the value that `body` spells, by RFC 8259: UTF-8, and no NaN or Infinity.

    Raises:
        MalformedBody: says what is wrong, with line and column where that is known.
    """
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise MalformedBody(f"It is not UTF-8: see byte {error.start}.") from None
    except json.JSONDecodeError as error:
        raise MalformedBody(f"{error.msg} at line {error.lineno}, column {error.colno}.") from None
    except RecursionError:
        raise MalformedBody("It is nested too deeply.") from None
    # Python refuses to read integers of more than 4,300 digits.
    except ValueError:
        raise MalformedBody("It holds a number with too many digits.") from None


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedBody(f"{name} is not a JSON value.")


def _check_media_type(request: Request) -> None:
    if request.mimetype != "application/json":
        given = f"this is {request.mimetype[:100]}" if request.mimetype else "none is given"
        raise UnsupportedBody(f"The Content-Type must be application/json; {given}.")
    if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedBody("The charset must be utf-8.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedBody("The body must not have a Content-Encoding.")


def invalid(error: ValidationError) -> InvalidFields:
    """Return the problem that says which fields `error` is about, and never what they held."""
    errors = list(_describe(error))
    count = error.error_count()
    detail = f"{count} value{'s are' if count != 1 else ' is'} not valid"
    more = f"; the first {_MOST_ERRORS} are listed" if count > _MOST_ERRORS else ""
    return InvalidFields(f"{detail}{more}.", errors)


def _describe(error: ValidationError) -> Iterator[dict[str, Any]]:
    for item in error.errors(include_url=False, include_input=False)[:_MOST_ERRORS]:
        context = item.get("ctx", {})
        message = _MESSAGES.get(item["type"], item["msg"])
        described = {"field": context.get("field") or _field(item), "message": message}
        limits = [context[key] for key in _LIMITS if key in context]
        yield described | ({"limit": limits[0]} if limits else {})


def _field(item: ErrorDetails) -> str:
    """Return the place of an error, such as ``comments.3.text``; ``body`` for the whole."""
    place = ".".join(str(part) for part in item["loc"] if part not in UNION_TAGS)
    place = place.encode("utf-8", "replace").decode("utf-8").replace("\x00", "?")
    return (place if len(place) <= _LONGEST_FIELD else place[:_LONGEST_FIELD] + "…") or "body"
