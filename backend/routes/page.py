"""`GET /`: the creator's page. What it shows is made in the browser, from the same API as anyone's."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template

from backend import labelling
from backend.access import needs

blueprint = Blueprint("page", __name__)


@blueprint.get("/")
@needs(None)
def page() -> str:
    """Return the page, with the limits that its requests have to keep."""
    return render_template(
        "page.html",
        most_comments=current_app.config["MAX_COMMENTS"],
        most_bytes=current_app.config["MAX_CONTENT_LENGTH"],
        model=labelling.current().model,
    )
