"""The bench measures what it says: its arithmetic, how peers come and go, its stopwatch."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.backend.client import Client
from tests.bench import table
from tests.bench.aims import Aim, aims
from tests.bench.champion import Champion
from tests.bench.comments import Comments
from tests.bench.figures import Measurement, Reading, Round, failures, percentile, ratio, reading
from tests.bench.load import Answer, Run
from tests.bench.peers import ANALYZE, PREDICT, VADER, Service, Share
from tests.bench.plan import Cell, Plan
from tests.bench.process import PeerError, started
from tests.bench.profile import profile
from tests.bench.rounds import measure
from tests.bench.stages import Stopwatch, union
from tests.server import running_backend

SHARE = Share(processes=1, threads=1)


def measured(**cells: float) -> Measurement:
    """Return a measurement with these comments/s, by cell."""
    return Measurement(
        ready_seconds=1.5,
        memory_bytes=400_000_000,
        largest_process_bytes=300_000_000,
        cells={
            name.lstrip("_"): Reading(rate, 0.010, 0.020, requests=100, failed=0, client_share=0.05)
            for name, rate in cells.items()
        },
        first_byte_seconds=0.5,
    )


class TestFigures:
    @pytest.mark.parametrize(
        ("values", "percent", "expected"),
        [(range(1, 101), 50, 50), (range(1, 101), 99, 99), ([3, 1, 2], 50, 2), ([7], 99, 7)],
    )
    def test_percentiles_are_values_that_were_there(
        self, values: list[float], percent: float, expected: float
    ) -> None:
        assert percentile(list(values), percent) == expected

    def test_only_what_was_answered_counts(self) -> None:
        answers = [Answer(200, 0.1, 0.2), Answer(200, 0.1, 0.4), Answer(503, 0.0, 0.001)]

        found = reading(Run(answers, seconds=4, client_seconds=1), size=32)

        assert found == Reading(
            comments_per_second=16, p50=0.2, p99=0.4, requests=3, failed=1, client_share=0.25
        )

    def test_nothing_answered_is_no_speed(self) -> None:
        found = reading(Run([Answer(0, 1, 1)], seconds=1), size=1)

        assert (found.comments_per_second, found.p50, found.failed) == (0, None, 1)

    def test_ratios_are_taken_within_a_round(self) -> None:
        # The second round was slow for all. The ratio of medians would be 1.5.
        rounds: list[Round] = [
            {"a": measured(_500x1=300), "b": measured(_500x1=100)},
            {"a": measured(_500x1=30), "b": measured(_500x1=10)},
            {"a": measured(_500x1=150), "b": measured(_500x1=200)},
            {"a": measured(_500x1=900)},
            {"a": measured(_500x1=900), "b": measured(_500x1=0)},
        ]

        assert ratio(rounds, "a", "b", "500x1") == 3
        assert ratio(rounds, "a", "c", "500x1") is None

    def test_failures_are_summed_over_cells_and_rounds(self) -> None:
        failing = measured(_1x1=1, _1x64=1)
        failing.cells["1x64"] = Reading(1, 1, 1, requests=9, failed=4, client_share=0)

        assert failures([{"a": failing, "b": measured(_1x1=1)}, {"a": failing}]) == {"a": 8}


class TestAims:
    @pytest.mark.parametrize(
        ("value", "at_least", "verdict"),
        [
            (0.9, True, "met"),
            (0.899, True, "not met"),
            (0.899, False, "met"),
            (0.9, False, "not met"),
            (None, True, "not measured"),
            (None, False, "not measured"),
        ],
    )
    def test_a_bound_is_kept_or_not(self, value: float | None, at_least: bool, verdict: str) -> None:
        assert Aim("x", value, 0.9, at_least, "s").verdict == verdict

    def test_the_fastest_loop_and_each_peer_count(self) -> None:
        rounds: list[Round] = [
            {
                "predict": measured(_500x1=180, _5000x1=200, _1x64=300),
                "analyze": measured(_500x1=1),
                "loop": measured(_500x1=100, _5000x1=200),
                "faster loop": measured(_500x1=300, _5000x1=100),
                "slow": measured(_1x64=100),
                "fast": measured(_1x64=200),
            }
        ]

        found = list(
            aims(rounds, "predict", "analyze", ["loop", "faster loop"], ["slow", "fast", "away"])
        )

        assert [(aim.value, aim.verdict) for aim in found] == [
            (0.6, "not met"),
            (1, "met"),
            (3, "met"),
            (1.5, "not met"),
            (None, "not measured"),
            (0.5, "met"),
            (1.5, "met"),
            (300, "met"),
        ]


class TestTable:
    ROUNDS: tuple[Round, ...] = (
        {"fast": measured(_1x1=12_345.6, _500x1=99.99)},
        {"fast": measured(_1x1=12_345.6, _500x1=4.321)},
        {"fast": measured(_1x1=1, _500x1=0.5)},
    )

    def test_shows_medians_and_a_dash_for_what_was_not_measured(self) -> None:
        _, _, fast, away = table.throughput(self.ROUNDS, ["fast", "away"]).splitlines()

        assert [cell.strip() for cell in fast.split("|")[1:-1]] == [
            "fast", "12,346", "-", "4.32", "-", "-", "-"
        ]  # fmt: skip
        assert [cell.strip() for cell in away.split("|")[1:-1]] == ["away", *"------"]

    def test_shows_milliseconds_seconds_and_megabytes(self) -> None:
        *_, fast = table.latency(self.ROUNDS, ["fast"]).splitlines()

        assert [cell.strip() for cell in fast.split("|")[1:-1]] == [
            "fast", "10.0 / 20.0", "-", "-", "1.50", "400"
        ]  # fmt: skip

    def test_lines_are_of_one_width(self) -> None:
        lines = table.throughput(self.ROUNDS, ["fast", "a name that is longer than that"]).splitlines()

        assert len({len(line) for line in lines}) == 1


class TestComments:
    def test_none_comes_twice(self) -> None:
        comments = Comments(seed=1)
        first = comments.batches("a", 300, 10)
        comments.forget()
        texts = [text for batch in first + comments.batches("a", 300, 10) for text in batch]

        assert len(set(texts)) == len(texts) == 6000

    def test_who_names_the_same_purpose_gets_the_same(self) -> None:
        comments = Comments(seed=1)

        assert comments.batches("a", 2, 3) is comments.batches("a", 2, 3)
        assert comments.batches("a", 2, 3) == Comments(seed=1).batches("b", 2, 3)


def _plan(seconds: float) -> Plan:
    cell = Cell(size=32, clients=1, seconds=0, requests=1)
    return Plan(rounds=2, seconds=seconds, cells=(cell,), first_bytes=())


class TestPeers:
    def test_a_process_ends_with_all_that_it_started(self) -> None:
        child = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"

        def has_started_another(process: Any) -> bool:
            return bool(psutil.Process(process.pid).children())

        with started([sys.executable, "-c", child], {}, has_started_another) as peer:
            tree = [psutil.Process(peer.process.pid), *psutil.Process(peer.process.pid).children()]
            memory = peer.memory()

        assert len(memory) == 2
        assert all(taken > 1_000_000 for taken in memory)
        assert not any(process.is_running() for process in tree)

    def test_what_ends_at_once_says_why(self) -> None:
        command = [sys.executable, "-c", "import sys; sys.exit('no such model')"]

        with pytest.raises(PeerError, match="no such model"), started(command, {}, lambda _: False):
            pytest.fail("it is not ready")

    def test_one_that_is_not_installed_is_reported_and_the_others_are_measured(
        self, tmp_path: Path
    ) -> None:
        away = Service("away", (PREDICT,), lambda *_: [str(tmp_path / "no-python")])

        results = measure([away, VADER], SHARE, _plan(seconds=60), tmp_path, lambda _: None)

        assert list(results.unavailable) == ["away"]
        assert "No such file" in results.unavailable["away"]
        assert [list(one) for one in results.rounds] == [["VADER in a loop"]] * 2
        assert results.rounds[0]["VADER in a loop"].cells["32x1"].comments_per_second > 0

    def test_nothing_is_started_when_the_time_is_over(self, tmp_path: Path) -> None:
        results = measure([VADER], SHARE, _plan(seconds=0), tmp_path, pytest.fail)

        assert results.out_of_time
        assert results.rounds == [{}]

    def test_the_champion_alone_says_what_undertone_says(self) -> None:
        texts = [text for batch in Comments(seed=3).batches("a", 1, 10) for text in batch]
        # One by one: what a quantised model makes of a text depends a little on what it is run with.
        champion = Champion(threads=1, spinning=False)
        with running_backend() as address:
            served = [
                Client(address).post("/v1/predict", {"comments": [text]}).json["predictions"][0]
                for text in texts
            ]

        for text, prediction in zip(texts, served, strict=True):
            (alone,) = champion.label([text])
            assert alone["label"] == prediction["label"]
            assert alone["probabilities"] == pytest.approx(prediction["probabilities"], abs=1e-4)


class TestProfile:
    def test_a_stage_does_not_count_what_a_stage_inside_it_takes(self) -> None:
        moments = iter([0.0, 1.0, 4.0, 10.0])
        stopwatch = Stopwatch(clock=lambda: next(moments))
        inner = stopwatch.timed("model", lambda: None)
        stopwatch.timed("analyse", inner)()

        taken = stopwatch.seconds()

        assert (taken["model"], taken["analyse"], taken["parse"]) == (3, 7, 0)
        assert stopwatch.covered() == 10

    def test_a_stage_in_two_threads_at_once_takes_no_more_than_the_time_that_passes(self) -> None:
        moments = iter([0.0, 1.0, 5.0, 6.0])
        stopwatch = Stopwatch(clock=lambda: next(moments))
        may_end = threading.Event()
        other = threading.Thread(target=stopwatch.timed("model", may_end.wait))

        other.start()
        stopwatch.timed("model", lambda: None)()
        may_end.set()
        other.join()

        assert stopwatch.seconds()["model"] == 6

    def test_what_runs_side_by_side_covers_the_time_once(self) -> None:
        assert union([(5, 6), (0, 2), (1, 3), (1.5, 1.6)]) == 4

    def test_the_real_server_names_every_stage(self, tmp_path: Path) -> None:
        found = profile(SHARE, tmp_path / "state", requests=1, size=20)

        for name, without in ((PREDICT.name, {"analyse"}), (ANALYZE.name, set())):
            parts = found[name]
            assert {part for part, taken in parts.items() if taken <= 0} == without, parts
            assert max(parts, key=lambda part: parts[part]) == "total"
