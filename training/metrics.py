"""Metrics: how good a labelling is, and how sure that figure is.

Knows labels and probabilities as arrays. Knows nothing of models or data sets.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from backend.bundle import LABELS, Estimate

Labels = npt.NDArray[np.int64]
Confusion = npt.NDArray[np.float64]


def confusion(true: Labels, predicted: Labels) -> Confusion:
    """Return (3, 3) counts, rows true, columns predicted."""
    return (
        np.bincount(true * len(LABELS) + predicted, minlength=len(LABELS) ** 2)
        .reshape(3, 3)
        .astype(float)
    )


def scores(counts: Confusion) -> dict[str, npt.NDArray[np.float64]]:
    """Return macro-F1, macro-recall and accuracy of confusion matrices (..., 3, 3), each (...)."""
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    true, predicted = counts.sum(-1), counts.sum(-2)
    f1 = 2 * hits / np.maximum(true + predicted, 1e-12)
    recall = hits / np.maximum(true, 1e-12)
    return {
        "macro_f1": f1.mean(-1),
        "macro_recall": recall.mean(-1),
        "accuracy": hits.sum(-1) / np.maximum(true.sum(-1), 1e-12),
    }


def estimate(true: Labels, predicted: Labels, resamples: int, seed: int) -> dict[str, Estimate]:
    """Return each metric with its 95 % percentile bootstrap interval (Efron 1979).

    Resampling rows with replacement is drawing the nine cells of the confusion matrix from a
    multinomial, which is what is done.
    """
    counts = confusion(true, predicted)
    n = int(counts.sum())
    drawn = np.random.default_rng(seed).multinomial(n, counts.ravel() / n, size=resamples)
    spread = scores(drawn.reshape(-1, 3, 3).astype(float))
    point = scores(counts)
    return {
        name: Estimate(
            value=round(float(point[name]), 4),
            low=round(float(np.quantile(spread[name], 0.025)), 4),
            high=round(float(np.quantile(spread[name], 0.975)), 4),
        )
        for name in point
    }


def calibration_error(probabilities: npt.NDArray[np.float32], true: Labels, bins: int = 15) -> float:
    """Return the expected calibration error of the top label (Guo et al. 2017), in [0, 1]."""
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == true
    which = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[which == b].mean() - right[which == b].mean()) * (which == b).mean()
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps))


def fit_temperature(logits: npt.NDArray[np.float32], true: Labels) -> float:
    """Return the temperature in [0.25, 4] with the least log loss (Guo et al. 2017)."""
    candidates = np.geomspace(0.25, 4, 161)
    losses = []
    for temperature in candidates:
        scaled = logits / temperature
        scaled = scaled - scaled.max(1, keepdims=True)
        log = scaled - np.log(np.exp(scaled).sum(1, keepdims=True))
        losses.append(-log[np.arange(len(true)), true].mean())
    return float(candidates[int(np.argmin(losses))])
