"""From a model to the JSON that leaves the server."""

from __future__ import annotations

from flask import Response
from pydantic import BaseModel


def answer(model: BaseModel, *, whole: bool = False) -> Response:
    """Return `model` as JSON: the fields that were given, or with `whole` those left at default too."""
    return Response(model.model_dump_json(exclude_unset=not whole), content_type="application/json")
