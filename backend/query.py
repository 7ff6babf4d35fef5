"""From the query of a request to a checked model, or to the problem that says what is wrong.

Knows that a query is text, and may hold a name twice. Knows no route.
"""

from __future__ import annotations

from typing import TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from backend.body import invalid
from backend.errors import InvalidFields

Model = TypeVar("Model", bound=BaseModel)


def read_query(model: type[Model]) -> Model:
    """Return the query of the current request as a `model`.

    Raises:
        InvalidFields: it is not a `model`; its fields are named with ``query.`` before them.
    """
    given = {name: values[0] if len(values) == 1 else values for name, values in request.args.lists()}
    try:
        return model.model_validate(given)
    except ValidationError as error:
        problem = invalid(error)
        named = [found | {"field": f"query.{found['field']}"} for found in problem.errors]
        raise InvalidFields(problem.detail or "", named) from None
