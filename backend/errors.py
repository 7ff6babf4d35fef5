"""What can go wrong with a request, and how the client is told.

Knows the exceptions, their HTTP status, and how to write each as `application/problem+json`
(RFC 9457). Knows nothing of the views that raise them. Internals never reach the client: whatever
is not in this tree is logged and answered with a bare 500.

    Problem                    500  something went wrong here
    ├── MalformedBody          400  the body is not JSON
    ├── UnknownToken           401  no token, or not one that is valid
    ├── MissingScope           403  the token doesn't allow this
    ├── SlowBody               408  the body takes too long to arrive
    ├── BodyTooLarge           413  the body is over the limit
    ├── UnsupportedBody        415  the body is not declared as plain JSON
    ├── UnknownHost            421  the request is addressed to another name
    ├── InvalidFields          422  the JSON is not what the route takes
    ├── TooManyRequests        429  the client has asked more than its share
    ├── ClientGone             499  nobody waits for the answer any more
    ├── HistoryOff             404  this server keeps no history
    ├── UnknownVideo           404  nothing is stored of the video, or of that analysis
    ├── HistoryUnavailable     503  the history can't be read or written now
    ├── NotReady               503  the champion doesn't answer
    └── Overloaded             503  there is no room for this now
        ├── DeadlineExceeded   503  it took longer than the setting allows
        └── ShuttingDown       503  this server is about to end
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, ClassVar

from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


class Problem(Exception):  # noqa: N818  the name RFC 9457 gives it
    """A failure with the HTTP status that it is answered with."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal server error"
    name: ClassVar[str] = "internal"

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail

    def members(self) -> dict[str, Any]:
        """Return the members of the problem document, `request_id` excepted."""
        known = {
            "type": f"urn:undertone:problem:{self.name}",
            "title": self.title,
            "status": self.status,
        }
        return known | ({"detail": self.detail} if self.detail else {})

    def headers(self) -> dict[str, str]:
        """Return the header fields that this failure's answer has beside those of any answer."""
        return {}


class MalformedBody(Problem):
    """The body is not JSON."""

    status, title, name = 400, "The body is not valid JSON", "malformed-body"


class UnknownToken(Problem):
    """There is no token, or none that is valid; `fault` says so in RFC 6750's way."""

    status, title, name = 401, "A token is needed", "unknown-token"

    def __init__(self, detail: str, fault: str = "") -> None:
        super().__init__(detail)
        self.fault = fault

    def headers(self) -> dict[str, str]:
        return {"WWW-Authenticate": f'Bearer realm="undertone"{self.fault}'}


class MissingScope(Problem):
    """The token is valid, but doesn't allow this."""

    status, title, name = 403, "The token does not allow this", "missing-scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs a token with the scope {scope}.")
        self.scope = scope

    def members(self) -> dict[str, Any]:
        return super().members() | {"scope": self.scope}

    def headers(self) -> dict[str, str]:
        fault = f'error="insufficient_scope", scope="{self.scope}"'
        return {"WWW-Authenticate": f'Bearer realm="undertone", {fault}'}


class SlowBody(Problem):
    """The body takes longer to arrive than the setting allows."""

    status, title, name = 408, "The body arrives too slowly", "slow-body"


class BodyTooLarge(Problem):
    """The body has more bytes than `limit`."""

    status, title, name = 413, "The body is too large", "body-too-large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body may have at most {limit:,} bytes ({limit / 2**20:g} MiB).")
        self.limit = limit

    def members(self) -> dict[str, Any]:
        return super().members() | {
            "errors": [{"field": "body", "message": self.detail, "limit": self.limit}]
        }


class UnsupportedBody(Problem):
    """The body is not declared as plain JSON."""

    status, title, name = 415, "The body must be application/json", "unsupported-body"


class UnknownHost(Problem):
    """The request is addressed to a name that this server doesn't answer to."""

    status, title, name = 421, "This server has another name", "unknown-host"


class InvalidFields(Problem):
    """The JSON is not what the route takes; `errors` names every field that is wrong."""

    status, title, name = 422, "Some fields are not valid", "invalid-fields"

    def __init__(self, detail: str, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__(detail)
        self.errors = list(errors)

    def members(self) -> dict[str, Any]:
        return super().members() | {"errors": self.errors}


class TooManyRequests(Problem):
    """The client has asked more than its share."""

    status, title, name = 429, "Too many requests", "too-many-requests"


class NotReady(Problem):
    """The champion doesn't answer."""

    status, title, name = 503, "Not ready", "not-ready"


class HistoryOff(Problem):
    """The server keeps no history."""

    status, title, name = 404, "There is no history", "history-off"


class UnknownVideo(Problem):
    """Nothing is stored of the video, or of that analysis of it."""

    status, title, name = 404, "Nothing is stored of this", "unknown-video"


class HistoryUnavailable(Problem):
    """The history can't be read or written now."""

    status, title, name = 503, "The history is not available now", "history-unavailable"


class ClientGone(Problem):
    """Nobody waits for the answer any more; the status is for the log alone."""

    status, title, name = 499, "The client closed the connection", "client-gone"


class Overloaded(Problem):
    """There is no room for this now; `retry_after` says in how many seconds there may be."""

    status, title, name = 503, "The server is busy", "overloaded"

    def __init__(self, detail: str, retry_after: int = 1) -> None:
        super().__init__(detail)
        self.retry_after = retry_after

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


class DeadlineExceeded(Overloaded):
    """The answer took longer than the setting allows; what was left to compute is not computed."""

    title, name = "The answer took too long", "deadline-exceeded"


class ShuttingDown(Overloaded):
    """What this server has begun is finished, and nothing new is taken."""

    title, name = "The server is shutting down", "shutting-down"


def init_app(app: Flask) -> None:
    """Answer every failure of `app` with a problem document."""
    app.register_error_handler(Problem, render)
    app.register_error_handler(HTTPException, _render_http)
    app.register_error_handler(Exception, _render_unexpected)


def render(problem: Problem) -> Response:
    """Return the answer that tells the client of `problem`."""
    g.problem = problem.name
    response = _document(problem.members())
    response.headers.update(problem.headers())
    return response


def document(error: Exception) -> dict[str, Any]:
    """Return the problem document of `error`, and log it if nobody foresaw it."""
    if not isinstance(error, Problem):
        log_unexpected(error)
        error = Problem()
    g.problem = error.name
    return error.members() | {"request_id": g.get("request_id")}


def _render_http(error: HTTPException) -> AnyResponse:
    if error.code is None or error.code < 400:
        return error.get_response()
    status = HTTPStatus(error.code)
    response = _document(
        {"type": "about:blank", "title": status.phrase, "status": status.value}
        | ({"detail": error.description} if error.description and status < 500 else {})
    )
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers[name] = value
    return response


def log_unexpected(error: Exception) -> None:
    """Log what nobody foresaw; the client is told no more than that it happened."""
    _log.error("request %s failed", g.get("request_id"), exc_info=error)


def _render_unexpected(error: Exception) -> Response:
    log_unexpected(error)
    return render(Problem())


def _document(members: dict[str, Any]) -> Response:
    body = json.dumps(members | {"request_id": g.get("request_id")}, ensure_ascii=False)
    return Response(body, status=members["status"], content_type=MEDIA_TYPE)
