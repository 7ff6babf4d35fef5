"""Connections, and what slow and hostile clients can do with them: wait, but not in the way of others.

Knows gunicorn's threaded worker. There a thread takes up each connection as it opens and waits for its
request, so that as many idle clients as there are threads shut out everybody else. Here the worker's
event loop gathers the head of each request, and a thread takes it up when the head is whole. The body
and the answer then have a deadline too; what is left of a body that nobody read is discarded in the
loop again, so that the client still sees why. Knows nothing of what is asked.
"""

from __future__ import annotations

import errno
import json
import selectors
import socket
import time
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from gunicorn.http import errors as parsing
from gunicorn.http.unreader import SocketUnreader
from gunicorn.workers.gthread import TConn, ThreadWorker

_PIECE = 64 * 1024
_END_OF_HEAD = b"\r\n\r\n"
# Gunicorn would take 100 fields of 8 KiB, in each of a thousand connections.
_LONGEST_HEAD = 64 * 1024
_LINGER_SECONDS = 2.0
_LINGER_BYTES = 16 * 2**20
_TICK_SECONDS = 1.0

# What gunicorn's parser raises, where it is something else than a bad request.
_STATUSES: dict[type[Exception], HTTPStatus] = {
    parsing.LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    parsing.LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    parsing.ExpectationFailed: HTTPStatus.EXPECTATION_FAILED,
    parsing.UnsupportedTransferCoding: HTTPStatus.NOT_IMPLEMENTED,
}


class Connection(TConn):  # type: ignore[misc]
    """A client's connection, and what has come of the head of its next request."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.head = bytearray()
        self.discarded = 0

    def begin(self) -> None:
        """Let gunicorn's parser read the head, and after it what the socket brings."""
        self.init()
        if not isinstance(self.parser.unreader, _TimedReader):
            self.parser.unreader = _TimedReader(self.sock)
        self.parser.unreader.unread(bytes(self.head))
        self.head.clear()

    def refuse(self, status: HTTPStatus) -> None:
        """Say why the connection is about to be closed, as far as that can be said without waiting."""
        with suppress(OSError):
            self.sock.setblocking(False)
            self.sock.send(_problem(status))


