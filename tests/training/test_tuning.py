"""Studies with a real Optuna storage, and remedies that leave alone what is scored."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import optuna
import pytest
from optuna.trial import Trial
from scipy import sparse

from tests.training.conftest import comments
from training.classical import by_fold
from training.imbalance import InapplicableError, Remedy
from training.metrics import label_indices
from training.params import Params
from training.tuning import Found, folds, sample, tune

METHODS = ["none", "class_weights", "oversample", "undersample", "smote", "adasyn", "smote_enn"]


class Recorder:
    """Takes what a study tells of its trials."""

    def __init__(self) -> None:
        self.trials: list[tuple[int, float | None]] = []

    def log_trial(self, number: int, params: object, value: float | None) -> None:
        self.trials.append((number, value))


def search(params: Params, storage: str, trials: int, told: Recorder, dies_at: int = 99) -> Found:
    """Look for the x in [0, 1] nearest to 0.3."""
    tuning = params.tuning.model_copy(update={"storage": storage})

    def score(trial: Trial) -> Iterator[float]:
        x = trial.suggest_float("x", 0, 1)
        if len(told.trials) >= dies_at:
            raise KeyboardInterrupt
        yield 1 - abs(x - 0.3)
        yield 1 - abs(x - 0.3)

    return tune(
        "search",
        params.model_copy(update={"tuning": tuning}),
        comments(50),
        trials,
        score,
        told,  # type: ignore[arg-type]
        "x",
    )


@pytest.mark.parametrize("storage", ["{}/studies.journal", "sqlite:///{}/studies.db"])
def test_a_study_that_was_killed_goes_on_with_the_trials_it_has(
    storage: str, params: Params, tmp_path: Path
) -> None:
    place, told = storage.format(tmp_path), Recorder()
    with pytest.raises(KeyboardInterrupt):
        search(params, place, 12, told, dies_at=5)

    found = search(params, place, 12, told)

    assert len(told.trials) == 12
    assert found.trials == 12
    assert found.values["x"] == pytest.approx(0.3, abs=0.2)
    again = Recorder()
    assert search(params, place, 12, again) == found
    assert again.trials == []


def test_a_hopeless_trial_is_given_up(params: Params, tmp_path: Path) -> None:
    told = Recorder()

    search(params, f"{tmp_path}/studies.journal", 20, told)

    pruned = [number for number, value in told.trials if value is None]
    assert pruned
    assert min(pruned) >= 4


def test_two_equal_searches_find_the_same(params: Params, tmp_path: Path) -> None:
    first, second = (
        search(params, f"{tmp_path}/{name}.journal", 8, Recorder()) for name in ("one", "two")
    )

    assert first == second


def test_other_rows_are_another_study(params: Params, tmp_path: Path) -> None:
    place = f"{tmp_path}/studies.db"
    search(params, f"sqlite:///{place}", 3, Recorder())
    search(params.model_copy(update={"seed": 1}), f"sqlite:///{place}", 3, Recorder())

    assert len(optuna.get_all_study_names(f"sqlite:///{place}")) == 2


def test_no_group_is_on_both_sides_of_a_fold() -> None:
    rows = comments(300).assign(group=[f"author {i % 40}" for i in range(300)])

    pairs = folds(rows, 3, seed=0)

    assert sorted(np.concatenate([scored for _, scored in pairs])) == list(range(300))
    for fit_on, scored in pairs:
        assert not set(rows["group"].iloc[fit_on]) & set(rows["group"].iloc[scored])


def test_a_sample_is_the_same_for_the_same_seed_and_never_too_large() -> None:
    rows = comments(100)

    assert sample(rows, 30, 1).tolist() == sample(rows, 30, 1).tolist()
    assert len(set(sample(rows, 30, 1))) == 30
    assert sample(rows, 500, 1).tolist() == list(range(100))


def uneven() -> tuple[sparse.csr_matrix, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    """Return a sparse matrix whose labels are 20, 60 and 120 times there."""
    generator = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [20, 60, 120])
    centres = np.eye(3, 30)[labels] * 1.5
    dense = np.where(generator.random((200, 30)) < 0.3, generator.random((200, 30)), 0) + centres
    return sparse.csr_matrix(dense.astype(np.float32)), labels


@pytest.mark.parametrize("method", METHODS)
def test_a_remedy_keeps_sparse_matrices_sparse_and_evens_the_labels_out(method: str) -> None:
    matrix, labels = uneven()

    found, true, weights = Remedy(method=method, neighbours=3).apply(matrix, labels, seed=0)

    assert sparse.issparse(found)
    assert found.shape[0] == len(true) == len(weights)
    weight = np.bincount(true, weights=weights)
    before = np.bincount(labels).max() / np.bincount(labels).min()
    assert (
        weight.max() / weight.min() == before
        if method == "none"
        else before > weight.max() / weight.min()
    )


def test_a_method_with_no_answer_to_nearly_even_labels_says_so() -> None:
    labels = np.array([0] * 100 + [1] * 100 + [2] * 101)
    matrix = np.random.default_rng(0).random((len(labels), 8)) + labels[:, None] * 5

    with pytest.raises(InapplicableError, match=r"adasyn can't be applied: .*"):
        Remedy(method="adasyn").apply(matrix, labels, seed=0)


def test_what_is_scored_is_never_resampled() -> None:
    matrix, labels = uneven()
    rows = comments(200).assign(label=np.array(["negative", "neutral", "positive"])[labels])
    pairs = folds(rows, 2, seed=0)
    scored: list[int] = []
    fitted: list[int] = []

    class Watcher:
        def fit(self, matrix: object, labels: object, sample_weight: object) -> None:
            fitted.append(len(labels))  # type: ignore[arg-type]

        def predict_proba(self, matrix: sparse.csr_matrix) -> object:
            scored.append(matrix.shape[0])
            return np.tile([1, 0, 0], (matrix.shape[0], 1))

    true = label_indices(rows["label"])
    list(by_fold(Watcher, matrix, true, pairs, Remedy(method="oversample"), seed=0))

    assert scored == [len(held_out) for _, held_out in pairs]
    assert all(grown > len(fit_on) for grown, (fit_on, _) in zip(fitted, pairs, strict=True))
