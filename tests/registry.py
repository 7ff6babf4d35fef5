"""A real MLflow server that keeps artifacts too, in a folder of its own on a free port.

Knows how it is started and ended. Knows nothing of what is registered with it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server import PATIENCE_SECONDS, free_port


@contextmanager
def running_registry(folder: Path) -> Iterator[str]:
    """Start the server with an empty registry in `folder`, yield its address, end it.

    Raises:
        RuntimeError: it does not answer in time.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (folder / "said").open("w") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
             "--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
             "--artifacts-destination", str(folder / "artifacts")],
            cwd=folder, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_for(f"{address}/health", server)
            yield address
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(PATIENCE_SECONDS)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"nothing answers at {address}")
