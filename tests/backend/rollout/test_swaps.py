"""The champion changes while the server goes on: no request fails, none is answered by two models."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.bundle import CARD, MODEL
from tests.backend import tiny
from tests.backend.client import Client
from tests.backend.load import Load, metric, until, versions
from tests.backend.tiny import tiny_bundle
from tests.server import running_process

SWAPS = 50
WEIGHTS = {"1": 3.0, "2": 5.0}
COMMENTS = ["I love this, number " + str(number) for number in range(40)]


@pytest.fixture(scope="module")
def offered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a directory that offers version 1."""
    return tiny_bundle(tmp_path_factory.mktemp("offered") / "it", "1", WEIGHTS["1"]).directory


@pytest.fixture(scope="module")
def client(offered: Path) -> Iterator[Client]:
    """Yield a client of a server with two processes that look often."""
    with running_process(bundle=str(offered), workers="2", poll="0.05", cache_size="100") as (
        address,
        _,
    ):
        client = Client(address)
        until(lambda: versions(client) == ["1", "1"], "both processes serve")
        yield client


def test_fifty_swaps_under_load_fail_no_request_and_mix_no_answer(
    client: Client, offered: Path
) -> None:
    swapped = metric(client, "undertone_model_swaps_total")
    with Load(client, 4, COMMENTS) as load:
        for number in range(SWAPS):
            version = "12"[(number + 1) % 2]
            tiny_bundle(offered, version, WEIGHTS[version])
            until(lambda version=version: versions(client) == [version] * 2, f"swap {number}")

    assert load.failures == []
    assert {answer.status for answer in load.answers} == {200}
    found = {"1": set[float](), "2": set[float]()}
    for answer in load.answers:
        scores = {prediction["score"] for prediction in answer.json["predictions"]}
        assert len(scores) == 1, "two models in one answer"
        found[answer.json["model"]["version"]] |= scores
    assert len(found["1"]) == len(found["2"]) == 1, "a version's answer came from the other"
    assert found["1"] != found["2"]
    assert metric(client, "undertone_model_swaps_total") == swapped + 2 * SWAPS


def rewrite(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: tiny_bundle(path, "bad", change=tiny.gives_nan),
        lambda path: tiny_bundle(path, "bad", change=tiny.asks_for_gigabytes),
        lambda path: rewrite(path / MODEL, b"\0" * (path / MODEL).stat().st_size),
        lambda path: rewrite(path / CARD, b'{"files": {"../../etc/passwd": {}}}'),
        lambda path: rewrite(path / CARD, b"\0" * 2**21),
        lambda path: (path / MODEL).unlink(),
        lambda path: ((path / MODEL).unlink(), (path / MODEL).symlink_to("/etc/passwd")),
    ],
    ids=["NaN", "bomb", "another graph", "a card leads out", "a huge card", "half", "a link"],
)
def test_a_bundle_that_is_refused_leaves_the_old_one_serving(
    client: Client, offered: Path, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    tiny_bundle(offered, "1", WEIGHTS["1"])
    until(lambda: versions(client) == ["1", "1"], "version 1 is served")
    refused = metric(client, "undertone_model_refusals_total")
    before = client.post("/v1/predict", {"comments": COMMENTS}).json
    bad = tiny_bundle(tmp_path / "bad", "bad").directory
    spoil(bad)
    shutil.rmtree(offered)
    bad.rename(offered)

    until(lambda: metric(client, "undertone_model_refusals_total") > refused, "the refusal is counted")

    assert client.post("/v1/predict", {"comments": COMMENTS}).json == before
    assert versions(client) == ["1", "1"]
    tiny_bundle(offered, "2", WEIGHTS["2"])
    until(lambda: versions(client) == ["2", "2"], "the next good one is taken")
