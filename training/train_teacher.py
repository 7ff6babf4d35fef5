"""Train teacher: fine-tune models too large to serve, and keep what they make of the training texts.

Knows which labels are good enough to teach a teacher, and what it is asked. Knows nothing of its
student. Minutes on a GPU, most of a day on two cores: the answers stay with the project, and DVC leaves
the stage alone (`frozen`) until someone asks for new ones (`make teacher`).
"""

from __future__ import annotations

import json
from collections.abc import Collection

import pandas as pd

from training import feedback
from training.checkpoints import CheckpointError
from training.distillation import Answers, ask
from training.fine_tuning import fine_tune
from training.params import read_params
from training.paths import LESSONS, MODELS, PREPARED
from training.stage import aside, run
from training.tracking import tracked
from training.variants import variants

TEACHERS = MODELS / "teachers"
FIGURES = LESSONS.with_suffix(".json")


def taught_by(train: pd.DataFrame, sources: Collection[str]) -> pd.DataFrame:
    """Return the rows of `train` that came from `sources`.

    Raises:
        CheckpointError: a source has no rows.
    """
    if lacking := sorted(set(sources) - set(train["source"])):
        raise CheckpointError(f"train_teacher.sources: no training rows come from {', '.join(lacking)}")
    return train[train["source"].isin(sources)].reset_index(drop=True)


def questions(train: pd.DataFrame, number_of_variants: int) -> list[str]:
    """Return the texts of `train` and their variants; teachers have no say in corrections."""
    pinned = train[train["source"] != feedback.NAME]
    texts, sources = pinned["text"].tolist(), pinned["source"].tolist()
    read = [variants(texts, sources, number) for number in range(number_of_variants)]
    return [text for asked in (texts, *read) for text in asked]


def main() -> None:
    """Fine-tune the teachers, which differ in their seed, and write down their answers' mean."""
    params = read_params()
    settings = params.train_teacher
    with tracked("train_teacher", params) as tracking:
        train = pd.read_parquet(PREPARED / "train.parquet")
        validation = pd.read_parquet(PREPARED / "validation.parquet")
        own = taught_by(train, settings.sources)
        figures = {
            f"validation_macro_f1_{number}": fine_tune(
                settings, params.seed + 100 * number, own, validation, TEACHERS / str(number)
            )
            for number in range(settings.teachers)
        }
        teachers = [str(TEACHERS / str(number) / "best") for number in range(settings.teachers)]
        asked = questions(train, settings.variants)
        said = ask(teachers, asked, settings.max_tokens, settings.device)
        Answers.of(asked, said, settings.class_weight_power).write(LESSONS)
        with aside(FIGURES) as path:
            path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        tracking.log_metrics(figures)


if __name__ == "__main__":
    run(main)
