"""Classical: what the three classical candidates have in common: search, fit, keep.

Knows studies, folds, resampling and where a fitted classifier is kept. Knows nothing of any one
family; each gives its space and builds its estimator.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import joblib
import numpy as np
import pandas as pd
from optuna.trial import Trial

from training import features
from training.imbalance import Remedy, Weights
from training.metrics import Labels, confusion, label_indices, scores
from training.params import FeatureKind, Params
from training.paths import MODELS, PREPARED
from training.stage import aside
from training.tracking import Run, tracked
from training.tune_imbalance import REMEDY
from training.tuning import Fold, folds, sample, tune


class Classifier(Protocol):
    """What scikit-learn, LightGBM and XGBoost agree on."""

    def fit(self, matrix: Any, labels: Labels, sample_weight: Weights) -> Any:
        """Fit on (n, features) and (n,)."""

    def predict_proba(self, matrix: Any) -> Any:
        """Return (n, 3)."""


Build = Callable[[Mapping[str, Any], int], Classifier]


class Search(Protocol):
    """The settings that every classical candidate has."""

    @property
    def features(self) -> FeatureKind:
        """The kind of features it learns from."""

    @property
    def trials(self) -> int:
        """How many trials."""

    @property
    def rows(self) -> int:
        """On how many rows."""

    def model_dump(self, *, exclude: set[str]) -> dict[str, Any]:
        """Return the settings but for those named."""


def macro_f1(true: Labels, probabilities: Any) -> float:
    """Return the macro-F1 of the likeliest labels of (n, 3) probabilities."""
    return float(scores(confusion(true, np.asarray(probabilities).argmax(1)))["macro_f1"])


def by_fold(
    classifier: Callable[[], Classifier],
    matrix: Any,
    labels: Labels,
    pairs: list[Fold],
    remedy: Remedy,
    seed: int,
) -> Iterator[float]:
    """Yield the macro-F1 on each fold of a classifier fitted, after `remedy`, on the others."""
    for fit_on, score_on in pairs:
        fitted = classifier()
        rows, true, weights = remedy.apply(matrix[fit_on], labels[fit_on], seed)
        fitted.fit(rows, true, sample_weight=weights)
        yield macro_f1(labels[score_on], fitted.predict_proba(matrix[score_on]))


def train(
    name: str,
    params: Params,
    settings: Search,
    suggest: Callable[[Trial], Mapping[str, Any]],
    build: Build,
) -> None:
    """Search on a sample of the training rows, fit the best on all, keep it and its figures."""
    with tracked(f"train_{name}", params) as run:
        rows = pd.read_parquet(PREPARED / "train.parquet")
        matrix, labels = features.load(settings.features, "train"), label_indices(rows["label"])
        remedy = Remedy.model_validate_json(REMEDY.read_text(encoding="utf-8"))
        values, figures = _search(
            name, params, settings, suggest, build, rows, matrix, labels, remedy, run
        )
        fitted = build(values, params.seed)
        resampled, true, weights = remedy.apply(matrix, labels, params.seed)
        fitted.fit(resampled, true, sample_weight=weights)
        validation = label_indices(pd.read_parquet(PREPARED / "validation.parquet")["label"])
        held_out = features.load(settings.features, "validation")
        figures["validation_macro_f1"] = macro_f1(validation, fitted.predict_proba(held_out))
        keep(name, {"features": settings.features, "classifier": fitted}, figures, values)
        run.log_metrics(figures)
        run.log_params({"best": values, "remedy": remedy.model_dump()})


def _search(
    name: str,
    params: Params,
    settings: Search,
    suggest: Callable[[Trial], Mapping[str, Any]],
    build: Build,
    rows: pd.DataFrame,
    matrix: Any,
    labels: Labels,
    remedy: Remedy,
    run: Run,
) -> tuple[Mapping[str, Any], dict[str, float]]:
    chosen = sample(rows, settings.rows, params.seed)
    part, part_matrix, part_labels = rows.iloc[chosen], matrix[chosen], labels[chosen]
    pairs = folds(part, params.tuning.folds, params.seed)

    def score(trial: Trial) -> Iterator[float]:
        values = suggest(trial)
        return by_fold(
            lambda: build(values, params.seed), part_matrix, part_labels, pairs, remedy, params.seed
        )

    space = (settings.model_dump(exclude={"trials"}), remedy, matrix.shape)
    found = tune(f"train_{name}", params, part, settings.trials, score, run, space)
    return found.values, {"folds_macro_f1": found.macro_f1, "trials": found.trials}


def keep(
    name: str, model: Mapping[str, Any], figures: Mapping[str, float], values: Mapping[str, Any]
) -> None:
    """Write `models/<name>.joblib`, `.json` (figures) and `.best.json` (what the search found)."""
    with aside(MODELS / f"{name}.joblib") as path:
        joblib.dump(dict(model), path)
    for suffix, content in (("json", figures), ("best.json", values)):
        with aside(MODELS / f"{name}.{suffix}") as path:
            path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
