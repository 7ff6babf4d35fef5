"""The whole pipeline in a process of its own, on what is wrong with its input."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.training.conftest import ROOT


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "training"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_mirror_without_the_files_ends_it_with_one_line(tmp_path: Path) -> None:
    shutil.copy(ROOT / "params.yaml", tmp_path)

    done = run(tmp_path, TRAINING_MIRROR=str(tmp_path / "nowhere"))

    assert done.returncode == 1
    assert "can't be copied: No such file or directory" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_parameters_that_make_no_sense_end_it_before_anything_is_fetched(tmp_path: Path) -> None:
    declared = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(declared.replace("epochs:", "epoch:"), encoding="utf-8")

    done = run(tmp_path)

    assert done.returncode == 1
    assert "train_transformer.epoch" in done.stderr
    assert not (tmp_path / "data").exists()
