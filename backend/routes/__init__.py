"""The routes, one blueprint a module. A view parses, calls, and answers; it decides nothing else."""

from __future__ import annotations

from flask import Flask

from backend.routes import analyze, docs, health, metrics, model, predict


def init_app(app: Flask) -> None:
    """Put every route into `app`."""
    for module in (predict, analyze, model, health, metrics, docs):
        app.register_blueprint(module.blueprint)
