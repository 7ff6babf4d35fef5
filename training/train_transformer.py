"""Train transformer: fine-tune the model that may be served, on labels and on what teachers say.

Knows where the rows come from and where the model goes. Knows nothing of ONNX; test sets are never
opened here.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from training.distillation import read_answers
from training.fine_tuning import Lesson, fine_tune, label_shares
from training.params import Params, read_params
from training.paths import MODELS, PREPARED
from training.stage import aside, run
from training.tracking import tracked
from training.variants import variants

MODEL = MODELS / "transformer"
FIGURES = MODELS / "transformer.json"


def lesson_of(params: Params, train: pd.DataFrame) -> Lesson | None:
    """Return what teachers made of the texts of `train` and their variants, None without teachers.

    They learnt with the labels' frequencies in each source; what those lent to their answers is taken
    off as far as the student weighs classes (logit adjustment: Menon et al. 2021).
    """
    settings, teacher = params.train_transformer, params.train_teacher
    if settings.lessons is None:
        return None
    texts, sources = train["text"].tolist(), train["source"].tolist()
    read = [variants(texts, sources, number) for number in range(settings.variants)]
    path = Path(settings.lessons)
    logits = np.stack([read_answers(path, asked) for asked in (texts, *read)])
    power = settings.class_weight_power - teacher.class_weight_power
    logits -= np.float32(power) * np.log(label_shares(train))
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
