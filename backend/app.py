"""The application: which parts it is put together from. Knows no training code."""

from __future__ import annotations

from functools import partial

from flask import Flask

from backend import (
    access,
    cors,
    draining,
    errors,
    headers,
    history,
    hosts,
    intake,
    metrics,
    proxies,
    rate_limits,
    request_log,
    routes,
)
from backend.inference import deadline
from backend.rollout import champions
from backend.rollout.start import Start, prepare
from backend.settings import Settings, load_settings

_HISTORY_FIGURES = {
    "accepted": "Records that were promised to be stored, since the state directory was made.",
    "declined": "Records that were not kept: the backlog or the disk was full.",
    "stored": "Records that the database has taken.",
    "rejected": "Records that the database would not take, set aside.",
    "backlog_records": "Records that wait for the database.",
    "backlog_bytes": "Bytes on disk that wait for the database.",
}


def assemble(settings: Settings | None = None, start: Start | None = None) -> Flask:
    """Return the application that `backend.create_app` promises.

    `start` is where the server has found a champion before it forked, if it has looked for one.
    """
    settings = settings or load_settings()
    start = start or prepare(settings)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["MAX_COMMENTS"] = settings.max_comments
    metrics.init_app(app)
    proxies.init_app(app, settings)
    request_log.init_app(app)
    hosts.init_app(app, settings)
    deadline.init_app(app, settings)
    draining.init_app(app)
    intake.init_app(app, settings)
    headers.init_app(app)
    cors.init_app(app, settings)
    errors.init_app(app)
    access.identify(app, settings)
    rate_limits.init_app(app, settings)
    access.enforce(app, settings)
    routes.init_app(app)
    history.init_app(app, settings)
    _show_history(app)
    champions.init_app(app, settings, start)
    return app


def _show_history(app: Flask) -> None:
    """Let the metrics tell how much of the history is kept and how much waits."""
    for name, description in _HISTORY_FIGURES.items():
        metrics.watch(f"history_{name}", description, partial(_figure, app, name))


def _figure(app: Flask, name: str) -> float | None:
    kept = history.of(app)
    return float(getattr(kept.figures(), name)) if kept else None
