"""How long the work for one request may take, and whether anybody still waits for its result.

Knows a moment of the monotonic clock and how a closed connection looks from this side. Knows nothing
of what the work is.
"""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass

from flask import Flask, g, has_request_context, request

from backend import errors
from backend.settings import Settings

# Where `backend.worker` leaves the moment at which a request came, which may have waited for a thread.
ARRIVED = "undertone.arrived"
_SOCKET = "gunicorn.socket"
_FOR_EVER = float("inf")


@dataclass(frozen=True)
class Deadline:
    """The moment after which a result is of no use, and the connection that it would go to."""

    at: float = _FOR_EVER
    connection: socket.socket | None = None

    @property
    def remaining(self) -> float:
        """Seconds until the moment, negative after it."""
        return self.at - time.monotonic()

    def check(self) -> None:
        """Make sure that going on makes sense.

        Raises:
            DeadlineExceeded: the time is up.
            ClientGone: the client has closed the connection.
        """
        if self.remaining <= 0:
            raise errors.DeadlineExceeded("The time that this server gives a request is up.")
        if self.connection is not None and _is_closed(self.connection):
            raise errors.ClientGone("Nobody waits for the answer.")


def init_app(app: Flask, settings: Settings) -> None:
    """Give every request of `app` as many seconds as the setting allows."""

    def begin() -> None:
        arrived = request.environ.get(ARRIVED) or time.monotonic()
        g.deadline = Deadline(arrived + settings.deadline, request.environ.get(_SOCKET))

    app.before_request(begin)


def current() -> Deadline:
    """Return the deadline of the current request; outside of one there is none."""
    found = g.get("deadline") if has_request_context() else None
    return found if isinstance(found, Deadline) else Deadline()


def _is_closed(connection: socket.socket) -> bool:
    """Return whether the other side has sent its last byte.

    HTTP has no use for a client that sends no more but still listens, so one that has closed half of
    the connection counts as gone. Bytes of a next request, sent ahead, do not.
    """
    try:
        readable = select.poll()
        readable.register(connection, select.POLLIN)
        if not readable.poll(0):
            return False
        return connection.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
    except BlockingIOError:
        return False
    except (OSError, ValueError):
        return True
