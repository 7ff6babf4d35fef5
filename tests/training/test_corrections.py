"""What the backend exported comes to where the pipeline reads it, from a folder and from S3."""

from __future__ import annotations

from pathlib import Path

import boto3
import pandas as pd
import pytest

from training.corrections import bring
from training.exported import LogError


def write_log(folder: Path, *days: str) -> list[Path]:
    """Write a correction a day as `undertone export` does."""
    files = [folder / "feedback" / f"day={day}" / "a1.parquet" for day in days]
    for file in files:
        file.parent.mkdir(parents=True)
        pd.DataFrame({"text": ["so good"], "label": ["positive"]}).to_parquet(file)
    return files


def brought(into: Path) -> list[str]:
    return sorted(path.relative_to(into).as_posix() for path in into.rglob("*.parquet"))


def test_a_folder_s_corrections_replace_those_of_before_and_leave_others(tmp_path: Path) -> None:
    log, into = tmp_path / "log", tmp_path / "feedback"
    first, second = write_log(log, "2026-11-24", "2026-11-25")
    into.mkdir()
    (into / "by_hand.jsonl").touch()
    assert bring(str(log), into) == 2
    first.unlink()

    assert bring(str(log), into) == 1

    assert brought(into) == ["exported/day=2026-11-25/a1.parquet"]
    assert (into / "exported/day=2026-11-25/a1.parquet").read_bytes() == second.read_bytes()
    assert (into / "by_hand.jsonl").exists()


@pytest.mark.usefixtures("s3")
def test_those_in_s3_are_fetched(tmp_path: Path) -> None:
    (file,) = write_log(tmp_path / "log", "2026-11-25")
    name = file.relative_to(tmp_path).as_posix()
    boto3.client("s3").upload_file(str(file), "lake", name)

    assert bring("s3://lake/log", tmp_path / "feedback") == 1

    (path,) = (tmp_path / "feedback").rglob("*.parquet")
    assert pd.read_parquet(path)["text"].tolist() == ["so good"]


def test_a_log_without_corrections_is_none(tmp_path: Path) -> None:
    assert bring(str(tmp_path), tmp_path / "feedback") == 0
    assert brought(tmp_path / "feedback") == []


@pytest.mark.usefixtures("s3")
def test_a_log_that_can_not_be_read_leaves_what_was_there(tmp_path: Path) -> None:
    write_log(tmp_path / "log", "2026-11-25")
    bring(str(tmp_path / "log"), tmp_path / "feedback")

    with pytest.raises(LogError, match="s3://nowhere can't be read"):
        bring("s3://nowhere", tmp_path / "feedback")

    assert len(brought(tmp_path / "feedback")) == 1
