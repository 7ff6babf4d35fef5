"""The mean of scores and how sure of it one can be.

Knows statistics only: scores are numbers in [-1, 1].
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

_Z = 1.959964


def mean_interval(scores: npt.NDArray[np.float64]) -> tuple[float, float, float]:
    """Return the mean of `scores` (n >= 1) and the ends of its 95 % interval.

    The interval is the normal approximation on the scores with two pseudo-observations, one at -1 and
    one at 1, which is to means of bounded values what "add two successes and two failures" is to
    proportions (Agresti & Coull 1998, "Approximate is better than exact for interval estimation of
    binomial proportions"). One score, or many equal ones, so get an interval of honest width rather
    than none. The mean itself is the plain mean; -1 <= low <= mean <= high <= 1.
    """
    mean = float(scores.mean())
    widened = np.concatenate((scores, (-1.0, 1.0)))
    centre = float(widened.mean())
    half = _Z * float(widened.std()) / len(widened) ** 0.5
    return mean, max(-1.0, min(mean, centre - half)), min(1.0, max(mean, centre + half))
