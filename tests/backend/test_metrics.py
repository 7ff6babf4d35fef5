"""The figures of several server processes add up, and tell nothing that a client wrote."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.mmap_dict import MmapedDict, mmap_key
from prometheus_client.parser import text_string_to_metric_families

from backend import metrics
from backend.metrics_directory import VARIABLE
from tests.backend.client import Client
from tests.backend.load import metric, processes, until, versions
from tests.backend.tiny import tiny_bundle
from tests.server import running_backend


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Yield a client of a server with two processes and a tiny champion."""
    bundle = tiny_bundle(tmp_path_factory.mktemp("bundle") / "it", "1").directory
    with running_backend(bundle=str(bundle), workers="2") as address:
        client = Client(address)
        until(lambda: versions(client) == ["1", "1"], "both processes serve")
        yield client


def test_what_is_shown_is_prometheus_format(two: Client) -> None:
    answer = two.get("/metrics")

    assert answer.media_type == "text/plain"
    names = {family.name for family in text_string_to_metric_families(answer.body.decode())}
    assert {"undertone_requests", "undertone_request_seconds", "undertone_memory_bytes"} <= names


def test_requests_and_labels_of_all_processes_are_counted(two: Client) -> None:
    asked = {"route": "/v1/predict", "method": "POST", "status": "200"}
    requests = metric(two, "undertone_requests_total", **asked)
    positive = metric(two, "undertone_labels_total", label="positive")
    timed = metric(two, "undertone_request_seconds_count", route="/v1/predict")

    for number in range(30):
        two.post("/v1/predict", {"comments": [f"I love it {number}", f"I hate it {number}"]})

    assert metric(two, "undertone_requests_total", **asked) == requests + 30
    assert metric(two, "undertone_labels_total", label="positive") == positive + 30
    assert metric(two, "undertone_request_seconds_count", route="/v1/predict") == timed + 30


def test_each_process_shows_its_memory_and_its_model(two: Client) -> None:
    both = processes(two)

    assert len(set(both)) == 2
    for process in both:
        until(
            lambda pid=str(process): metric(two, "undertone_memory_bytes", pid=pid) > 20 * 2**20,
            "its memory is shown",
        )
        assert metric(two, "undertone_model", pid=str(process), version="1") > 0


def test_what_was_predicted_before_comes_from_the_cache(two: Client) -> None:
    hits = metric(two, "undertone_cache_lookups_total", outcome="hit")

    answers = [two.post("/v1/predict", {"comments": ["Best video ever"] * 7}) for _ in range(9)]

    assert len({answer.body for answer in answers}) == 1
    # One comment a request, however often it is in there; at most once for each process it is new.
    assert metric(two, "undertone_cache_lookups_total", outcome="hit") >= hits + 7


def test_neither_a_path_nor_a_method_of_a_client_becomes_a_label(two: Client) -> None:
    two.get("/secret/path/of/mine")
    two.send("BREW", "/v1/predict")

    shown = two.get("/metrics").body.decode()

    assert "secret" not in shown
    assert "BREW" not in shown
    assert metric(two, "undertone_requests_total", route="(none)", status="404") == 1
    assert metric(two, "undertone_requests_total", method="(other)") == 1


def test_a_figure_of_another_part_is_asked_for_when_someone_looks() -> None:
    asked = []
    metrics.watch("backlog_records", "Records that wait.", lambda: asked.append(1) or len(asked))
    metrics.watch("broken", "A figure that can't be had.", lambda: 1 / 0)

    first, second = (metrics.exposition().decode() for _ in range(2))

    assert "\nundertone_backlog_records 1.0\n" in first
    assert "\nundertone_backlog_records 2.0\n" in second
    assert "undertone_broken" not in second


def test_a_process_that_has_just_made_its_file_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    made = tmp_path / "gauge_liveall_1.db"
    made.touch()
    content = MmapedDict(str(tmp_path / "other"))
    content.write_value(mmap_key("undertone_memory_bytes", "undertone_memory_bytes", [], [], ""), 7, 0)
    content.close()

    writer = threading.Timer(0.1, lambda: (tmp_path / "other").rename(made))
    writer.start()

    assert b'undertone_memory_bytes{pid="1"} 7.0' in metrics.exposition()
    writer.join()