class _TimedReader(SocketUnreader):  # type: ignore[misc]
    """Reads from a socket until a moment, after which it raises `TimeoutError`."""

    deadline = 0.0

    def chunk(self) -> bytes:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        patience = self.sock.gettimeout()
        self.sock.settimeout(left)
        try:
            return bytes(super().chunk())
        finally:
            self.sock.settimeout(patience)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Gunicorn's threaded worker, with heads gathered by its event loop."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.lingering: deque[Connection] = deque()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection. Where there are too many, the one that waits longest makes room."""
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        self.nr_conns += 1
        if self.nr_conns >= self.worker_connections and self.pending_conns:
            self._drop(self.pending_conns[0], self.pending_conns)
        self._gather(Connection(self.cfg, client, address, listener.getsockname()))

    def finish_request(self, conn: Connection, future: Future[bool]) -> None:
        """Keep the connection for another request, or end it."""
        if not (self.alive and not future.cancelled() and not future.exception() and future.result()):
            self._linger(conn)
            return
        conn.head.extend(conn.parser.unreader.take_buffered())
        if conn.head:
            self._gather(conn)
            return
        conn.set_timeout()
        self._wait(conn, self.keepalived_conns, self._read_next)

    def handle_request(self, req: Any, conn: Connection) -> bool:
        """Answer a request; its body and its answer have their deadlines."""
        patience = self.app.settings.body_timeout
        conn.parser.unreader.deadline = time.monotonic() + patience
        conn.sock.settimeout(patience)
        try:
            return bool(super().handle_request(req, conn))
        except TimeoutError:
            self.log.info("%s did not take its answer in %g s", conn.client[0], patience)
            return False

    def handle_error(self, req: Any, client: socket.socket, addr: Any, exc: Exception) -> None:
        """Answer what is no HTTP with a problem document, and log its kind but not what it holds."""
        status = _STATUSES.get(type(exc), HTTPStatus.BAD_REQUEST)
        if isinstance(exc, parsing.ParseException):
            self.log.info("%s sent what is no request: %s", addr[0], type(exc).__name__)
        else:
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            self.log.error("a request failed outside the application", exc_info=exc)
        with suppress(OSError):
            client.sendall(_problem(status))

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait for events, but not for longer than deadlines can wait to be looked at."""
        super().wait_for_and_dispatch_events(min(timeout, _TICK_SECONDS))

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Begin to end: what is in flight is finished, who has not asked yet is sent away."""
        super().handle_exit(sig, frame)
        self.method_queue.defer(self._send_away)

    def murder_pending(self) -> None:
        """Close the connections whose time is up, and say so where a request had begun."""
        now = time.monotonic()
        while self.pending_conns and self.pending_conns[0].timeout <= now:
            conn = self.pending_conns[0]
            if conn.head:
                conn.refuse(HTTPStatus.REQUEST_TIMEOUT)
            self._drop(conn, self.pending_conns)
        while self.lingering and self.lingering[0].timeout <= now:
            self._drop(self.lingering[0], self.lingering)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """Return whether the connection can be kept: not if the rest of a body is still to come."""
        if not keepalive:
            return False
        # Long enough for what has arrived; a thread waits for no more.
        soon = time.monotonic() + 0.05
        conn.parser.unreader.deadline = soon
        return bool(conn.parser.finish_body(deadline=soon))

    def _read_next(self, conn: Connection) -> None:
        self._forget(conn, self.keepalived_conns)
        self._gather(conn)

    def _gather(self, conn: Connection) -> None:
        """Wait in the event loop until the head of the next request is whole."""
        conn.timeout = time.monotonic() + self.app.settings.head_timeout
        if _END_OF_HEAD in conn.head:
            self._begin(conn)
        else:
            self._wait(conn, self.pending_conns, self._read_head)

    def _read_head(self, conn: Connection) -> None:
        piece = self._receive(conn, self.pending_conns)
        if not piece:
            return
        looked_at = max(0, len(conn.head) - len(_END_OF_HEAD))
        conn.head.extend(piece)
        end = conn.head.find(_END_OF_HEAD, looked_at)
        if (end if end >= 0 else len(conn.head)) > _LONGEST_HEAD:
            self._forget(conn, self.pending_conns)
            conn.refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            self._linger(conn)
        elif end >= 0:
            self._forget(conn, self.pending_conns)
            self._begin(conn)

    def _begin(self, conn: Connection) -> None:
        conn.sock.setblocking(True)
        conn.begin()
        self.enqueue_req(conn)

    def _linger(self, conn: Connection) -> None:
        """End a connection so that the client sees the answer: a reset would take it away."""
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        conn.timeout = time.monotonic() + _LINGER_SECONDS
        self._wait(conn, self.lingering, self._discard)

    def _discard(self, conn: Connection) -> None:
        conn.discarded += len(self._receive(conn, self.lingering))
        if conn.discarded > _LINGER_BYTES:
            self._drop(conn, self.lingering)

    def _receive(self, conn: Connection, waiting: deque[Connection]) -> bytes:
        """Return what has come; nothing if nothing has, or if the client has left and was dropped."""
        try:
            piece = bytes(conn.sock.recv(_PIECE))
        except (BlockingIOError, InterruptedError):
            return b""
        except OSError:
            piece = b""
        if not piece:
            self._drop(conn, waiting)
        return piece

    def _wait(
        self, conn: Connection, waiting: deque[Connection], readable: Callable[[Connection], None]
    ) -> None:
        conn.sock.setblocking(False)
        waiting.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(_unless_closed, readable, conn))

    def _forget(self, conn: Connection, waiting: deque[Connection]) -> None:
        waiting.remove(conn)
        self.poller.unregister(conn.sock)

    def _drop(self, conn: Connection, waiting: deque[Connection]) -> None:
        self._forget(conn, waiting)
        self._close(conn)

    def _close(self, conn: Connection) -> None:
        self.nr_conns -= 1
        conn.close()

    def _send_away(self) -> None:
        for waiting in (self.keepalived_conns, self.pending_conns):
            while waiting:
                if waiting[0].head:
                    waiting[0].refuse(HTTPStatus.SERVICE_UNAVAILABLE)
                self._drop(waiting[0], waiting)


def _unless_closed(
    readable: Callable[[Connection], None], conn: Connection, client: socket.socket
) -> None:
    """Go on with `conn`, unless an earlier event of the same round has closed it."""
    if client.fileno() >= 0:
        readable(conn)


def _problem(status: HTTPStatus) -> bytes:
    """Return a whole answer with the problem document for what never reached the application."""
    request_id = uuid.uuid4().hex
    body = json.dumps(
        {"type": "about:blank", "title": status.phrase, "status": status, "request_id": request_id}
    )
    return (
        f"HTTP/1.1 {status} {status.phrase}\r\nConnection: close\r\nX-Request-ID: {request_id}\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    ).encode("ascii")
