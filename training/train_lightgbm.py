"""Train LightGBM: gradient-boosted trees grown by leaf (Ke et al. 2017).

Knows its hyperparameters. Knows nothing of features, folds or ONNX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lightgbm import LGBMClassifier
from optuna.trial import Trial

from backend.cores import available_cores
from training import classical
from training.params import TrainLightgbm, read_params
from training.stage import run


def suggest(trial: Trial, settings: TrainLightgbm) -> Mapping[str, Any]:
    """Return one setting."""
    rate, share = settings.learning_rate, settings.column_share
    return {
        "rounds": trial.suggest_int("rounds", settings.rounds.low, settings.rounds.high),
        "leaves": trial.suggest_int("leaves", settings.leaves.low, settings.leaves.high, log=True),
        "learning_rate": trial.suggest_float("learning_rate", rate.low, rate.high, log=True),
        "least_rows": trial.suggest_int(
            "least_rows", settings.least_rows.low, settings.least_rows.high
        ),
        "column_share": trial.suggest_float("column_share", share.low, share.high),
    }


def build(values: Mapping[str, Any], seed: int) -> LGBMClassifier:
    """Return the unfitted classifier, the same on every run with as many cores."""
    return LGBMClassifier(
        n_estimators=values["rounds"],
        num_leaves=values["leaves"],
        learning_rate=values["learning_rate"],
        min_child_samples=values["least_rows"],
        colsample_bytree=values["column_share"],
        random_state=seed,
        deterministic=True,
        force_row_wise=True,
        n_jobs=available_cores(),
        verbosity=-1,
    )


def main() -> None:
    """Search, fit and keep."""
    params = read_params()
    settings = params.train_lightgbm
    classical.train("lightgbm", params, settings, lambda trial: suggest(trial, settings), build)


if __name__ == "__main__":
    run(main)
