"""The application: which parts it is put together from. Knows no training code."""

from __future__ import annotations

from flask import Flask

from backend import cors, draining, errors, headers, history, intake, metrics, request_log, routes
from backend.inference import deadline
from backend.rollout import champions
from backend.rollout.start import prepare
from backend.settings import Settings, load_settings


def assemble(settings: Settings | None = None, *, prepared: bool = False) -> Flask:
    """Return the application that `backend.create_app` promises.

    `prepared` says that the server has looked for a champion already, before it forked.
    """
    settings = settings or load_settings()
    if not prepared:
        prepare(settings)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["MAX_COMMENTS"] = settings.max_comments
    metrics.init_app(app)
    request_log.init_app(app)
    deadline.init_app(app, settings)
    draining.init_app(app)
    intake.init_app(app, settings)
    headers.init_app(app)
    cors.init_app(app, settings)
    errors.init_app(app)
    routes.init_app(app)
    history.init_app(app, settings)
    champions.init_app(app, settings)
    return app
