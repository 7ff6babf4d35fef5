"""How many comments bear each label, plainly and by their likes.

Knows labels, scores and likes. Knows nothing of texts or times.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backend.fields import LABELS, Label
from backend.schemas import Counts, Weights


def count(labels: Sequence[Label]) -> Counts:
    """Return how many of `labels` there are of each, and in all."""
    found = Counter(labels)
    return Counts(**{label: found[label] for label in LABELS}, total=len(labels))


def weigh(labels: Sequence[Label], scores: npt.NDArray[np.float64], likes: Sequence[int]) -> Weights:
    """Return the same with each comment weighing 1 + its likes: a like says "me too"."""
    weights = 1.0 + np.array(likes, dtype=np.float64)
    of_label = np.array(labels)
    return Weights(
        **{label: float(weights[of_label == label].sum()) for label in LABELS},
        total=float(weights.sum()),
        mean=max(-1.0, min(1.0, float(np.average(scores, weights=weights)))),
    )
