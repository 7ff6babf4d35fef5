"""A line to a server that is cut when so much has gone over it.

Knows bytes and their number, each way. Knows nothing of what they say.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PIECE = 2**16
# Closing sends a reset, as from a machine that has gone.
_ABRUPTLY = struct.pack("ii", 1, 0)


class Line:
    """Leads connections to the port `server`; once cut, nobody gets through until it is mended."""

    def __init__(self, server: int) -> None:
        self.sent = self.received = 0
        """Bytes that went to the server and came back, since the line was made or mended."""
        self._server = ("127.0.0.1", server)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._is_cut = False
        self._at: dict[str, int] = {}
        self._then: Callable[[], None] = self.cut

    def cut_at(
        self, *, sent: int = 0, received: int = 0, then: Callable[[], None] | None = None
    ) -> None:
        """Cut the line when so many bytes went to the server, or came back; or do `then` instead."""
        with self._lock:
            self._at = {"sent": sent} if sent else {"received": received}
            self._then = then or self.cut
            self.sent = self.received = 0

    def cut(self) -> None:
        """End every connection, and accept none that lasts."""
        with self._lock:
            self._is_cut = True
            connections, self._open = self._open, set()
        for connection in connections:
            _hang_up(connection)

    def mend(self) -> None:
        """Let everybody through from now on."""
        with self._lock:
            self._is_cut, self._at = False, {}
            self.sent = self.received = 0

    def lead(self, client: socket.socket) -> None:
        """Lead the connection of `client` to the server, until either ends it."""
        with client:
            try:
                server = socket.create_connection(self._server)
            except OSError:
                _hang_up(client)
                return
            with server:
                with self._lock:
                    self._open |= {client, server}
                    is_cut = self._is_cut
                if is_cut:
                    _hang_up(client)
                back = threading.Thread(
                    target=self._copy, args=(server, client, "received"), daemon=True
                )
                back.start()
                self._copy(client, server, "sent")
                back.join()
            with self._lock:
                self._open -= {client, server}

    def _copy(self, source: socket.socket, target: socket.socket, way: str) -> None:
        try:
            while piece := source.recv(_PIECE):
                self._count(way, len(piece))
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            # The line was cut, or one side has gone without a word: the other is to know.
            _hang_up(source)
            _hang_up(target)

    def _count(self, way: str, number: int) -> None:
        with self._lock:
            setattr(self, way, getattr(self, way) + number)
            reached = way in self._at and getattr(self, way) >= self._at[way]
            if reached:
                self._at = {}
        if reached:
            self._then()


@contextmanager
def line(server: int) -> Iterator[tuple[Line, int]]:
    """Yield a line to the port `server`, and the port at which it begins."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        made = Line(server)
        accepting = threading.Thread(target=_accept, args=(listening, made), daemon=True)
        accepting.start()
        yield made, listening.getsockname()[1]
        # Else the thread would accept once more after the socket is closed.
        listening.shutdown(socket.SHUT_RDWR)
        accepting.join()
        made.cut()


def _accept(listening: socket.socket, to: Line) -> None:
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        threading.Thread(target=to.lead, args=(client,), daemon=True).start()


def _hang_up(connection: socket.socket) -> None:
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPTLY)
        connection.shutdown(socket.SHUT_RDWR)
    # It has ended already.
    except OSError:
        return
