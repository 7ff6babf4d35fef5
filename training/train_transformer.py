"""Train transformer: fine-tune the model that may be served, on labels and on what teachers say.

Knows where the rows come from and where the model goes. Knows nothing of ONNX; test sets are never
opened here.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from training import feedback
from training.distillation import Answers, LessonsError
from training.fine_tuning import Lesson, fine_tune, label_shares
from training.params import Params, read_params
from training.paths import MODELS, PREPARED
from training.stage import aside, run
from training.tracking import tracked
from training.variants import variants

MODEL = MODELS / "transformer"
FIGURES = MODELS / "transformer.json"

# Of the texts and of each of their variants: sources may lose rows, but with another set all would.
_LEAST_KNOWN = 0.5


def lesson_of(params: Params, train: pd.DataFrame) -> Lesson | None:
    """Return what teachers made of the texts of `train` and their variants, None without teachers.

    Labels were more or less frequent in each source when they learnt; what that lent to their answers
    is taken off as far as the student weighs classes (logit adjustment: Menon et al. 2021). Nobody has
    a say in corrections but those who made them.

    Raises:
        LessonsError: the teachers' answers can't be read, or most are to other texts.
    """
    settings = params.train_transformer
    if settings.lessons is None:
        return None
    answers = Answers.read(Path(settings.lessons))
    texts, sources = train["text"].tolist(), train["source"].tolist()
    read = [variants(texts, sources, number) for number in range(settings.variants)]
    logits = np.stack([answers.to(asked) for asked in (texts, *read)])
    corrected = (train["source"] == feedback.NAME).to_numpy()
    known = (~np.isnan(logits[:, ~corrected, 0])).mean(1)
    if (known < _LEAST_KNOWN).any():
        shares = ", ".join(f"{share:.2f}" for share in known)
        raise LessonsError(
            f"{settings.lessons} is of other texts: it answers {shares} of these and their variants"
        )
    logits[:, corrected] = np.nan
    power = np.float32(settings.class_weight_power - answers.class_weight_power)
    logits -= power * np.log(label_shares(train))
    return Lesson(logits, settings.teacher_weight, settings.teacher_temperature, tuple(read))


def main() -> None:
    """Fine-tune with the settings of `params.yaml`."""
    params = read_params()
    with tracked("train_transformer", params) as tracking:
        train = pd.read_parquet(PREPARED / "train.parquet")
        validation = pd.read_parquet(PREPARED / "validation.parquet")
        lesson = lesson_of(params, train)
        figures = {
            "validation_macro_f1": fine_tune(
                params.train_transformer, params.seed, train, validation, MODEL, lesson
            )
        }
        with aside(FIGURES) as path:
            path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        tracking.log_metrics(figures)


if __name__ == "__main__":
    run(main)
