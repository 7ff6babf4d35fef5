"""Distillation: what teachers make of the texts that a student learns from, kept as a table.

Knows how to ask teachers and how their answers are kept, by a hash of the text, so that who has the
table needs neither the teachers nor the texts they were asked. Knows nothing of how a student learns.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from backend.bundle import LABELS
from training.checkpoints import CheckpointError, encode, load, locate_checkpoint
from training.errors import StageError
from training.fine_tuning import device_of, predict
from training.stage import aside
from training.variants import key_of

# Logits are kept as steps of this, less their mean, from -10.6 to 10.6.
_STEP = 1 / 12

Logits = npt.NDArray[np.float32]


class LessonsError(StageError):
    """The table of answers is not there or is broken."""


def ask(teachers: Iterable[str], texts: Sequence[str], max_tokens: int, device: str) -> Logits:
    """Return the mean of the teachers' logits (n, 3) for `texts`.

    Raises:
        CheckpointError: a teacher can't be loaded, or was not taught these labels.
    """
    answers = []
    for teacher in teachers:
        start = locate_checkpoint(teacher)
        model = load(AutoModelForSequenceClassification, start).to(device_of(device))
        if tuple(model.config.id2label.values()) != LABELS:
            raise CheckpointError(f"the teacher {start} was not taught {', '.join(LABELS)}")
        tokenizer = load(AutoTokenizer, start)
        encoded = encode(tokenizer, list(texts), max_tokens)
        answers.append(predict(model, encoded, tokenizer.pad_token_id, size=256))
    mean: Logits = np.mean(answers, axis=0, dtype=np.float32)
    return mean


def write_answers(path: Path, texts: Sequence[str], logits: Logits) -> None:
    """Write the table of `texts` (n,) and the `logits` (n, 3) that teachers gave them."""
    keys, first = np.unique(
        np.array([key_of(text) for text in texts], dtype=np.uint64), return_index=True
    )
    centred = logits[first] - logits[first].mean(1, keepdims=True)
    steps = np.clip(np.rint(centred / _STEP), -127, 127).astype(np.int8)
    with aside(path) as temporary:
        np.savez_compressed(temporary, keys=keys, steps=steps)


def read_answers(path: Path, texts: Sequence[str]) -> Logits:
    """Return the logits (n, 3) that the table in `path` holds for `texts`, NaN for others.

    Raises:
        LessonsError: there is no such table, or it can't be read.
    """
    try:
        with path.open("rb") as file, np.load(file) as table:
            keys, steps = table["keys"], table["steps"]
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise LessonsError(f"the teachers' answers in {path} can't be read: {error}") from error
    wanted = np.array([key_of(text) for text in texts], dtype=np.uint64)
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    logits: Logits = steps[places].astype(np.float32) * np.float32(_STEP)
    logits[keys[places] != wanted] = np.nan
    return logits
