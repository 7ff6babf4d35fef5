"""Whatever is sent at once, a server process takes no more memory than is said."""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.memory import most_bytes
from backend.settings import Settings
from tests.backend.client import Client
from tests.backend.load import processes
from tests.backend.tiny import tiny_bundle
from tests.server import running_backend

MIB = 2**20
SIZE = 2 * MIB
LIMITS = {"max_body_bytes": SIZE, "queue_bytes": 2 * SIZE, "max_comments": 1000, "cache_size": 1000}

HOSTILE = {
    "lists": b'{"comments": [' + b"[]," * (SIZE // 3 - 10) + b"[]]}",
    "objects": b'{"comments": [' + b"{}," * (SIZE // 3 - 10) + b"{}]}",
    "names": b"{" + b",".join(b'"%x":0' % n for n in range(10**6, 10**6 + SIZE // 11)) + b"}",
    "wide letters": json.dumps({"comments": ["x" * 1900 + "😂"] * 1000}, ensure_ascii=False).encode(),
    "one emoji": b'{"comments": ["' + b"x" * (SIZE - 100) + "😂".encode() + b'"]}',
    "short ones": json.dumps({"comments": [f"love {n}" for n in range(1000)]}).encode(),
    "long words": json.dumps({"comments": ["a b c d e " * 999 for _ in range(200)]}).encode(),
}


def most_so_far(process: int) -> int:
    """Return the most memory that `process` has had so far."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_the_bound_holds_under_everything_at_once(tmp_path: Path) -> None:
    bundle = tiny_bundle(tmp_path / "bundle", "1")
    bound = most_bytes(Settings(**LIMITS), bundle.card)
    limits = {name: str(value) for name, value in LIMITS.items()}
    with running_backend(bundle=str(bundle.directory), workers="1", **limits) as address:
        client = Client(address)
        (process,) = processes(client)
        with ThreadPoolExecutor(32) as pool:
            bodies = [body for body in HOSTILE.values() for _ in range(8)]
            answers = list(pool.map(lambda body: client.send("POST", "/v1/predict", body), bodies))

        assert {answer.status for answer in answers} <= {200, 422, 503}
        assert {answer.status for answer in answers} >= {200, 422}
        assert most_so_far(process) < bound, (
            f"{most_so_far(process) / MIB:.0f} of {bound / MIB:.0f} MiB"
        )
