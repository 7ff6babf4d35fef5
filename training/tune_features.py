"""Tune features: which n-grams, how many, and how rare they may be.

Knows a space of vocabularies and a logistic regression to compare them with. Knows nothing of other
classifiers. Character n-grams are not searched: what ONNX makes of them differs from scikit-learn.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from optuna.trial import Trial
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from training.features import Vocabulary, tokens_of, vectoriser
from training.metrics import confusion, label_indices, scores
from training.params import Params, TuneFeatures, read_params
from training.paths import PREPARED, TUNED
from training.stage import aside, run
from training.tracking import Run, tracked
from training.tuning import Found, folds, sample, tune

VOCABULARY = TUNED / "features.json"


def suggest(trial: Trial, settings: TuneFeatures) -> Vocabulary:
    """Return one way to count words."""
    return Vocabulary(
        ngrams=trial.suggest_categorical("ngrams", settings.ngrams),
        vocabulary=trial.suggest_categorical("vocabulary", settings.vocabulary),
        min_frequency=trial.suggest_categorical("min_frequency", settings.min_frequency),
    )


def search(params: Params, rows: pd.DataFrame, tracking: Run) -> Found:
    """Return the vocabulary whose TF-IDF a balanced logistic regression does best with."""
    settings = params.tune_features
    part = rows.iloc[sample(rows, settings.rows, params.seed)]
    tokens = np.array(tokens_of(part["text"]), dtype=object)
    labels = label_indices(part["label"])
    pairs = folds(part, params.tuning.folds, params.seed)

    def score(trial: Trial) -> Iterator[float]:
        chosen = suggest(trial, settings)
        for fit_on, score_on in pairs:
            model = make_pipeline(
                vectoriser(chosen), LogisticRegression(class_weight="balanced", max_iter=300)
            )
            model.fit(tokens[fit_on], labels[fit_on])
            counts = confusion(labels[score_on], model.predict(tokens[score_on]))
            yield float(scores(counts)["macro_f1"])

    space = settings.model_dump(exclude={"trials"})
    return tune("tune_features", params, part, settings.trials, score, tracking, space)


def main() -> None:
    """Write the winner to `data/tuned/features.json`."""
    params = read_params()
    with tracked("tune_features", params) as tracking:
        found = search(params, pd.read_parquet(PREPARED / "train.parquet"), tracking)
        with aside(VOCABULARY) as path:
            path.write_text(Vocabulary(**found.values).model_dump_json(indent=2) + "\n")
        tracking.log_metrics({"folds_macro_f1": found.macro_f1, "trials": found.trials})
        tracking.log_params({"best": found.values})


if __name__ == "__main__":
    run(main)
