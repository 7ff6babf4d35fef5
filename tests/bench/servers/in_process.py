"""Models without a server, in a process of their own: lists of comments in, seconds out, a line each.

Knows the champion and VADER as libraries. The seconds are those of labelling, not those of the pipe.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial

READY = "ready"


def onnxruntime(*, spinning: bool) -> Callable[[Sequence[str]], object]:
    """Return the champion in a loop."""
    from tests.bench.champion import Champion

    return Champion(int(os.environ["BENCH_THREADS"]), spinning=spinning).probabilities


def vader() -> Callable[[Sequence[str]], object]:
    """Return VADER's scores for one comment after the other."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    return lambda texts: [analyser.polarity_scores(text) for text in texts]


MODELS: dict[str, Callable[[], Callable[[Sequence[str]], object]]] = {
    "spinning": partial(onnxruntime, spinning=True),
    "sleeping": partial(onnxruntime, spinning=False),
    "vader": vader,
}


def main() -> None:
    """Label what each line of standard input holds, until its time is over or all is labelled."""
    label = MODELS[sys.argv[1]]()
    label(["Is this thing on?"])
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    for line in sys.stdin:
        asked = json.loads(line)
        taken: list[float] = []
        for texts in asked["batches"]:
            began = time.perf_counter()
            label(texts)
            taken.append(time.perf_counter() - began)
            if sum(taken) >= asked["seconds"]:
                break
        sys.stdout.write(json.dumps(taken) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
