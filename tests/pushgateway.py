"""A real Pushgateway, which keeps what a job measured for Prometheus to ask for.

Knows how it is called on Debian and elsewhere, and when it is ready.
"""

from __future__ import annotations

import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from tests.backend.load import until
from tests.server import free_port

PROGRAM = shutil.which("prometheus-pushgateway") or shutil.which("pushgateway")
MISSING = "the Pushgateway is missing: apt-get install prometheus-pushgateway"


@contextmanager
def running_pushgateway() -> Iterator[str]:
    """Start one that keeps nothing on disk, yield its host and port, and stop it.

    Raises:
        FileNotFoundError: it is not installed.
    """
    if PROGRAM is None:
        raise FileNotFoundError(MISSING)
    address = f"127.0.0.1:{free_port()}"
    with subprocess.Popen(
        [PROGRAM, f"--web.listen-address={address}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            until(lambda: _is_ready(address), "the Pushgateway is ready")
            yield address
        finally:
            process.terminate()


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{address}/-/ready", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
