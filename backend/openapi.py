"""The OpenAPI 3.1 document, from the views and the models that they parse and answer with.

Knows what a view says of itself with `describes`, and the settings that are limits. Knows nothing of
how a request is handled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from flask import Flask
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import BaseConverter, PathConverter, Rule, UUIDConverter

from backend import access, request_log
from backend.errors import MEDIA_TYPE
from backend.problem import ProblemDocument
from backend.refusals import refusals
from backend.schemas import AnalyzeRequest, PredictRequest
from backend.tokens import Scope

CONTRACT_VERSION = "1.0.0"

BAD_BODY = (400, 408, 413, 415, 422)

_ATTRIBUTE = "undertone_operation"
_BEARER = "token"
_REFERENCE = "#/components/schemas/{model}"

_PLACE = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
_PLACES: dict[type[BaseConverter], dict[str, Any]] = {
    UUIDConverter: {"type": "string", "format": "uuid"},
    PathConverter: {"type": "string", "minLength": 1, "maxLength": 200},
}

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """What a view takes, gives and refuses."""

    summary: str
    gives: type[BaseModel] | str
    takes: type[BaseModel] | None
    refuses: Sequence[int]
    example: dict[str, Any] | None
    asks: type[BaseModel] | None
    succeeds: int
    problem: type[BaseModel]
    headers: Mapping[str, str]
    also: Mapping[str, type[BaseModel]]


def describes(
    summary: str,
    *,
    gives: type[BaseModel] | str,
    takes: type[BaseModel] | None = None,
    refuses: Sequence[int] = (),
    example: dict[str, Any] | None = None,
    asks: type[BaseModel] | None = None,
    succeeds: int = 200,
    problem: type[BaseModel] = ProblemDocument,
    headers: Mapping[str, str] = MappingProxyType({}),
    also: Mapping[str, type[BaseModel]] = MappingProxyType({}),
    needs: Scope | None = "read",
) -> Callable[[View], View]:
    """Say what the decorated view does and which scope of a token it `needs`, None for no token.

    The document and the check of access have it from here; the view itself stays as it is. It `takes` a
    body and `asks` for a query. What it `gives` is a model or, where that is not JSON, a media type;
    `headers` are those that the answer may have, with what they say; `also` what it gives to those who
    accept another media type.
    """

    def note(view: View) -> View:
        operation = Operation(
            summary, gives, takes, refuses, example, asks, succeeds, problem, headers, also
        )
        setattr(view, _ATTRIBUTE, operation)
        return access.needs(needs)(view)

    return note


def document(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document of the described views of `app`."""
    views = [
        (rule, getattr(app.view_functions[rule.endpoint], _ATTRIBUTE, None))
        for rule in app.url_map.iter_rules()
    ]
    operations = [(rule, operation) for rule, operation in views if operation]
    paths: dict[str, dict[str, Any]] = {}
    for rule, operation in sorted(operations, key=lambda pair: pair[0].rule):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            view = app.view_functions[rule.endpoint]
            described = _operation(app, operation, view) | _parameters(rule, operation)
            paths.setdefault(_PLACE.sub(r"{\1}", rule.rule), {})[method.lower()] = described
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
    statuses = {*operation.refuses, *refusals(app, is_open=scope is None), 500, 503}
    described: dict[str, Any] = {
        "operationId": view.__name__,
        "summary": operation.summary,
        "description": view.__doc__,
        "responses": {
            str(operation.succeeds): _response(
                "The answer.", operation.gives, operation.headers, operation.also
            ),
            **{
                str(status): _response(HTTPStatus(status).phrase, operation.problem)
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


def _parameters(rule: Rule, operation: Operation) -> dict[str, Any]:
    """Return what the places of the rule's path, and the query, may be."""
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": _place(rule, name)}
        for name in _PLACE.findall(rule.rule)
    ]
    query = operation.asks.model_json_schema()["properties"] if operation.asks else {}
    for name, schema in query.items():
        parameters.append({"name": name, "in": "query", "required": False, "schema": schema})
    return {"parameters": parameters} if parameters else {}


def _place(rule: Rule, name: str) -> dict[str, Any]:
    return _PLACES.get(type(rule._converters[name]), {"type": "string"})


def _response(
    description: str,
    gives: type[BaseModel] | str,
    headers: Mapping[str, str] = MappingProxyType({}),
    also: Mapping[str, type[BaseModel]] = MappingProxyType({}),
) -> dict[str, Any]:
    text = {"schema": {"type": "string"}}
    return {
        "description": description,
        "headers": {
            request_log.HEADER: text,
            **{name: text | {"description": says} for name, says in headers.items()},
        },
        "content": _content(gives)
        | {media_type: {"schema": _reference(model)} for media_type, model in also.items()},
    }


def _content(gives: type[BaseModel] | str) -> dict[str, Any]:
    if isinstance(gives, str):
        return {gives: {"schema": {"type": "string", "contentMediaType": gives}}}
    media_type = MEDIA_TYPE if gives is ProblemDocument else "application/json"
    return {media_type: {"schema": _reference(gives)}}


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}


def _schemas(operations: Iterable[Operation], max_comments: int) -> dict[str, Any]:
    modes: dict[type[BaseModel], Literal["validation", "serialization"]] = {
        ProblemDocument: "validation"
    }
    for operation in operations:
        for model in (operation.gives, operation.takes, operation.problem, *operation.also.values()):
            if model and not isinstance(model, str):
                modes[model] = "validation"
    _, found = models_json_schema(list(modes.items()), ref_template=_REFERENCE)
    schemas: dict[str, Any] = found["$defs"]
    for model in (PredictRequest, AnalyzeRequest):
        if model.__name__ in schemas:
            schemas[model.__name__]["properties"]["comments"]["maxItems"] = max_comments
    return schemas
