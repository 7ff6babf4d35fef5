"""Train teacher: fine-tune a model too large to serve, for the transformer to learn from.

Knows which labels are good enough to teach a teacher. Knows nothing of its student.
"""

from __future__ import annotations

import json
from collections.abc import Collection

import pandas as pd
from tqdm import tqdm

from training.checkpoints import CheckpointError
from training.fine_tuning import fine_tune
from training.params import read_params
from training.paths import MODELS, PREPARED
from training.stage import aside, run
from training.tracking import tracked

TEACHER = MODELS / "teacher"
FIGURES = MODELS / "teacher.json"


def taught_by(train: pd.DataFrame, sources: Collection[str]) -> pd.DataFrame:
    """Return the rows of `train` that came from `sources`.

    Raises:
        CheckpointError: a source has no rows.
    """
    if lacking := sorted(set(sources) - set(train["source"])):
        raise CheckpointError(f"train_teacher.sources: no training rows come from {', '.join(lacking)}")
    return train[train["source"].isin(sources)].reset_index(drop=True)


def main() -> None:
    """Fine-tune with the settings of `params.yaml`; with no epochs, leave an empty folder."""
    params = read_params()
    settings = params.train_teacher
    figures: dict[str, float] = {}
    TEACHER.mkdir(parents=True, exist_ok=True)
    with tracked("train_teacher", params) as tracking:
        if settings.epochs == 0:
            tqdm.write("train_teacher.epochs is 0: the transformer has no teacher of its own")
        else:
            train = taught_by(pd.read_parquet(PREPARED / "train.parquet"), settings.sources)
            figures["validation_macro_f1"] = fine_tune(
                settings,
                params.seed,
                train,
                pd.read_parquet(PREPARED / "validation.parquet"),
                TEACHER,
            )
        with aside(FIGURES) as path:
            path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        tracking.log_metrics(figures)


if __name__ == "__main__":
    run(main)
