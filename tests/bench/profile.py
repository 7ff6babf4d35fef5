"""Where the time of one request goes: the server's own account of it, and what HTTP adds.

Knows Server-Timing and the routes. What the stages are is known in `stages`.
"""

from __future__ import annotations

import http.client
import json
import time
from pathlib import Path

from tests.bench.comments import Comments
from tests.bench.figures import median
from tests.bench.peers import ANALYZE, PREDICT, RunningService, Share, undertone
from tests.bench.process import PeerError
from tests.bench.stages import STAGES

HTTP = "HTTP"
PARTS = (*STAGES, "rest", HTTP)
"""In the order of the table. The rest is what no stage is: batching, padding, Flask."""
TIMED = "tests.bench.servers.timed"

Profile = dict[str, dict[str, float]]
"""Milliseconds by row and part; `total` is what the client waited."""


def profile(share: Share, folder: Path, requests: int, size: int) -> Profile:
    """Return the median of each part over `requests`, each of `size` comments.

    Raises:
        PeerError: the server can't be started, or does not answer.
    """
    comments = Comments(seed=2)
    timed = undertone(TIMED)
    found: Profile = {}
    with timed.running(share, folder) as running:
        for route in (PREDICT, ANALYZE):
            # The first of them warm up.
            batches = comments.batches(route.name, requests + 1, size)
            parts = [_ask(running, route.path, route.body(texts)) for texts in batches][1:]
            found[route.name] = {name: median(one[name] for one in parts) or 0.0 for name in parts[0]}
    return found


def _ask(running: RunningService, path: str, body: object) -> dict[str, float]:
    """Return the milliseconds of each part of one request."""
    content = json.dumps(body).encode()
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    try:
        began = time.perf_counter()
        connection.request("POST", path, content, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        waited = (time.perf_counter() - began) * 1000
    except (OSError, http.client.HTTPException) as error:
        raise PeerError(f"no answer: {error}") from error
    finally:
        connection.close()
    if answer.status != 200:
        raise PeerError(f"status {answer.status}")
    parts = read_server_timing(answer.headers["Server-Timing"])
    return parts | {HTTP: waited - parts["total"], "total": waited}


def read_server_timing(header: str) -> dict[str, float]:
    """Return the milliseconds by name that a Server-Timing header holds."""
    pairs = (metric.strip().split(";dur=") for metric in header.split(","))
    return {name: float(milliseconds) for name, milliseconds in pairs}
