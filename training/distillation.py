"""Distillation: what teachers make of the texts that a student learns from, kept as a table.

Knows how to ask teachers and how their answers are kept, by a hash of the text, so that who has the
table needs neither the teachers nor the texts they were asked. Knows nothing of how a student learns.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from backend.bundle import LABELS
from training.checkpoints import CheckpointError, encode, load, locate_checkpoint
from training.errors import StageError
from training.fine_tuning import device_of, predict
from training.stage import aside
from training.variants import hash_of

# Logits are kept as steps of this, less their mean, from -10.6 to 10.6.
_STEP = 1 / 12
# What numpy raises for files that are no such table, or are damaged.
_BROKEN = (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error)

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


@dataclass(frozen=True)
class Answers:
    """What teachers said of texts, by a hash of each."""

    keys: npt.NDArray[np.uint64]
    """(n,), ascending."""
    steps: npt.NDArray[np.int8]
    """(n, 3): centred logits, in steps."""
    class_weight_power: float
    """The teachers' own: how far labels were weighed against their frequencies when they learnt."""

    @classmethod
    def of(cls, texts: Sequence[str], logits: Logits, class_weight_power: float) -> Self:
        """Return the table of `texts` (n,) and the `logits` (n, 3) that they got."""
        hashes = np.array([hash_of(text) for text in texts], dtype=np.uint64)
        keys, first = np.unique(hashes, return_index=True)
        centred = logits[first] - logits[first].mean(1, keepdims=True)
        steps = np.clip(np.rint(centred / _STEP), -127, 127).astype(np.int8)
        return cls(keys, steps, class_weight_power)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Return the table in `path`.

        Raises:
            LessonsError: there is none, or it is broken.
        """
        try:
            with path.open("rb") as file, np.load(file) as table:
                found = cls(table["keys"], table["steps"], float(table["class_weight_power"]))
        except _BROKEN as error:
            raise LessonsError(f"the teachers' answers in {path} can't be read: {error}") from error
        if not len(found.keys) or found.steps.shape != (len(found.keys), len(LABELS)):
            raise LessonsError(f"the teachers' answers in {path} are no table of three logits a text")
        return found

    def write(self, path: Path) -> None:
        """Write the table to `path`."""
        with aside(path) as temporary:
            np.savez_compressed(temporary, **vars(self))

    def to(self, texts: Sequence[str]) -> Logits:
        """Return the logits (n, 3) for `texts`, NaN where nobody was asked."""
        wanted = np.array([hash_of(text) for text in texts], dtype=np.uint64)
        places = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        logits: Logits = self.steps[places].astype(np.float32) * np.float32(_STEP)
        logits[self.keys[places] != wanted] = np.nan
        return logits
