"""A server process: the worker that gathers heads in its event loop, with two things more.

Knows when a connection came, which may be long before a thread takes it up, and how to end so that
clients notice: who connects while requests are finished is turned away, not left waiting. Knows nothing
of what is asked.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from gunicorn.workers.gthread import TConn

from backend import connections, draining, memory
from backend.inference.deadline import ARRIVED

# How long connections without a request are kept open at the end, so that a next one can be refused.
_LAST_WORD_SECONDS = 2.0

Application = Callable[[dict[str, Any], Any], Any]


class Worker(connections.Worker):
    """Handles requests in threads; tells the application when each came."""

    def init_process(self) -> None:
        memory.give_back_freed()
        self._handled = threading.local()
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.wsgi: Application = self._with_arrival(self.wsgi)

    def _with_arrival(self, application: Application) -> Application:
        def handle(environ: dict[str, Any], start_response: Any) -> Any:
            def start(*arguments: Any) -> Any:
                if not self.alive:
                    # The connection is closed after this answer, and the client should know.
                    start_response.__self__.force_close()
                return start_response(*arguments)

            environ[ARRIVED] = self._handled.arrived
            return application(environ, start)

        return handle

    def enqueue_req(self, conn: TConn) -> None:
        conn.arrived = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        self._handled.arrived = conn.arrived
        return super().handle(conn)

    def handle_exit(self, sig: int, frame: Any) -> None:
        draining.begin()
        super().handle_exit(sig, frame)

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if self.alive:
            return
        # Otherwise the kernel would go on to accept for a socket that nobody serves any more.
        for listener in self.sockets:
            listener.close()
        for conn in self.keepalived_conns:
            conn.timeout = time.monotonic() + _LAST_WORD_SECONDS
