"""Tuning: studies that go on where they were left, and folds that no group crosses.

Knows Optuna and cross-validation by group. Knows nothing of what is searched: a stage gives the space
and the score of a fold. Several processes, or machines with an SQL storage, may share one study.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import optuna
import pandas as pd
from optuna.storages import BaseStorage, JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import FrozenTrial, Trial, TrialState
from sklearn.model_selection import StratifiedGroupKFold
from tqdm import tqdm

from training.params import Params
from training.tracking import Run

Index = npt.NDArray[np.int64]
Fold = tuple[Index, Index]

_DONE = (TrialState.COMPLETE, TrialState.PRUNED)


@dataclass(frozen=True)
class Found:
    """What a study found: the best trial's values and its mean macro-F1 over the folds."""

    values: Mapping[str, Any]
    macro_f1: float
    trials: int


def sample(rows: pd.DataFrame, most: int, seed: int) -> Index:
    """Return positions of at most `most` rows, drawn without regard to order, in their order."""
    generator = np.random.default_rng(seed)
    return np.sort(generator.permutation(len(rows))[:most])


def folds(rows: pd.DataFrame, number: int, seed: int) -> list[Fold]:
    """Return `number` pairs of positions to fit on and to score; no group is in both of a pair."""
    split = StratifiedGroupKFold(number, shuffle=True, random_state=seed)
    return list(split.split(np.zeros(len(rows)), rows["label"], rows["group"]))


def tune(
    name: str,
    params: Params,
    rows: pd.DataFrame,
    trials: int,
    score: Callable[[Trial], Iterator[float]],
    run: Run,
    space: object,
) -> Found:
    """Return what the best of `trials` trials found; trials of an earlier, equal call count.

    `score` suggests values and yields the macro-F1 of one fold after another. A trial whose mean so far
    is below the median of the others' at that fold is given up (Golovin et al. 2017, section 3.2).
    """
    study = _study(name, params, rows, space)
    done = len(study.get_trials(states=_DONE))
    # A seed of its own for each start, or a study that goes on would draw the same trials again.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        study.sampler = optuna.samplers.TPESampler(seed=params.seed + done, n_startup_trials=4)
    with tqdm(total=trials, initial=min(done, trials), desc=name, unit="trial") as bar:

        def count(study: optuna.Study, trial: FrozenTrial) -> None:
            bar.update()
            value = trial.value if trial.state == TrialState.COMPLETE else None
            run.log_trial(trial.number, trial.params, value)
            if len(study.get_trials(deepcopy=False, states=_DONE)) >= trials:
                study.stop()

        if done < trials:
            study.optimize(lambda trial: _mean(trial, score(trial)), callbacks=[count])
    best = study.best_trial
    return Found(best.params, study.best_value, len(study.get_trials(states=_DONE)))


def _mean(trial: Trial, scores: Iterator[float]) -> float:
    seen: list[float] = []
    for fold, value in enumerate(scores):
        seen.append(value)
        trial.report(float(np.mean(seen)), fold)
        if trial.should_prune():
            raise optuna.TrialPruned
    return float(np.mean(seen))


def _study(name: str, params: Params, rows: pd.DataFrame, space: object) -> optuna.Study:
    """Return the study of this search on these rows; any other has another name."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    content = pd.util.hash_pandas_object(rows[["text", "label", "group"]], index=False).to_numpy()
    identity = sha256(f"{space} {params.seed} {params.tuning.folds}".encode() + content.tobytes())
    return optuna.create_study(
        study_name=f"{name}-{identity.hexdigest()[:16]}",
        storage=_storage(params.tuning.storage),
        direction="maximize",
        load_if_exists=True,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=4),
    )


def _storage(place: str) -> BaseStorage | str:
    if "://" in place:
        return place
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        return JournalStorage(JournalFileBackend(place))
