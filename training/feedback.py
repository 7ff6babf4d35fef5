"""Feedback: corrections that people sent to the backend, as one more labelled set.

Knows the files that the backend exports and `training.label` writes (JSON lines or Parquet, one
correction a row) and their fields. Knows nothing of databases, or of whether a correction is right;
which are learned from is up to `training.guards`.
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
# More than a language model's labels, less than those of a set that people labelled, of which no
# correction can take a row away.
TRUST = 2.5
# Who labels at the terminal. No client of the backend can have this name: theirs are hashes.
LABELLER = "labeller"

_READERS = {".jsonl": "lines", ".parquet": "parquet"}
_FIELDS = (*COLUMNS, "client", "at")


def read(origin: Path) -> pd.DataFrame:
    """Return the corrections in the file or folder `origin`, with `COLUMNS`, `client` and `at`.

    `client` tells who gave it; where that was not noted, all of one day are one client. `at` is when,
    in UTC; NaT where it is not known. Files of other kinds are passed over; a folder that is empty or
    not there holds no correction.

    Raises:
        SourceError: names the file and row, and what is the matter with it.
    """
    rows = [row for path in _files(origin) for row in _read(path)]
    frame = pd.DataFrame(rows, columns=list(_FIELDS))
    return frame.astype({"at": "datetime64[us, UTC]"})


def write(corrections: pd.DataFrame, into: Path) -> None:
    """Write what a labelled set holds of `corrections` to the Parquet file `into`."""
    frame = pd.DataFrame(corrections, columns=list(COLUMNS), dtype="str")
    with aside(into) as path:
        frame.drop_duplicates().to_parquet(path, index=False)


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    """Yield the number and the object of each line of `path` that is not empty.

    Raises:
        SourceError: names the file and row, and what is the matter with it.
    """
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


def _files(origin: Path) -> list[Path]:
    if origin.is_file():
        return [origin]
    return sorted(path for path in origin.rglob("*") if path.suffix in _READERS and path.is_file())


def _read(path: Path) -> Iterator[tuple[object, ...]]:
    rows = read_lines(path) if path.suffix == ".jsonl" else _parquet(path)
    for number, row in rows:
        text, label = row.get("text"), row.get("label")
        if not isinstance(text, str) or not text.strip():
            raise SourceError(f"{path}: row {number} has no text")
        if label not in LABELS:
            raise SourceError(
                f"{path}: row {number}: label {label!r} is not one of {', '.join(LABELS)}"
            )
        video = row.get("video_id") or row.get("comment_id")
        group = f"video {video}" if video else f"feedback {path.name} {number}"
        at = _moment(row.get("received_at"), f"{path}: row {number}")
        yield text, label, "train", group, _client(row.get("client"), at), at


def _client(client: object, at: pd.Timestamp | None) -> str:
    """Return who gave a correction; those without a name are one client a day, and so limited."""
    if isinstance(client, str) and client:
        return client
    return "unknown" if at is None else f"unknown {at.date()}"


def _moment(value: object, where: str) -> pd.Timestamp | None:
    if value is None or value is pd.NaT:
        return None
    try:
        at = pd.Timestamp(value)  # type: ignore[arg-type]
        if pd.isna(at):
            return None
        return at.tz_localize("UTC") if at.tzinfo is None else at.tz_convert("UTC")
    except (TypeError, ValueError, OverflowError) as error:
        raise SourceError(f"{where}: received_at {value!r} is no moment") from error


def _parquet(path: Path) -> Iterator[tuple[int, dict[str, object]]]:
    try:
        frame = pd.read_parquet(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise SourceError(f"{path} is not a Parquet file: {error}") from error
    for number, row in enumerate(frame.to_dict("records"), 1):
        yield number, {str(name): value for name, value in row.items()}
