"""The real backend with its bundled champion, in a process of its own on a free port.

Knows how the server is started, when it is ready and how it is stopped. Knows nothing of what is
asked of it.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 120

_COMMAND = [sys.executable, "-m", "backend"]


def free_port() -> int:
    """Return a port that nobody listens on now, below those that systems give away by themselves.

    Of those, another test's connection may have it by the time a server wants it.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as taken, suppress(OSError):
            taken.bind(("127.0.0.1", port))
            return port


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    """Let `server`, which stands for somebody else's, answer in a thread that ends with it."""
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def running_backend(**settings: str) -> Iterator[str]:
    """Start the backend, yield its address once it is ready, stop it at the end.

    `settings` are named as in `backend/settings.py`, for example `max_comments="10"`.

    Raises:
        RuntimeError: it was not ready in time, or a process of it had to be killed; holds what it said.
    """
    with running_process(**settings) as (address, _):
        yield address


@contextmanager
def running_process(
    *, may_be_killed: bool = False, log: Path | None = None, **settings: str
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Do as `running_backend`, and yield the process of the server too.

    With `may_be_killed`, processes of it may be killed before the end. What it says goes to `log`.
    """
    port = settings.pop("port", None) or str(free_port())
    address = f"http://127.0.0.1:{port}"
    with (
        log.open("w+") if log else tempfile.TemporaryFile("w+") as said,
        tempfile.TemporaryDirectory(prefix="undertone-state-") as state,
    ):
        server = subprocess.Popen(
            _COMMAND,
            cwd=ROOT,
            env=_environment({"state": state} | settings | {"port": port}),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _becomes_ready(address, server):
                said.seek(0)
                raise RuntimeError(f"the backend did not become ready at {address}:\n{said.read()}")
            yield address, server
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)
        said.seek(0)
        last_words = said.read()
        killed = " was sent SIG" in last_words and not may_be_killed
        if server.returncode != 0 or killed:
            raise RuntimeError(f"the backend did not end cleanly ({server.returncode}):\n{last_words}")


def refused_start(**settings: str) -> str:
    """Start the backend where it can't start, and return what it says on the way out.

    Raises:
        AssertionError: it ended as if all were well.
        subprocess.TimeoutExpired: it started after all.
    """
    with tempfile.TemporaryDirectory() as state:
        ended = subprocess.run(
            _COMMAND,
            cwd=ROOT,
            env=_environment({"port": str(free_port()), "state": state} | settings),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert ended.returncode != 0, ended
    return ended.stdout + ended.stderr


def _environment(settings: dict[str, str]) -> dict[str, str]:
    """Return this process's environment with `settings`, and none that a developer's shell may have."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("UNDERTONE_")}
    return own | {f"UNDERTONE_{name.upper()}": value for name, value in settings.items()}


def _becomes_ready(address: str, server: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=10) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.1)
    return False
