"""Distillation: what a fine-tuned teacher makes of the texts that a student learns from.

Knows how to ask a teacher and keeps its answers, so that they are asked for once. Knows nothing of how
the student learns from them.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from backend.bundle import LABELS
from training.checkpoints import CheckpointError, encode, load, locate_checkpoint
from training.fine_tuning import device_of, predict
from training.stage import aside


def lessons(
    teacher: str, texts: Sequence[str], max_tokens: int, device: str, kept_in: Path
) -> npt.NDArray[np.float32]:
    """Return the logits (n, 3) of the checkpoint `teacher` for `texts`, kept under `kept_in`.

    Raises:
        CheckpointError: the teacher can't be loaded, or was not taught these labels.
    """
    start = locate_checkpoint(teacher)
    kept = kept_in / f"lessons-{_identity(start, texts, max_tokens)[:16]}.npy"
    if not kept.is_file():
        model = load(AutoModelForSequenceClassification, start).to(device_of(device))
        if tuple(model.config.id2label.values()) != LABELS:
            raise CheckpointError(f"the teacher {start} was not taught {', '.join(LABELS)}")
        tokenizer = load(AutoTokenizer, start)
        encoded = encode(tokenizer, list(texts), max_tokens)
        with aside(kept) as path:
            np.save(path, predict(model, encoded, tokenizer.pad_token_id))
    logits: npt.NDArray[np.float32] = np.load(kept)
    return logits


def _identity(start: str, texts: Sequence[str], max_tokens: int) -> str:
    """Return a hash of all that the answers depend on; of a folder's weights, whatever its name."""
    weights = sorted(Path(start).glob("*.safetensors"))
    found = sha256(f"{max_tokens}".encode() if weights else f"{max_tokens} {start}".encode())
    for path in weights:
        with path.open("rb") as file:
            while block := file.read(2**20):
                found.update(block)
    found.update("\0".join(texts).encode("utf-8", "ignore"))
    return found.hexdigest()
