"""Checkpoints: pre-trained weights, and comments as they read them.

Knows packages, folders and hub names, and padding. Knows nothing of training.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase as TokenizerBase

from backend.text import normalise
from training.errors import StageError

_LONGEST = 10_000


class CheckpointError(StageError):
    """A checkpoint is not there, is broken, or holds another kind of model."""


def locate_checkpoint(name: str) -> str:
    """Return where to load `name` from: the weights in the package of that name, or `name` itself."""
    try:
        package = importlib.import_module(name.replace("-", "_"))
    except (ModuleNotFoundError, TypeError):
        return name
    return str(package.get_model_path())


def load(kind: Any, start: str, **options: Any) -> Any:
    """Return what `kind` (one of transformers' Auto classes) loads from `start`.

    Raises:
        CheckpointError: says which checkpoint, and what was the matter.
    """
    try:
        return kind.from_pretrained(start, **options)
    # transformers, safetensors and the hub's client each raise their own kinds.
    except Exception as error:
        where = "folder" if Path(start).exists() else "package or hub name"
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise CheckpointError(f"the checkpoint {start} ({where}) can't be loaded: {reason}") from error


def encode(tokenizer: TokenizerBase, texts: list[str], max_tokens: int) -> list[list[int]]:
    """Return the token ids of each normalised text, at most `max_tokens` long."""
    normalised = [normalise(text[:_LONGEST]) for text in texts]
    ids: list[list[int]] = tokenizer(normalised, truncation=True, max_length=max_tokens)["input_ids"]
    return ids


def pad(ids: list[list[int]], filler: int) -> dict[str, torch.Tensor]:
    """Return `input_ids` and `attention_mask`, int64 (n, longest)."""
    longest = max(map(len, ids))
    return {
        "input_ids": torch.tensor([row + [filler] * (longest - len(row)) for row in ids]),
        "attention_mask": torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in ids]),
    }
