"""The application: which parts it is put together from. Knows no training code."""

from __future__ import annotations

from flask import Flask

from backend import (
    access,
    cors,
    errors,
    headers,
    hosts,
    labelling,
    proxies,
    rate_limits,
    request_log,
    routes,
)
from backend.bundle import read_bundle
from backend.cores import available_cores
from backend.settings import Settings, load_settings


def assemble(settings: Settings | None = None) -> Flask:
    """Return the application that `backend.create_app` promises."""
    settings = settings or load_settings()
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["MAX_COMMENTS"] = settings.max_comments
    proxies.init_app(app, settings)
    request_log.init_app(app)
    hosts.init_app(app, settings)
    headers.init_app(app)
    cors.init_app(app, settings)
    errors.init_app(app)
    access.identify(app, settings)
    rate_limits.init_app(app, settings)
    access.enforce(app, settings)
    routes.init_app(app)
    labelling.init_app(
        app,
        labelling.Labeller(
            read_bundle(settings.bundle),
            settings.threads_of_model(available_cores()),
            settings.batch_size,
            settings.max_comment_characters,
        ),
    )
    return app
