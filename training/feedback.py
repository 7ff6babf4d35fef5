"""Feedback: corrections that people sent to the backend, as one more labelled set.

Knows the files the backend exports (JSON lines or Parquet, one correction a row) and their fields.
Knows nothing of databases, or of whether a correction is right.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow

from backend.bundle import LABELS
from training.sources import COLUMNS, SourceError
from training.stage import aside

NAME = "feedback"
LABELLED_BY = "people who corrected this program"
LICENCE = "given for training"
TRUST = 3

_READERS = {".jsonl": "lines", ".parquet": "parquet"}


def collect(origin: Path, into: Path) -> int:
    """Write the corrections in the file or folder `origin` to the Parquet file `into`; return how many.

    Files of other kinds are passed over; a folder that is empty or not there holds no correction.

    Raises:
        SourceError: names the file and row, and what is the matter with it.
    """
    rows = [row for path in _files(origin) for row in _read(path)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")
    with aside(into) as path:
        frame.drop_duplicates().to_parquet(path, index=False)
    return len(frame)


def _files(origin: Path) -> list[Path]:
    if origin.is_file():
        return [origin]
    return sorted(path for path in origin.rglob("*") if path.suffix in _READERS and path.is_file())


def _read(path: Path) -> Iterator[tuple[str, str, str, str]]:
    rows = _lines(path) if path.suffix == ".jsonl" else _parquet(path)
    for number, row in rows:
        text, label = row.get("text"), row.get("label")
        if not isinstance(text, str) or not text.strip():
            raise SourceError(f"{path}: row {number} has no text")
        if label not in LABELS:
            raise SourceError(
                f"{path}: row {number}: label {label!r} is not one of {', '.join(LABELS)}"
            )
        video = row.get("video_id") or row.get("comment_id")
        yield text, label, "train", f"video {video}" if video else f"feedback {path.name} {number}"


def _lines(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    with path.open(encoding="utf-8") as file:
        try:
            for number, line in enumerate(file, 1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise SourceError(f"{path}: row {number} is not an object")
                    yield number, row
        except UnicodeDecodeError as error:
            raise SourceError(f"{path} is not UTF-8: {error.reason}") from error
        except json.JSONDecodeError as error:
            raise SourceError(f"{path}: row {number} is not JSON: {error.msg}") from error


def _parquet(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        frame = pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise SourceError(f"{path} is not a Parquet file: {error}") from error
    for number, row in enumerate(frame.to_dict("records"), 1):
        yield number, {str(name): value for name, value in row.items()}
