"""Train transformer: fine-tune the model that may be served, on labels and on what its teacher says.

Knows where the rows come from and where the model goes. Knows nothing of ONNX; test sets are never
opened here.
"""

from __future__ import annotations

import json

import numpy as np
import pandas as pd

from backend.bundle import LABELS
from training import feedback
from training.distillation import lessons
from training.fine_tuning import Lesson, fine_tune
from training.metrics import label_indices
from training.params import TrainTransformer, read_params
from training.paths import MODELS, PREPARED
from training.stage import aside, run
from training.tracking import tracked

MODEL = MODELS / "transformer"
FIGURES = MODELS / "transformer.json"

# A logit this far above the others leaves no doubt, at the temperature of a lesson either.
_SURE = 10.0


def lesson_of(settings: TrainTransformer, train: pd.DataFrame) -> Lesson | None:
    """Return what the teacher makes of the texts of `train`, None where there is no teacher.

    Of a correction it is what the person said: what the champion got wrong, its teacher may, too.
    """
    if settings.teacher is None:
        return None
    logits = lessons(
        settings.teacher, train["text"].tolist(), settings.max_tokens, settings.device, MODEL
    )
    corrected = (train["source"] == feedback.NAME).to_numpy()
    labels = label_indices(train.loc[corrected, "label"])
    logits[corrected] = _SURE * np.eye(len(LABELS), dtype=np.float32)[labels]
    return Lesson(logits, settings.teacher_weight, settings.teacher_temperature)


def main() -> None:
    """Fine-tune with the settings of `params.yaml`."""
    params = read_params()
    settings = params.train_transformer
    with tracked("train_transformer", params) as tracking:
        train = pd.read_parquet(PREPARED / "train.parquet")
        validation = pd.read_parquet(PREPARED / "validation.parquet")
        lesson = lesson_of(settings, train)
        figures = {
            "validation_macro_f1": fine_tune(settings, params.seed, train, validation, MODEL, lesson)
        }
        with aside(FIGURES) as path:
            path.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
        tracking.log_metrics(figures)


if __name__ == "__main__":
    run(main)
