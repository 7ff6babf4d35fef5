from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, recall_score

from training.metrics import calibration_error, confusion, estimate, fit_temperature, scores

GENERATOR = np.random.default_rng(0)
TRUE = GENERATOR.integers(0, 3, 500)
PREDICTED = np.where(GENERATOR.random(500) < 0.7, TRUE, GENERATOR.integers(0, 3, 500))


def test_metrics_are_those_of_scikit_learn() -> None:
    found = scores(confusion(TRUE, PREDICTED))

    assert found["macro_f1"] == pytest.approx(f1_score(TRUE, PREDICTED, average="macro"))
    assert found["macro_recall"] == pytest.approx(recall_score(TRUE, PREDICTED, average="macro"))
    assert found["accuracy"] == pytest.approx(accuracy_score(TRUE, PREDICTED))


def test_intervals_are_those_of_resampling_rows() -> None:
    resampled = [
        f1_score(TRUE[rows], PREDICTED[rows], average="macro")
        for rows in np.random.default_rng(1).integers(0, 500, (500, 500))
    ]
    low, high = np.quantile(resampled, [0.025, 0.975])

    found = estimate(TRUE, PREDICTED, 2000, seed=2)["macro_f1"]

    assert found.low == pytest.approx(low, abs=0.012)
    assert found.high == pytest.approx(high, abs=0.012)
    assert found.low < found.value < found.high


def test_a_label_that_never_comes_up_counts_as_zero() -> None:
    found = scores(confusion(np.array([0, 1, 2]), np.array([0, 0, 0])))

    assert found["macro_recall"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(("confidence", "error"), [(0.7, 0.0), (0.9, 0.2)])
def test_calibration_error_is_confidence_less_accuracy(confidence: float, error: float) -> None:
    rest = (1 - confidence) / 2
    probabilities = np.tile(np.array([confidence, rest, rest], dtype=np.float32), (100, 1))
    true = np.array([0] * 70 + [1] * 30)

    assert calibration_error(probabilities, true) == pytest.approx(error, abs=1e-6)


def test_temperature_undoes_overconfidence() -> None:
    logits = GENERATOR.normal(size=(20_000, 3))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    true = np.array([GENERATOR.choice(3, p=row) for row in shares])

    assert fit_temperature((logits * 2).astype(np.float32), true) == pytest.approx(2, rel=0.05)
