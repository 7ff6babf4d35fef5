"""Whether this process is about to end, and what it refuses because of that.

Knows the moment at which it was told to. What came before is finished; what comes after, over a
connection that was kept open, is refused. Knows nothing of signals or sockets.
"""

from __future__ import annotations

import time

from flask import Flask, request

from backend.errors import ShuttingDown
from backend.inference.deadline import ARRIVED

_NEVER = float("inf")
_HEALTH = "/health/"
_begun_at = _NEVER


def begin() -> None:
    """Note that this process was told to end."""
    global _begun_at
    _begun_at = min(_begun_at, time.monotonic())


def has_begun() -> bool:
    """Return whether this process was told to end."""
    return _begun_at != _NEVER


def init_app(app: Flask) -> None:
    """Refuse what comes to `app` after this process was told to end, questions of its health apart."""
    app.before_request(_refuse)


def _refuse() -> None:
    arrived = request.environ.get(ARRIVED) or time.monotonic()
    if arrived > _begun_at and not request.path.startswith(_HEALTH):
        raise ShuttingDown("This server is about to end; another one may answer.")
