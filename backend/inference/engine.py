"""A request's way to its probabilities: what is known is looked up, the rest admitted and computed.

Knows the cache, the room, the scheduler and the order in which they are asked. Knows nothing of HTTP.
One engine serves a process for as long as it lives, whichever champions come and go.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from types import TracebackType

import numpy as np
import numpy.typing as npt

from backend.classifier import Classifier, Probabilities
from backend.errors import Overloaded
from backend.inference.admission import Room
from backend.inference.cache import Cache, key_of
from backend.inference.deadline import Deadline
from backend.inference.scheduler import Job, Scheduler

_LONGEST_WAIT = 60


class Engine:
    """Computes probabilities for many requests at once. Safe to use from several threads."""

    def __init__(self, scheduler: Scheduler, room: Room, cache: Cache) -> None:
        self.scheduler = scheduler
        self._room = room
        self._cache = cache

    def begin(self, classifier: Classifier, texts: Sequence[str], deadline: Deadline) -> Work:
        """Begin to compute the probabilities of `texts`; the result is used in a `with` block.

        Raises:
            Overloaded: there is no room for so many comments.
            DeadlineExceeded, ClientGone: beginning makes no sense any more.
        """
        deadline.check()
        self._room.hold(len(texts), self._full)
        read = classifier.read(texts)
        keys = [key_of(classifier.identity, text) for text in read]
        wanted = dict(zip(keys, read, strict=True))
        known = self._cache.get(list(wanted))
        missing = {key: text for key, text in wanted.items() if key not in known}
        job = Job(classifier, classifier.encode(list(missing.values())))
        if missing:
            self.scheduler.submit(job)
        return Work(self, keys, known, list(missing), job, deadline)

    def probe(self, classifier: Classifier, texts: Sequence[str], deadline: Deadline) -> Probabilities:
        """Return the probabilities of `texts`, computed now whatever is known and however many wait."""
        job = Job(classifier, classifier.encode(classifier.read(texts)))
        self.scheduler.submit(job)
        return job.result(deadline)

    def finish(self, computed: dict[bytes, bytes]) -> None:
        """Keep what was computed."""
        self._cache.put(computed)

    def _full(self) -> Overloaded:
        seconds = self._room.held / self.scheduler.rate if self.scheduler.rate else 1
        return Overloaded(
            f"{self._room.held:,} comments are worked on already, and {self._room.limit:,} may be.",
            min(_LONGEST_WAIT, max(1, math.ceil(seconds))),
        )


class Work:
    """What was begun for one request. Leaving the `with` block gives up what isn't done."""

    def __init__(
        self,
        engine: Engine,
        keys: Sequence[bytes],
        known: dict[bytes, bytes],
        missing: Sequence[bytes],
        job: Job,
        deadline: Deadline,
    ) -> None:
        self._engine, self._keys, self._known = engine, keys, known
        self._missing, self._job, self._deadline = missing, job, deadline

    def __enter__(self) -> Work:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._job.abandoned = True

    def result(self) -> Probabilities:
        """Wait for the probabilities of the texts, in the order given.

        Returns:
            (n, 3) float32, rows sum to 1.

        Raises:
            DeadlineExceeded, ClientGone: waiting makes no sense any more; nor is the rest computed.
            InferenceError: the model failed.
        """
        if self._missing:
            rows = self._job.result(self._deadline).astype("<f4")
            computed = {key: row.tobytes() for key, row in zip(self._missing, rows, strict=True)}
            self._engine.finish(computed)
            self._known |= computed
        return _matrix([self._known[key] for key in self._keys])


def _matrix(rows: Sequence[bytes]) -> npt.NDArray[np.float32]:
    return np.frombuffer(b"".join(rows), dtype="<f4").reshape(-1, 3).astype(np.float32, copy=False)
