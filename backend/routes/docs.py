"""`GET /openapi.json` and `GET /docs`: the contract, for programs and for people.

Knows where the packaged Swagger UI keeps its files, so that the page works without the internet.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, redirect, send_from_directory, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.openapi import document

blueprint = Blueprint("docs", __name__)

_SWAGGER_UI = Path(str(files("flask_swagger_ui"))) / "dist"
_SWAGGER_FILES = frozenset(("swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"))


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI 3.1 document."""
    return jsonify(document(current_app))


@blueprint.get("/docs")
def docs() -> Response:
    """Return the interactive documentation."""
    return current_app.send_static_file("docs/index.html")


@blueprint.get("/docs/<path:name>")
def asset(name: str) -> Response:
    """Return a file that the documentation page needs."""
    if name in _SWAGGER_FILES:
        return send_from_directory(_SWAGGER_UI, name)
    return current_app.send_static_file(f"docs/{name}")


@blueprint.get("/")
def home() -> AnyResponse:
    """Lead to the documentation."""
    return redirect(url_for("docs.docs"))
