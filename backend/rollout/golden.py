"""What any champion must get right before it is served: obvious comments, and sane probabilities.

Knows a small fixed set of sentences with their labels. It tells a working model from a broken one, not
a good one from a better: that is training's part.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

from backend.bundle import LABELS, ModelError
from backend.classifier import Classifier, Probabilities

_SET = Path(__file__).with_name("golden.json")
_ODD = ("", "😂" * 500, "x" * 10_000, "नमस्ते", "\ud800\x00")
_TOLERANCE = 1e-3


def check(classifier: Classifier) -> None:
    """Make sure that `classifier` can be served.

    Raises:
        ModelError: says what it got wrong.
    """
    sentences, labels, least = _golden()
    found = classifier.probabilities([*sentences, *_ODD])
    _are_probabilities(found)
    named = [LABELS[column] for column in found[: len(sentences)].argmax(axis=1)]
    right = sum(name == label for name, label in zip(named, labels, strict=True))
    if right < least:
        raise ModelError(f"it labels {right} of {len(labels)} obvious comments as people do")
    alone = np.concatenate([classifier.probabilities([sentence]) for sentence in sentences])
    if not np.allclose(alone, found[: len(sentences)], atol=_TOLERANCE):
        raise ModelError("a comment's probabilities depend on which others are in its batch")


def _are_probabilities(found: Probabilities) -> None:
    if found.min() < 0 or not np.allclose(found.sum(axis=1), 1, atol=_TOLERANCE):
        raise ModelError("its probabilities are negative or do not sum to 1")


@cache
def _golden() -> tuple[tuple[str, ...], tuple[str, ...], int]:
    """Return the sentences, their labels, and how many must be right: some are matters of taste."""
    golden = json.loads(_SET.read_text(encoding="utf-8"))
    rows = golden["comments"]
    texts, labels = (tuple(row[key] for row in rows) for key in ("text", "label"))
    return texts, labels, golden["least_right"]
