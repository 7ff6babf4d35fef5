"""Train logistic: a logistic regression, the simplest candidate.

Knows its one hyperparameter. Knows nothing of features, folds or ONNX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optuna.trial import Trial
from sklearn.linear_model import LogisticRegression

from training import classical
from training.params import TrainLogistic, read_params
from training.stage import run


def suggest(trial: Trial, settings: TrainLogistic) -> Mapping[str, Any]:
    """Return one setting."""
    bounds = settings.regularisation
    return {"regularisation": trial.suggest_float("regularisation", bounds.low, bounds.high, log=True)}


def build(values: Mapping[str, Any], seed: int) -> LogisticRegression:
    """Return the unfitted classifier; `regularisation` is scikit-learn's C, the inverse strength."""
    return LogisticRegression(C=values["regularisation"], max_iter=1000, random_state=seed)


def main() -> None:
    """Search, fit and keep."""
    params = read_params()
    settings = params.train_logistic
    classical.train("logistic", params, settings, lambda trial: suggest(trial, settings), build)


if __name__ == "__main__":
    run(main)
