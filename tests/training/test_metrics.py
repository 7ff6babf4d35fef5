from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import (
    accuracy_score,
    f1_score,
    precision_recall_fscore_support,
    recall_score,
    roc_auc_score,
)

from training.metrics import (
    area_under_curve,
    by_class,
    calibration_error,
    confusion,
    estimate,
    fit_temperature,
    paired_difference,
    reliability,
    scores,
)

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

    found = calibration_error(probabilities, true)

    assert found.value == pytest.approx(error, abs=1e-4)
    assert found.low <= found.high


def test_temperature_undoes_overconfidence() -> None:
    logits = GENERATOR.normal(size=(20_000, 3))
    shares = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    true = np.array([GENERATOR.choice(3, p=row) for row in shares])

    assert fit_temperature((logits * 2).astype(np.float32), true) == pytest.approx(2, rel=0.05)


def test_metrics_of_each_label_are_those_of_scikit_learn() -> None:
    found = by_class(confusion(TRUE, PREDICTED))
    precision, recall, f1, _ = precision_recall_fscore_support(TRUE, PREDICTED)

    for index, label in enumerate(("negative", "neutral", "positive")):
        assert found[f"{label}_precision"] == pytest.approx(precision[index])
        assert found[f"{label}_recall"] == pytest.approx(recall[index])
        assert found[f"{label}_f1"] == pytest.approx(f1[index])


def test_the_area_under_the_curve_is_that_of_scikit_learn() -> None:
    probabilities = GENERATOR.dirichlet([1, 1, 1], 500).astype(np.float32)
    probabilities = (probabilities + 0.3 * np.eye(3)[TRUE]).astype(np.float32)

    found = area_under_curve(probabilities, TRUE, seed=0)

    expected = roc_auc_score(
        TRUE, probabilities / probabilities.sum(1, keepdims=True), multi_class="ovr"
    )
    assert found.value == pytest.approx(expected, abs=1e-3)
    assert found.low < found.value < found.high


def test_a_difference_is_judged_on_the_same_resamples() -> None:
    better = np.where(GENERATOR.random(500) < 0.5, TRUE, PREDICTED)

    found = paired_difference(TRUE, better, PREDICTED, 1000, seed=0)

    macro_f1 = [float(scores(confusion(TRUE, labels))["macro_f1"]) for labels in (better, PREDICTED)]
    assert found.value == pytest.approx(macro_f1[0] - macro_f1[1], abs=1e-4)
    assert 0 < found.low < found.value < found.high


def test_equals_do_not_differ() -> None:
    found = paired_difference(TRUE, PREDICTED, PREDICTED, 100, seed=0)

    assert (found.low, found.value, found.high) == (0, 0, 0)


def test_reliability_counts_every_row_once() -> None:
    probabilities = GENERATOR.dirichlet([1, 1, 1], 500).astype(np.float32)

    assert sum(rows for _, _, rows in reliability(probabilities, TRUE)) == 500
