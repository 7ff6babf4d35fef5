"""A real server under load while its worker, its database or its disk fails.

In each: every request gets its answer, all that was accepted is stored, nothing is stored twice.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from backend.history.ledger import Counts, Ledger
from tests.backend.client import Client
from tests.backend.conftest import problem
from tests.backend.disks import filled, small_disk
from tests.backend.history.made_up import query, texts, until
from tests.server import running_process
from tests.services import Service

MIB = 2**20


class Load:
    """Threads that have comments labelled, each comment once, until the end of the block."""

    def __init__(self, client: Client, threads: int = 4) -> None:
        self._client = client
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=[n]) for n in range(threads)]
        self.asked: list[str] = []
        self.answered: list[str] = []
        self.refused: list[str] = []
        self.cut_off: list[str] = []

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def go_on(self, number: int) -> None:
        """Wait until so many more have been answered."""
        goal = len(self.answered) + number
        until(lambda: len(self.answered) >= goal)

    def _run(self, thread: int) -> None:
        number = 0
        while not self._ended.is_set():
            comment = f"comment {number} of thread {thread}"
            self.asked.append(comment)
            try:
                answer = self._client.post("/v1/predict", {"comments": [comment]})
            except (OSError, HTTPException):
                self.cut_off.append(comment)
            else:
                (self.answered if answer.status == 200 else self.refused).append(comment)
            number += 1
            # A load, not a benchmark: the machine is shared.
            time.sleep(0.01)


def workers(server: subprocess.Popen[bytes]) -> list[int]:
    """Return the process ids of the server's workers."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text(encoding="ascii")
    return [int(child) for child in children.split()]


@contextmanager
def running_with_casualties(**settings: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Do as `running_process`, which at the end finds fault with a server that had a worker killed."""
    try:
        with running_process(**settings) as running:
            yield running
    except RuntimeError as error:
        if "SIGKILL" not in str(error):
            raise


def counts(state: Path) -> Counts:
    """Return what the server's workers have counted."""
    ledger = Ledger(state)
    found = ledger.counts()
    ledger.close()
    return found


def test_a_worker_killed_under_load_loses_nothing(tmp_path: Path) -> None:
    url = URL.create("sqlite", database=str(tmp_path / "history.db"))
    with (
        running_with_casualties(state=str(tmp_path), workers="2") as (address, server),
        Load(Client(address)) as load,
    ):
        for _ in range(3):
            load.go_on(20)
            os.kill(workers(server)[0], signal.SIGKILL)
        load.go_on(20)

    stored = texts(url)
    assert load.refused == []
    assert len(load.answered) >= 80
    assert set(load.answered) <= set(stored) <= set(load.answered + load.cut_off)
    assert max(Counter(stored).values()) == 1
    assert not list((tmp_path / "spool").rglob("*.log"))


def test_a_database_that_is_away_and_comes_back_gets_everything(
    postgres: Service, postgres_url: URL, tmp_path: Path
) -> None:
    database = postgres_url.render_as_string(hide_password=False)
    with running_process(state=str(tmp_path), database=database, workers="2") as (address, _):
        client = Client(address)
        with Load(client) as load:
            load.go_on(20)
            postgres.stop(signal.SIGKILL)
            load.go_on(20)
            problem(client.get("/v1/videos"), 503)
            assert client.post("/v1/feedback", {"text": "away", "label": "neutral"}).status == 202
            postgres.start()
            load.go_on(20)
        until(lambda: counts(tmp_path).stored == len(load.answered) + 1)
        assert client.get("/v1/videos").status == 200

    assert sorted(load.answered) == sorted(load.asked)
    assert texts(postgres_url) == sorted(load.answered)
    assert query(postgres_url, "SELECT text FROM feedback") == [("away",)]


@contextmanager
def full_disk(folder: Path, processes: list[int]) -> Iterator[None]:
    """Leave `processes` no room to write to `folder`, and make some again at the end."""
    if os.path.ismount(folder):
        with filled(folder):
            yield
    else:
        for process in processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (10_000, resource.RLIM_INFINITY))
        yield
        for process in processes:
            unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.prlimit(process, resource.RLIMIT_FSIZE, unlimited)


@pytest.fixture(params=["disk", "limit"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """Yield a state directory that can be made to be full: as a disk is, or as a quota is."""
    if request.param == "limit":
        yield tmp_path
    else:
        with small_disk(tmp_path):
            yield tmp_path


def test_a_full_disk_fails_no_request_and_loses_nothing_that_was_accepted(state: Path) -> None:
    url = URL.create("sqlite", database=str(state / "history.db"))
    with running_process(state=str(state), workers="1", poll="0") as (address, server):
        client = Client(address)
        comment, feedback = "x" * 5000, {"text": "x" * 5000, "label": "neutral"}
        assert client.post("/v1/predict", {"comments": [f"before {comment}"]}).status == 200
        with full_disk(state, workers(server)):
            for n in range(10):
                predicted = client.post("/v1/predict", {"comments": [f"meanwhile {n} {comment}"]})
                assert predicted.status == 200
            problem(client.post("/v1/feedback", feedback), 503)
            declined = counts(state).declined
            assert declined > 0
        assert client.post("/v1/predict", {"comments": [f"after {comment}"]}).status == 200
        assert client.post("/v1/feedback", feedback).status == 202
        until(lambda: counts(state).stored == counts(state).accepted)
        after = counts(state)

    assert after.accepted + after.declined == 14
    assert after.declined == declined
    stored = texts(url)
    assert len(stored) + 1 == after.accepted
    assert len(set(stored)) == len(stored)
    assert {text.split()[0] for text in stored} >= {"before", "after"}
