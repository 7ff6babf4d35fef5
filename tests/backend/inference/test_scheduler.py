"""Whose comments go together, and in which order; the model is real, but tiny."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from backend.bundle import Bundle
from backend.classifier import Classifier, Encoded, Probabilities
from backend.errors import DeadlineExceeded
from backend.inference.deadline import Deadline
from backend.inference.scheduler import InferenceError, Job, Scheduler
from tests.backend.tiny import tiny_bundle

BATCH = 4
WORDS = ["love", "hate", "camera", "I love this", "what a waste of time", "best"]


class Watched(Classifier):
    """A classifier that notes every batch and can be made to wait, or to fail."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__(bundle)
        self.batches: list[list[Encoded]] = []
        self.may_run = threading.Event()
        self.began = threading.Event()
        self.failing = False

    def run(self, batch: Sequence[Encoded]) -> Probabilities:
        self.batches.append(list(batch))
        self.began.set()
        assert self.may_run.wait(30)
        if self.failing:
            raise RuntimeError("out of order")
        return super().run(batch)


@pytest.fixture
def model(tmp_path: Path) -> Watched:
    """Return a model that waits until it may run."""
    return Watched(tiny_bundle(tmp_path / "bundle", "1"))


@pytest.fixture
def scheduler(model: Watched) -> Iterator[Scheduler]:
    """Yield a scheduler of batches of four."""
    scheduler = Scheduler(BATCH)
    yield scheduler
    model.may_run.set()
    scheduler.stop()


def job(model: Classifier, texts: Sequence[str]) -> Job:
    """Return a job of `texts`."""
    return Job(model, model.encode(model.read(texts)))


def submit(scheduler: Scheduler, model: Classifier, texts: Sequence[str]) -> Job:
    """Submit a job of `texts` and return it."""
    submitted = job(model, texts)
    scheduler.submit(submitted)
    return submitted


def test_rows_come_in_the_order_given_whatever_their_lengths(
    scheduler: Scheduler, model: Watched
) -> None:
    model.may_run.set()
    texts = WORDS * 5

    rows = submit(scheduler, model, texts).result(Deadline())

    expected = np.concatenate([Classifier.probabilities(model, [text]) for text in texts])
    np.testing.assert_allclose(rows, expected, atol=1e-6)


def test_small_jobs_that_wait_go_together_and_each_gets_its_own(
    scheduler: Scheduler, model: Watched
) -> None:
    first = submit(scheduler, model, ["camera"])
    assert model.began.wait(30)
    jobs = [submit(scheduler, model, [word]) for word in ("love", "hate", "best", "awful")]

    model.may_run.set()
    labels = [each.result(Deadline()).argmax() for each in (first, *jobs)]

    assert [len(batch) for batch in model.batches] == [1, 4]
    assert labels == [1, 2, 0, 2, 0]


def test_a_long_comment_is_not_padded_onto_short_ones(scheduler: Scheduler, model: Watched) -> None:
    submit(scheduler, model, ["camera"])
    assert model.began.wait(30)
    short = [submit(scheduler, model, ["love"]), submit(scheduler, model, ["hate"])]
    long = submit(scheduler, model, ["and so on and so forth " * 10])

    model.may_run.set()
    for each in (*short, long):
        each.result(Deadline())

    assert [len(batch) for batch in model.batches] == [1, 2, 1]


def test_between_batches_of_a_large_job_small_ones_have_their_turn(
    scheduler: Scheduler, model: Watched
) -> None:
    large = submit(scheduler, model, [f"love {number}" for number in range(5 * BATCH)])
    assert model.began.wait(30)
    small = [submit(scheduler, model, ["hate"] * BATCH) for _ in range(2)]

    model.may_run.set()
    for each in (*small, large):
        each.result(Deadline())

    hate = model.encode(["hate"])[0]
    order = ["small" if hate in batch else "large" for batch in model.batches]
    assert order == ["large", "small", "large", "small", "large", "large", "large"]


def test_two_threads_run_batches_of_one_job_at_the_same_time(model: Watched) -> None:
    scheduler = Scheduler(BATCH, threads=2)
    both = threading.Barrier(3, timeout=30)
    run = model.run

    def meet(batch: Sequence[Encoded]) -> Probabilities:
        both.wait()
        return run(batch)

    model.run = meet  # type: ignore[method-assign]
    model.may_run.set()
    texts = [f"love {number}" for number in range(2 * BATCH)]

    large = submit(scheduler, model, texts)
    both.wait()

    expected = Classifier.run(model, model.encode(model.read(texts)))
    np.testing.assert_allclose(large.result(Deadline()), expected, atol=1e-6)
    scheduler.stop()


def test_what_nobody_waits_for_is_not_computed(scheduler: Scheduler, model: Watched) -> None:
    large = submit(scheduler, model, ["love"] * 10 * BATCH)
    assert model.began.wait(30)

    with pytest.raises(DeadlineExceeded):
        large.result(Deadline(at=0))
    model.may_run.set()
    submit(scheduler, model, ["hate"]).result(Deadline())

    assert [len(batch) for batch in model.batches] == [BATCH, 1]


def test_jobs_of_two_models_never_share_a_batch(
    scheduler: Scheduler, model: Watched, tmp_path: Path
) -> None:
    other = Watched(tiny_bundle(tmp_path / "other", "2", weight=5.0))
    other.may_run.set()
    submit(scheduler, model, ["camera"])
    assert model.began.wait(30)
    jobs = [submit(scheduler, which, ["love"]) for which in (model, other, model, other)]

    model.may_run.set()
    rows = [each.result(Deadline()) for each in jobs]

    assert [len(batch) for batch in model.batches] == [1, 2]
    assert [len(batch) for batch in other.batches] == [2]
    assert rows[0].tolist() == rows[2].tolist() != rows[1].tolist()


def test_a_batch_that_fails_fails_alone(scheduler: Scheduler, model: Watched) -> None:
    model.may_run.set()
    model.failing = True
    with pytest.raises(InferenceError) as failure:
        submit(scheduler, model, ["love"]).result(Deadline())
    assert isinstance(failure.value.__cause__, RuntimeError)

    model.failing = False
    assert submit(scheduler, model, ["love"]).result(Deadline()).argmax() == 2


def test_nothing_can_be_submitted_after_the_end(model: Watched) -> None:
    scheduler = Scheduler(BATCH)
    scheduler.stop()

    with pytest.raises(InferenceError, match="has stopped"):
        submit(scheduler, model, ["love"])
