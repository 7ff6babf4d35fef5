"""The real backend with its bundled champion, in a process of its own on a free port.

Knows how the server is started, when it is ready and how it is stopped. Knows nothing of what is
asked of it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 120


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def running_backend(**settings: str) -> Iterator[str]:
    """Start the backend, yield its address once it is ready, stop it at the end.

    `settings` are named as in `backend/settings.py`, for example `max_comments="10"`.

    Raises:
        RuntimeError: it ended or was not ready in time; holds what it said.
    """
    port = settings.pop("port", None) or str(free_port())
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {f"UNDERTONE_{name.upper()}": value for name, value in settings.items()}
    with tempfile.TemporaryFile("w+") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "backend"],
            cwd=ROOT,
            env=environment | {"UNDERTONE_PORT": port},
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            if not _becomes_ready(address, server):
                said.seek(0)
                raise RuntimeError(f"the backend did not become ready at {address}:\n{said.read()}")
            yield address
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)


def _becomes_ready(address: str, server: subprocess.Popen[bytes]) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/health/ready", timeout=10) as answer:
                if answer.status == 200:
                    return True
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.2)
    return False
