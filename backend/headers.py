"""Headers that tell a browser to trust an answer with as little as it needs.

Knows the policy for answers of the API and for pages, and when a browser should ask by HTTPS only.
Knows nothing of what they say.
"""

from __future__ import annotations

from flask import Flask, Response, request

_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DATA = "default-src 'none'; frame-ancestors 'none'"
_NO_DEVICES = ", ".join(
    f"{device}=()"
    for device in ("camera", "display-capture", "geolocation", "microphone", "payment", "usb")
)
_A_YEAR = "max-age=31536000"


def init_app(app: Flask) -> None:
    """Add the security headers to every answer of `app`."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    page = response.mimetype == "text/html"
    response.headers["Content-Security-Policy"] = _PAGE if page else _DATA
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    response.headers["Referrer-Policy"] = "no-referrer"
    # No page of another origin shares a process with an answer, or a window with a page. Reading by
    # CORS is not affected.
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = _NO_DEVICES
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = _A_YEAR
    response.headers.setdefault("Cache-Control", "no-store")
    return response
