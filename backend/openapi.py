"""The OpenAPI 3.1 document, from the views and the models that they parse and answer with.

Knows what a view says of itself with `describes`, and the settings that are limits. Knows nothing of
how a request is handled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal, TypeVar

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from backend import access, request_log
from backend.errors import MEDIA_TYPE
from backend.refusals import refusals
from backend.schemas import AnalyzeRequest, PredictRequest, ProblemDocument
from backend.tokens import Scope

CONTRACT_VERSION = "1.0.0"

BAD_BODY = (400, 408, 413, 415, 422)

_ATTRIBUTE = "undertone_operation"
_BEARER = "token"
_REFERENCE = "#/components/schemas/{model}"

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """What a view takes, gives and refuses."""

    summary: str
    gives: type[BaseModel]
    takes: type[BaseModel] | None
    refuses: Sequence[int]
    example: dict[str, Any] | None


def describes(
    summary: str,
    *,
    gives: type[BaseModel],
    takes: type[BaseModel] | None = None,
    refuses: Sequence[int] = (),
    example: dict[str, Any] | None = None,
    needs: Scope | None = "read",
) -> Callable[[View], View]:
    """Say what the decorated view does and which scope of a token it `needs`, None for no token.

    The document and the check of access have it from here; the view itself stays as it is.
    """

    def note(view: View) -> View:
        setattr(view, _ATTRIBUTE, Operation(summary, gives, takes, refuses, example))
        return access.needs(needs)(view)

    return note


def document(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document of the described views of `app`."""
    described = [
        (rule, getattr(app.view_functions[rule.endpoint], _ATTRIBUTE, None))
        for rule in app.url_map.iter_rules()
    ]
    operations = [(rule, operation) for rule, operation in described if operation]
    paths: dict[str, dict[str, Any]] = {}
    for rule, operation in sorted(operations, key=lambda pair: pair[0].rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            view = app.view_functions[rule.endpoint]
            paths.setdefault(rule.rule, {})[method.lower()] = _operation(app, operation, view)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Undertone",
            "version": CONTRACT_VERSION,
            "description": "Tells what the people under a YouTube video feel.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "components": {
            "schemas": _schemas((operation for _, operation in operations), app.config["MAX_COMMENTS"]),
            "securitySchemes": {_BEARER: {"type": "http", "scheme": "bearer"}},
        },
    }


def _operation(app: Flask, operation: Operation, view: Callable[..., Any]) -> dict[str, Any]:
    scope = access.scope_of(view)
    statuses = {*operation.refuses, *refusals(app, is_open=scope is None), 500}
    described: dict[str, Any] = {
        "operationId": view.__name__,
        "summary": operation.summary,
        "description": view.__doc__,
        "responses": {
            "200": _response("The answer.", "application/json", operation.gives),
            **{
                str(status): _response(HTTPStatus(status).phrase, MEDIA_TYPE, ProblemDocument)
                for status in sorted(statuses)
            },
        },
    }
    if scope and access.is_guarded(app):
        described["security"] = [{_BEARER: [scope]}]
    if operation.takes:
        content = {"schema": _reference(operation.takes)}
        example = {"example": operation.example} if operation.example else {}
        described["requestBody"] = {
            "required": True,
            "content": {"application/json": content | example},
        }
    return described


def _response(description: str, media_type: str, model: type[BaseModel]) -> dict[str, Any]:
    return {
        "description": description,
        "headers": {request_log.HEADER: {"schema": {"type": "string"}}},
        "content": {media_type: {"schema": _reference(model)}},
    }


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _schemas(operations: Iterable[Operation], max_comments: int) -> dict[str, Any]:
    modes: dict[type[BaseModel], Literal["validation", "serialization"]] = {
        ProblemDocument: "validation"
    }
    for operation in operations:
        modes[operation.gives] = "validation"
        if operation.takes:
            modes[operation.takes] = "validation"
    _, found = models_json_schema(list(modes.items()), ref_template=_REFERENCE)
    schemas: dict[str, Any] = found["$defs"]
    for model in (PredictRequest, AnalyzeRequest):
        if model.__name__ in schemas:
            schemas[model.__name__]["properties"]["comments"]["maxItems"] = max_comments
    return schemas
