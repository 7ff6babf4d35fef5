"""A stopwatch for the stages of a request.

Knows functions by module and name, and what each is a stage of. Knows nothing of what they do. A
stage's time is its own: what a stage inside it takes is not counted twice, nor is the time in which it
runs in several threads at once. Different stages that run side by side are each counted in full.
"""

from __future__ import annotations

import functools
import importlib
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

# In this order: a module is imported, and its names handed on, by those after it.
FUNCTIONS = (
    ("normalise", "backend.text", "normalise"),
    ("model", "onnxruntime", "InferenceSession.run"),
    ("language", "backend.language", "identify"),
    ("parse", "backend.body", "read_body"),
    ("answer", "backend.answer", "answer"),
    ("answer", "backend.labelling", "Labelling.predictions"),
    ("analyse", "backend.analysis", "analyse"),
    ("history", "backend.history", "keep_predictions"),
    ("history", "backend.history", "keep_analysis"),
)
# A type that takes no new attributes; what `from_file` returns is wrapped instead.
_TOKENIZER = ("tokenise", "tokenizers", "Tokenizer")
_ENCODERS = ("encode", "encode_batch", "encode_batch_fast")

STAGES = ("parse", "normalise", "tokenise", "model", "language", "analyse", "history", "answer")


class Stopwatch:
    """What each stage took since the last `reset`. Of one request at a time: threads share it."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._inside = threading.local()
        self.reset()

    def reset(self) -> None:
        """Begin anew."""
        self._own: dict[str, float] = defaultdict(float)
        self._spans: dict[str, list[tuple[float, float]]] = defaultdict(list)

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return `function`, its calls counted as `stage`."""

        @functools.wraps(function)
        def call(*arguments: Any, **named: Any) -> Any:
            # Seconds that stages inside this one take, by depth.
            nested = self._inside.__dict__.setdefault("seconds", [])
            nested.append(0.0)
            began = self._clock()
            try:
                return function(*arguments, **named)
            finally:
                ended = self._clock()
                self._own[stage] += ended - began - nested.pop()
                self._spans[stage].append((began, ended))
                if nested:
                    nested[-1] += ended - began

        return call

    def seconds(self) -> dict[str, float]:
        """Return the seconds of each stage; 0 for those that were not there."""
        return {
            stage: min(self._own.get(stage, 0.0), union(self._spans.get(stage, []))) for stage in STAGES
        }

    def covered(self) -> float:
        """Return the seconds in which any stage was at work."""
        return union(span for spans in self._spans.values() for span in spans)


def union(spans: Iterable[tuple[float, float]]) -> float:
    """Return how much of a line `spans`, from and to, cover together."""
    covered, reached = 0.0, float("-inf")
    for began, ended in sorted(spans):
        covered += max(0.0, ended - max(began, reached))
        reached = max(reached, ended)
    return covered


def install(stopwatch: Stopwatch) -> None:
    """Have `stopwatch` time the stages, in this process, of modules that are imported from now on.

    Raises:
        AttributeError, ModuleNotFoundError: a function has another name now; change `FUNCTIONS`.
    """
    stage, module, name = _TOKENIZER
    library = importlib.import_module(module)
    setattr(library, name, _tokenizer(stopwatch, stage, getattr(library, name)))
    for stage, module, name in FUNCTIONS:
        *path, last = name.split(".")
        owner = functools.reduce(getattr, path, importlib.import_module(module))
        setattr(owner, last, stopwatch.timed(stage, getattr(owner, last)))


def _tokenizer(stopwatch: Stopwatch, stage: str, real: Any) -> type:
    class TimedTokenizer:
        def __init__(self, tokenizer: Any) -> None:
            self._tokenizer = tokenizer
            for name in _ENCODERS:
                setattr(self, name, stopwatch.timed(stage, getattr(tokenizer, name)))

        @classmethod
        def from_file(cls, path: str) -> TimedTokenizer:
            return cls(real.from_file(path))

        def __getattr__(self, name: str) -> Any:
            return getattr(self._tokenizer, name)

    return TimedTokenizer
