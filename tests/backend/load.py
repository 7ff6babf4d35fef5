"""Clients that ask without a pause, and what a server says of itself while they do.

Knows the routes that tell: /v1/model and /metrics. Knows nothing of what a test is after.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from http.client import HTTPException

from tests.backend.client import Answer, Client
from tests.server import PATIENCE_SECONDS

_SAMPLE = re.compile(r"(\w+)(?:\{(.*)\})? (\S+)")


class Load:
    """Clients that post the same comments again and again, and what became of it."""

    def __init__(
        self, client: Client, clients: int, comments: Sequence[str], pause: float = 0.02
    ) -> None:
        self.answers: list[Answer] = []
        self.failures: list[Exception] = []
        self._client, self._comments, self._pause = client, list(comments), pause
        self._enough = threading.Event()
        self._threads = [threading.Thread(target=self._ask) for _ in range(clients)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        while not self._enough.is_set():
            try:
                self.answers.append(self._client.post("/v1/predict", {"comments": self._comments}))
            except (OSError, HTTPException) as error:
                self.failures.append(error)
            time.sleep(self._pause)


def until(holds: Callable[[], bool], what: str) -> None:
    """Wait until `holds` does.

    Raises:
        AssertionError: it did not in two minutes; names `what`.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


def versions(client: Client) -> list[str]:
    """Return the version that each server process serves."""
    return [each["version"] for each in client.get("/v1/model").json["serving"]]


def processes(client: Client) -> list[int]:
    """Return the server processes."""
    return [each["process"] for each in client.get("/v1/model").json["serving"]]


def metric(client: Client, name: str, **labels: str) -> float:
    """Return the sum of the samples called `name` that have `labels`."""
    wanted = {f'{label}="{value}"' for label, value in labels.items()}
    samples = _SAMPLE.findall(client.get("/metrics").body.decode())
    return sum(
        float(value)
        for found, its, value in samples
        if found == name and wanted <= set(re.findall(r'\w+="[^"]*"', its))
    )
