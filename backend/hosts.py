"""Which names this server answers to.

Knows the `Host` of a request, and DNS rebinding: a web page whose name its owner turns to 127.0.0.1
after it was loaded is of the same origin as a server there, as far as the browser can see, and only
`Host` still tells the page's name. A token shuts such a page out too; a server that asks for none must
look at the name. Knows nothing of what is asked.
"""

from __future__ import annotations

import re

from flask import Flask, current_app, request

from backend.errors import UnknownHost
from backend.refusals import may_refuse
from backend.settings import Settings

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:\[\]]+)(:[0-9]*)?", re.IGNORECASE)


def init_app(app: Flask, settings: Settings) -> None:
    """Refuse requests of `app` to other names than it has, unless a token protects every name."""
    if settings.needs_token and not settings.allowed_hosts:
        return
    app.config["HOST_NAMES"] = frozenset((*LOOPBACK, *settings.allowed_hosts))
    app.before_request(_check)
    may_refuse(app, 421, open_too=True)


def _check() -> None:
    """Refuse a request to another name. One without any name, of HTTP/1.0, no browser can send."""
    given = request.environ.get("HTTP_HOST")
    if given is not None and name_of(given) not in current_app.config["HOST_NAMES"]:
        raise UnknownHost("Ask for localhost or 127.0.0.1, or add the name to UNDERTONE_ALLOWED_HOSTS.")


def name_of(host: str) -> str:
    """Return the name in the header field `host`, without port and final dot; empty if it is none."""
    match = _HOST.fullmatch(host.strip())
    return match[1].lower().removesuffix(".") if match else ""
