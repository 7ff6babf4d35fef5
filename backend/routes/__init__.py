"""The routes, one blueprint a module. A view parses, calls, and answers; it decides nothing else."""

from __future__ import annotations

from flask import Flask

from backend.routes import (
    analyze,
    charts,
    compatible,
    docs,
    feedback,
    health,
    metrics,
    model,
    page,
    predict,
    videos,
)


def init_app(app: Flask) -> None:
    """Put every route into `app`."""
    for module in (
        predict,
        analyze,
        charts,
        compatible,
        feedback,
        videos,
        model,
        health,
        metrics,
        docs,
        page,
    ):
        app.register_blueprint(module.blueprint)
