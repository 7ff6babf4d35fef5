"""Tune imbalance: what to do about rare labels, judged on rows that nothing was done to.

Knows a space of remedies and a logistic regression to compare them with. Knows nothing of how a remedy
works; that is `imbalance`'s part. Vectoriser and resampling see the training folds only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from optuna import TrialPruned
from optuna.trial import Trial
from sklearn.linear_model import LogisticRegression

from training.features import Vocabulary, tokens_of, vectoriser
from training.imbalance import InapplicableError, Remedy
from training.metrics import confusion, label_indices, scores
from training.params import Params, TuneImbalance, read_params
from training.paths import PREPARED, TUNED
from training.stage import aside, run
from training.tracking import Run, tracked
from training.tune_features import VOCABULARY
from training.tuning import Found, folds, sample, tune

REMEDY = TUNED / "imbalance.json"
_BY_NEIGHBOURS = ("smote", "adasyn", "smote_enn")


def suggest(trial: Trial, settings: TuneImbalance) -> Remedy:
    """Return one remedy; neighbours are asked for only where they matter."""
    method = trial.suggest_categorical("method", settings.methods)
    if method not in _BY_NEIGHBOURS:
        return Remedy(method=method)
    bounds = settings.neighbours
    return Remedy(method=method, neighbours=trial.suggest_int("neighbours", bounds.low, bounds.high))


def search(params: Params, rows: pd.DataFrame, vocabulary: Vocabulary, tracking: Run) -> Found:
    """Return the remedy after which a logistic regression does best on untouched folds.

    A remedy that has no answer to these rows counts as a trial that was given up.
    """
    settings = params.tune_imbalance
    part = rows.iloc[sample(rows, settings.rows, params.seed)]
    tokens = np.array(tokens_of(part["text"]), dtype=object)
    labels = label_indices(part["label"])
    pairs = folds(part, params.tuning.folds, params.seed)
    matrices: list[tuple[Any, Any]] = []
    for fit_on, score_on in pairs:
        words = vectoriser(vocabulary).fit(tokens[fit_on])
        matrices.append((words.transform(tokens[fit_on]), words.transform(tokens[score_on])))

    def score(trial: Trial) -> Iterator[float]:
        remedy = suggest(trial, settings)
        for (fit_on, score_on), (fitted, scored) in zip(pairs, matrices, strict=True):
            try:
                resampled = remedy.apply(fitted, labels[fit_on], params.seed)
            except InapplicableError as error:
                raise TrialPruned(str(error)) from error
            model = LogisticRegression(max_iter=300).fit(*resampled)
            yield float(scores(confusion(labels[score_on], model.predict(scored)))["macro_f1"])

    space = (settings.model_dump(exclude={"trials"}), vocabulary)
    return tune("tune_imbalance", params, part, settings.trials, score, tracking, space)


def main() -> None:
    """Write the winner to `data/tuned/imbalance.json`."""
    params = read_params()
    vocabulary = Vocabulary.model_validate_json(VOCABULARY.read_text(encoding="utf-8"))
    with tracked("tune_imbalance", params) as tracking:
        found = search(params, pd.read_parquet(PREPARED / "train.parquet"), vocabulary, tracking)
        with aside(REMEDY) as path:
            path.write_text(Remedy(**found.values).model_dump_json(indent=2) + "\n")
        tracking.log_metrics({"folds_macro_f1": found.macro_f1, "trials": found.trials})
        tracking.log_params({"best": found.values})


if __name__ == "__main__":
    run(main)
