"""`GET /metrics`: what Prometheus scrapes."""

from __future__ import annotations

from flask import Blueprint, Response

from backend import metrics
from backend.access import needs

blueprint = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@needs("admin")
def show() -> Response:
    """Return the figures of all server processes."""
    return Response(metrics.exposition(), content_type=metrics.MEDIA_TYPE)
