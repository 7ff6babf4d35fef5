"""Which other origins' pages may call this server.

Knows how a setting such as `chrome-extension://*` becomes a rule, and that Chrome asks before a page
reaches into the local network. Credentials are never allowed, so no cookie can be ridden on.
"""

from __future__ import annotations

import re

from flask import Flask
from flask_cors import CORS

from backend import rate_limits, request_log
from backend.settings import Settings

_EXTENSION_ID = "[a-p]{32}"
_NAME = "[A-Za-z0-9-]+"


def init_app(app: Flask, settings: Settings) -> None:
    """Answer cross-origin requests and preflights from the origins that the settings allow."""
    CORS(
        app,
        origins=[_pattern(origin) for origin in settings.cors_origins],
        methods=["GET", "POST", "DELETE"],
        allow_headers=["Content-Type", "Authorization", request_log.HEADER],
        expose_headers=[request_log.HEADER, *rate_limits.HEADERS, "WWW-Authenticate"],
        supports_credentials=False,
        allow_private_network=True,
        max_age=600,
    )


def _pattern(origin: str) -> re.Pattern[str]:
    name = _EXTENSION_ID if origin.startswith("chrome-extension://") else _NAME
    return re.compile("^" + re.escape(origin).replace(r"\*", name) + r"\Z")
