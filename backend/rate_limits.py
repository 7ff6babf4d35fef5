"""How much one client may ask in a minute, in requests and in comments.

Knows whom a request counts for (the token, else the address), where the counts are kept (in each
process, or in Redis for all of them; in each process again while Redis is away), and the header fields
that tell. Comments are counted once they are known: who has gone over waits for the next minute. Knows
nothing of what is asked. Routes that are open to everybody are not counted.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import time

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from flask_limiter import ApplicationLimit, Limiter, RateLimitExceeded, RequestLimit
from limits.errors import StorageError

from backend import access
from backend.errors import TooManyRequests
from backend.proxies import parse_address
from backend.refusals import may_refuse
from backend.settings import Settings

HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After")

# What a server that others can reach allows where no limit is set.
PUBLIC_RATE = 600
# A provider gives each of its customers as many IPv6 addresses as this prefix leaves.
_CUSTOMER = 64
# A Redis that doesn't answer within this is away.
_REDIS_SECONDS = 0.25

_EXTENSION = "undertone_limiter"

_log = logging.getLogger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Count the requests of each client of `app`, and refuse them past the limits of the settings."""
    requests = settings.rate_limit or (PUBLIC_RATE if settings.needs_token else None)
    limits = [
        *([_limit(requests, "requests")] if requests else ()),
        *([_limit(settings.comment_rate_limit, "comments")] if settings.comment_rate_limit else ()),
    ]
    if not limits:
        return
    limiter = Limiter(
        client,
        application_limits=list(limits),
        strategy="fixed-window",
        storage_uri=settings.redis or "memory://",
        storage_options=_redis_options() if settings.redis else {},
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        fail_on_first_breach=True,
        key_prefix="undertone",
    )
    limiter.request_filter(_is_open)
    # Before the limiter's own, so that it runs after that: what this request costs is then counted.
    app.after_request(_tell)
    limiter.init_app(app)
    app.extensions[_EXTENSION] = limiter
    app.register_error_handler(RateLimitExceeded, _refuse)
    may_refuse(app, 429)


def client() -> str:
    """Return whom the current request counts for.

    Every address of one customer's IPv6 network is one client: there are too many to count each.
    """
    token = access.asking()
    if token:
        return f"token:{token.name}"
    address = parse_address(request.remote_addr or "")
    if isinstance(address, ipaddress.IPv6Address):
        network = ipaddress.ip_network((address, _CUSTOMER), strict=False)
        return f"address:{network}"
    return f"address:{address}"


def _limit(amount: int, what: str) -> ApplicationLimit:
    if what == "requests":
        return ApplicationLimit(f"{amount}/minute", scope=what)
    return ApplicationLimit(
        f"{amount}/minute",
        scope=what,
        cost=lambda: max(1, g.get("comments", 0)),
        deduct_when=lambda response: g.get("comments", 0) > 0,
    )


def _redis_options() -> dict[str, str | int]:
    return {
        "wrap_exceptions": True,
        "socket_timeout": _REDIS_SECONDS,  # type: ignore[dict-item]
        "socket_connect_timeout": _REDIS_SECONDS,  # type: ignore[dict-item]
    }


def _is_open() -> bool:
    view = access.asked_view()
    return view is None or access.scope_of(view) is None


def _refuse(error: RateLimitExceeded) -> ResponseReturnValue:
    limit = error.limit
    problem = TooManyRequests(f"At most {limit.limit.amount:,} {limit.scope} a minute.")
    # The route may have a shape of its own for problems.
    return current_app.handle_user_exception(problem)


def _tell(response: Response) -> Response:
    """Add what is left of the limit that the client is nearest to."""
    limiter: Limiter = current_app.extensions[_EXTENSION]
    try:
        limits = limiter.current_limits
        if not limits:
            return response
        nearest = min(limits, key=_share_left)
        reset = max(0, math.ceil(nearest.window.reset_time - time.time()))
        remaining = max(0, nearest.remaining)
    except StorageError as error:
        _log.info("what is left of the limits is not known: %s", error.storage_error)
        return response
    response.headers["RateLimit-Limit"] = str(nearest.limit.amount)
    response.headers["RateLimit-Remaining"] = str(remaining)
    response.headers["RateLimit-Reset"] = str(reset)
    if response.status_code == TooManyRequests.status:
        response.headers["Retry-After"] = str(max(1, reset))
    return response


def _share_left(limit: RequestLimit) -> float:
    return 0 if limit.breached else limit.remaining / limit.limit.amount
