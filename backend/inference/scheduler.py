"""Whose comments go through the model next, and together with whose.

Knows jobs, which are encoded comments of one request for one model, and batches. Knows nothing of
texts, HTTP or of what the model makes of them. A thread for each core runs one batch after the other,
on that core alone: cores that share a batch wait for each other at every product in the graph.
Meanwhile small jobs gather and go together in the next batch. Turns alternate between the job with the
fewest comments left, so that a small one never waits for all of a large one, and the oldest, so that a
large one is never put off for ever.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from backend import metrics
from backend.batching import MOST_TOKENS, TOKENS_OF_A_CALL, fitting
from backend.classifier import Classifier, Encoded, Probabilities
from backend.errors import Problem
from backend.inference.deadline import Deadline

# How often a waiting request looks whether its client is still there.
_LOOK_SECONDS = 0.25

_log = logging.getLogger(__name__)


class InferenceError(RuntimeError):
    """The model failed on a batch."""


class Job:
    """The encoded comments of one request, shortest first, and what is known of them."""

    def __init__(self, classifier: Classifier, items: Sequence[Encoded]) -> None:
        self.classifier = classifier
        self._order = sorted(range(len(items)), key=lambda index: len(items[index]))
        self._items = [items[index] for index in self._order]
        self._lengths = [len(item) for item in self._items]
        self._rows = np.empty((len(items), 3), dtype=np.float32)
        self._failure: Exception | None = None
        self._taken = 0
        self._done = 0
        self._filling = threading.Lock()
        self._finished = threading.Event()
        self.abandoned = False

    @property
    def left(self) -> int:
        """Comments that no batch has taken."""
        return len(self._items) - self._taken

    def peek(self, count: int) -> int:
        """Return how long the longest of the next `count` comments is, in tokens."""
        return self._lengths[self._taken + count - 1]

    def fitting(self, most: int) -> int:
        """Return how many of the next comments, at most `most`, are best run together."""
        return fitting(self._lengths[self._taken : self._taken + most], most)

    def take(self, count: int) -> Share:
        """Return the next `count` comments for a batch."""
        first = self._taken
        self._taken += count
        return Share(self, first, self._items[first : self._taken])

    def fill(self, first: int, rows: Probabilities) -> None:
        """Note the probabilities of the comments from `first` on."""
        self._rows[first : first + len(rows)] = rows
        with self._filling:
            self._done += len(rows)
            done = self._done == len(self._items)
        if done:
            self._finished.set()

    def fail(self, failure: Exception) -> None:
        """Note that the model failed on some of the comments; the rest is of no use."""
        self._failure, self.abandoned = failure, True
        self._finished.set()

    def result(self, deadline: Deadline) -> Probabilities:
        """Wait for the probabilities, in the order that the comments were given in.

        Raises:
            DeadlineExceeded, ClientGone: waiting makes no sense any more; nor is the rest computed.
            InferenceError: the model failed.
        """
        while not self._finished.wait(max(0.0, min(_LOOK_SECONDS, deadline.remaining))):
            try:
                deadline.check()
            except Problem:
                self.abandoned = True
                raise
        if self._failure is not None:
            raise InferenceError("the model failed on a batch") from self._failure
        ordered = np.empty_like(self._rows)
        ordered[self._order] = self._rows
        return ordered


@dataclass(frozen=True)
class Share:
    """The part of a job that goes into one batch: its comments from `first` on."""

    job: Job
    first: int
    items: Sequence[Encoded]


class Scheduler:
    """Runs jobs in batches of at most `batch_size` comments, in `threads` threads of its own."""

    def __init__(self, batch_size: int, threads: int = 1) -> None:
        self._batch_size = batch_size
        self._jobs: list[Job] = []
        self._turn_of_oldest = False
        self._wake = threading.Condition()
        self._stopping = False
        self.rate = 0.0
        """Comments a second that went through the model lately; 0 before the first."""
        self._threads = [
            threading.Thread(target=self._loop, name=f"inference {number}", daemon=True)
            for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, job: Job) -> None:
        """Let `job` have its turn.

        Raises:
            InferenceError: the scheduler has stopped.
        """
        with self._wake:
            if self._stopping:
                raise InferenceError("the scheduler has stopped")
            self._jobs.append(job)
            self._wake.notify_all()

    def stop(self) -> None:
        """Finish the batches in hand and end the threads; none may be inside the model at the end."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()
        for job in self._jobs:
            job.fail(InferenceError("the scheduler has stopped"))

    def _loop(self) -> None:
        while batch := self._next():
            try:
                self._run(batch)
            # Whatever the runtime raises concerns those whose comments are in the batch, nobody else.
            except Exception as error:
                _log.exception("the model failed on a batch")
                for share in batch:
                    share.job.fail(error)

    def _next(self) -> list[Share]:
        """Wait for jobs and return the next batch; an empty one says that there will be none."""
        with self._wake:
            while not self._stopping:
                if first := self._pick():
                    return self._gather(first)
                self._wake.wait()
        return []

    def _pick(self) -> Job | None:
        """Return the job whose turn it is; the oldest and the shortest have every other one."""
        self._jobs = [job for job in self._jobs if job.left and not job.abandoned]
        if not self._jobs:
            return None
        self._turn_of_oldest = not self._turn_of_oldest
        return self._jobs[0] if self._turn_of_oldest else min(self._jobs, key=lambda job: job.left)

    def _gather(self, first: Job) -> list[Share]:
        """Return a batch of what is left of `first`, and of whole other jobs that cost less with it."""
        count = first.fitting(self._batch_size)
        longest = first.peek(count)
        batch = [first.take(count)]
        for job in self._jobs:
            if job is first or job.classifier is not first.classifier:
                continue
            if count + job.left <= self._batch_size and _is_cheaper_together(count, longest, job):
                longest = max(longest, job.peek(job.left))
                count += job.left
                batch.append(job.take(job.left))
        return batch

    def _run(self, batch: Sequence[Share]) -> None:
        items = [item for share in batch for item in share.items]
        began = time.perf_counter()
        rows = batch[0].job.classifier.run(items)
        seconds = max(time.perf_counter() - began, 1e-9)
        rate = len(self._threads) * len(items) / seconds
        self.rate += 0.1 * (rate - self.rate) if self.rate else rate
        metrics.BATCH.observe(len(items))
        metrics.MODEL_SECONDS.observe(seconds)
        for share, first in zip(batch, _starts(batch), strict=True):
            share.job.fill(share.first, rows[first : first + len(share.items)])


def _is_cheaper_together(count: int, longest: int, job: Job) -> bool:
    """Return whether padding two batches to the longer one costs less than another call."""
    own = job.peek(job.left)
    apart = count * longest + job.left * own + TOKENS_OF_A_CALL
    together = (count + job.left) * max(longest, own)
    return together <= min(apart, MOST_TOKENS)


def _starts(batch: Sequence[Share]) -> Iterator[int]:
    start = 0
    for share in batch:
        yield start
        start += len(share.items)
