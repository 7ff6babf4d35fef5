"""`GET /openapi.json` and `GET /docs`: the contract, for programs and for people.

The page is made in the browser from the document, and asks no server but this one.
"""

from __future__ import annotations

from flask import Blueprint, Response, current_app, jsonify

from backend.access import needs
from backend.openapi import document

blueprint = Blueprint("docs", __name__)


@blueprint.get("/openapi.json")
@needs(None)
def openapi() -> Response:
    """Return the OpenAPI 3.1 document."""
    return jsonify(document(current_app))


@blueprint.get("/docs")
@needs(None)
def docs() -> Response:
    """Return the interactive documentation."""
    return current_app.send_static_file("docs/index.html")
