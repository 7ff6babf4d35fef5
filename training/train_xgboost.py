"""Train XGBoost: gradient-boosted trees grown by depth (Chen & Guestrin 2016).

Knows its hyperparameters. Knows nothing of features, folds or ONNX; in sparse features it takes zero
for missing, which `graphs` says again in ONNX.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from optuna.trial import Trial
from xgboost import XGBClassifier

from backend.cores import available_cores
from training import classical
from training.params import TrainXgboost, read_params
from training.stage import run


def suggest(trial: Trial, settings: TrainXgboost) -> Mapping[str, Any]:
    """Return one setting."""
    rate, weight, share = settings.learning_rate, settings.least_weight, settings.column_share
    return {
        "rounds": trial.suggest_int("rounds", settings.rounds.low, settings.rounds.high),
        "depth": trial.suggest_int("depth", settings.depth.low, settings.depth.high),
        "learning_rate": trial.suggest_float("learning_rate", rate.low, rate.high, log=True),
        "least_weight": trial.suggest_float("least_weight", weight.low, weight.high, log=True),
        "column_share": trial.suggest_float("column_share", share.low, share.high),
    }


def build(values: Mapping[str, Any], seed: int) -> XGBClassifier:
    """Return the unfitted classifier."""
    return XGBClassifier(
        n_estimators=values["rounds"],
        max_depth=values["depth"],
        learning_rate=values["learning_rate"],
        min_child_weight=values["least_weight"],
        colsample_bytree=values["column_share"],
        tree_method="hist",
        random_state=seed,
        n_jobs=available_cores(),
    )


def main() -> None:
    """Search, fit and keep."""
    params = read_params()
    settings = params.train_xgboost
    classical.train("xgboost", params, settings, lambda trial: suggest(trial, settings), build)


if __name__ == "__main__":
    run(main)
