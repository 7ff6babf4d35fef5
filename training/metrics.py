"""Metrics: how good a labelling is, and how sure that figure is.

Knows labels and probabilities as arrays. Knows nothing of models or data sets.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import roc_auc_score

from backend.bundle import LABELS, Estimate

Labels = npt.NDArray[np.int64]
Confusion = npt.NDArray[np.float64]
Probabilities = npt.NDArray[np.float32]

_BINS = 15
_AUC_RESAMPLES = 100


def label_indices(labels: pd.Series[str]) -> Labels:
    """Return (n,) positions in `LABELS`."""
    return labels.map(LABELS.index).to_numpy(dtype=np.int64)


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


def by_class(counts: Confusion) -> dict[str, npt.NDArray[np.float64]]:
    """Return precision, recall and F1 of each label, of confusion matrices (..., 3, 3), each (...)."""
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    true, predicted = np.maximum(counts.sum(-1), 1e-12), np.maximum(counts.sum(-2), 1e-12)
    kinds = {
        "precision": hits / predicted,
        "recall": hits / true,
        "f1": 2 * hits / (true + predicted),
    }
    return {
        f"{label}_{kind}": values[..., index]
        for index, label in enumerate(LABELS)
        for kind, values in kinds.items()
    }


def estimate(
    true: Labels, predicted: Labels, resamples: int, seed: int, classes: bool = False
) -> dict[str, Estimate]:
    """Return each metric, those of each label too if `classes`, with its 95 % interval.

    The interval is that of the percentile bootstrap (Efron 1979). Resampling rows with replacement is
    drawing the nine cells of the confusion matrix from a multinomial, which is what is done.
    """
    counts = confusion(true, predicted)
    n = int(counts.sum())
    drawn = np.random.default_rng(seed).multinomial(n, counts.ravel() / n, size=resamples)
    resampled = drawn.reshape(-1, 3, 3).astype(float)
    point, spread = scores(counts), scores(resampled)
    if classes:
        point, spread = point | by_class(counts), spread | by_class(resampled)
    return {name: _interval(float(point[name]), spread[name]) for name in point}


def paired_difference(
    true: Labels, ours: Labels, theirs: Labels, resamples: int, seed: int
) -> Estimate:
    """Return how much higher the macro-F1 of `ours` is than of `theirs`, on the same rows (n,).

    The interval is that of the paired bootstrap (Efron & Tibshirani 1993, chapter 16): both labellings
    are judged on the same resample, drawn as counts of the 27 triples of true and predicted labels.
    """
    width = len(LABELS)
    triples = np.bincount((true * width + ours) * width + theirs, minlength=width**3)
    drawn = np.random.default_rng(seed).multinomial(len(true), triples / len(true), size=resamples)
    cells = np.concatenate([triples[None], drawn]).reshape(-1, width, width, width).astype(float)
    difference = scores(cells.sum(3))["macro_f1"] - scores(cells.sum(2))["macro_f1"]
    return _interval(float(difference[0]), difference[1:])


def area_under_curve(probabilities: Probabilities, true: Labels, seed: int) -> Estimate:
    """Return the mean over labels of the area under the ROC curve of each against the rest."""
    one_hot = np.eye(len(LABELS))[true]
    generator = np.random.default_rng(seed)
    found = [float(roc_auc_score(one_hot, probabilities))]
    while len(found) <= _AUC_RESAMPLES:
        rows = generator.integers(len(true), size=len(true))
        if len(set(true[rows])) == len(LABELS):
            found.append(float(roc_auc_score(one_hot[rows], probabilities[rows])))
    return _interval(found[0], np.array(found[1:]))


def calibration_error(
    probabilities: Probabilities, true: Labels, resamples: int = 100, seed: int = 0
) -> Estimate:
    """Return the expected calibration error of the top label (Guo et al. 2017), in [0, 1]."""
    confidence = probabilities.max(1).astype(float)
    gap = confidence - (probabilities.argmax(1) == true)
    which = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    by_bin = np.eye(_BINS)[which] * gap[:, None]
    n = len(true)
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples)
    spread = np.abs(drawn @ by_bin).sum(1) / n
    return _interval(float(np.abs(by_bin.sum(0)).sum() / n), spread)


def reliability(probabilities: Probabilities, true: Labels) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share that is right, rows) of each bin of confidence that has rows."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == true
    which = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return [
        (float(confidence[rows].mean()), float(right[rows].mean()), int(rows.sum()))
        for rows in (which == number for number in range(_BINS))
        if rows.any()
    ]


def _interval(value: float, spread: npt.NDArray[np.float64]) -> Estimate:
    low, high = np.quantile(spread, (0.025, 0.975))
    return Estimate(value=round(value, 4), low=round(float(low), 4), high=round(float(high), 4))


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
