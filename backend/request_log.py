"""One id and one log line for each request.

Knows who asked for what, how it ended and how long it took. Never sees what a comment says.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from functools import partial
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, request

from backend.answer import when_sent

HEADER = "X-Request-ID"

_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LONGEST_PATH = 200
_LINE = "%(request_id)s %(method)s %(path)s %(status)d %(milliseconds).1f ms %(comments)d comments"

_log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Give every request of `app` an id, answer with it, and log it when it ends."""
    app.before_request(_begin)
    app.after_request(_end)


def count_comments(number: int) -> None:
    """Note how many comments the current request holds."""
    g.comments = number


def _begin() -> None:
    given = request.headers.get(HEADER, "")
    g.request_id = given if _SAFE_ID.fullmatch(given) else uuid.uuid4().hex
    g.started = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers[HEADER] = g.request_id
    said = {
        "request_id": g.request_id,
        "method": request.method,
        "path": quote(request.path, safe="/{}:@-._~")[:_LONGEST_PATH],
        "status": response.status_code,
        "comments": g.get("comments", 0),
    }
    when_sent(response, partial(_log_line, said, g.started))
    return response


def _log_line(said: dict[str, Any], started: float) -> None:
    taken = {"milliseconds": round((time.perf_counter() - started) * 1000, 1)}
    _log.info(_LINE, said | taken, extra=said | taken)
