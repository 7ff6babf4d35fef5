"""A fleet of real backends as processes of this machine, behind a front that spreads connections.

Knows what an image is here: settings of a server, and whether the front leads to it. Knows nothing of
rollouts.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from release.fleet import FleetError, Server
from tests.server import PATIENCE_SECONDS, ROOT, free_port


@dataclass(frozen=True)
class Image:
    """What servers are started from: their command, their settings, whether the front leads to them."""

    settings: Mapping[str, str]
    command: Sequence[str] = (sys.executable, "-m", "backend")
    routed: bool = True


@dataclass
class Processes:
    """The fleet; `folder` is for what servers keep and say."""

    folder: Path
    images: dict[str, Image]
    settled: list[str] = field(default_factory=list)
    _trials: list[Server] = field(default_factory=list)
    _processes: dict[Server, subprocess.Popen[bytes]] = field(default_factory=dict)

    def servers(self) -> list[Server]:
        return [each for each in self._processes if each not in self._trials]

    def runs(self, server: Server) -> bool:
        return self._processes[server].poll() is None

    def trial(self, image: str) -> Server:
        server = self._start(image)
        self._trials.append(server)
        return server

    def start(self, image: str, number: int) -> list[Server]:
        return [self._start(image) for _ in range(number)]

    def _start(self, image: str) -> Server:
        if image not in self.images:
            raise FleetError(f"there is no image {image}")
        port = free_port()
        server = Server(f"server {port}", image, f"http://127.0.0.1:{port}")
        settings = {
            "port": str(port),
            "state": str(self.folder / str(port)),
            "workers": "1",
            "poll": "0",
        }
        environment = os.environ | {
            f"UNDERTONE_{name.upper()}": value
            for name, value in (settings | dict(self.images[image].settings)).items()
        }
        with self._log(server).open("w") as said:
            self._processes[server] = subprocess.Popen(
                self.images[image].command,
                cwd=ROOT,
                env=environment,
                stdout=said,
                stderr=subprocess.STDOUT,
            )
        return server

    def stop(self, servers: Sequence[Server]) -> None:
        for server in servers:
            self._processes[server].terminate()
        for server in servers:
            self._processes.pop(server).wait(PATIENCE_SECONDS)

    def last_words(self, server: Server) -> str:
        return self._log(server).read_text(encoding="utf-8")

    def _log(self, server: Server) -> Path:
        return self.folder / f"{server.name}.log"

    def settle(self, image: str) -> None:
        self.settled.append(image)

    def routed(self) -> list[tuple[str, int]]:
        """Return where the front may lead."""
        return [
            ("127.0.0.1", int(server.address.rsplit(":", 1)[1]))
            for server in self.servers()
            if self.runs(server) and self.images[server.image].routed
        ]


@contextmanager
def front(fleet: Processes) -> Iterator[str]:
    """Yield the address of a front that leads each connection to one of the servers that take it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, fleet), daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        # Else the thread would accept once more after the socket is closed.
        listening.shutdown(socket.SHUT_RDWR)


def _accept(listening: socket.socket, fleet: Processes) -> None:
    number = 0
    while True:
        try:
            client, _ = listening.accept()
        except OSError:
            return
        number += 1
        threading.Thread(target=_serve, args=(client, fleet, number), daemon=True).start()


def _serve(client: socket.socket, fleet: Processes, number: int) -> None:
    with client:
        servers = fleet.routed()
        for turn in range(len(servers)):
            try:
                server = socket.create_connection(servers[(number + turn) % len(servers)])
            except OSError:
                # It does not listen yet, or no longer.
                continue
            with server:
                back = threading.Thread(target=_copy, args=(server, client), daemon=True)
                back.start()
                _copy(client, server)
                back.join()
            return


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while piece := source.recv(2**16):
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        # The other side has gone; the end of the connection says so to this one.
        return
