"""Log: the comments of a window, as `undertone export` wrote them, and what people said of them.

Knows the folders and columns of an export, in a folder or on S3. Knows nothing of what is compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import IO

import pandas as pd
import pyarrow.parquet as pq
from pyarrow import ArrowException

from backend.bundle import LABELS
from training.exported import LogError, exported
from training.params import Drift

_PREDICTIONS = (
    "analysed_at", "model_name", "model_version", "video_id", "comment_id", "text", "language", *LABELS,
)  # fmt: skip
_CORRECTIONS = ("received_at", "comment_id", "video_id", "text", "label", "predicted")


@dataclass(frozen=True)
class Window:
    """The days from `first` to `last`, both included."""

    first: date
    last: date

    @classmethod
    def until(cls, last: date, days: int) -> Window:
        """Return the `days` that end with `last`."""
        return cls(last - timedelta(days=days - 1), last)

    def before(self, days: int) -> Window:
        """Return the `days` that end where this begins."""
        return Window.until(self.first - timedelta(days=1), days)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"


class Log:
    """What `undertone export` writes to `origin`, a folder or `s3://bucket/folder`.

    Every method raises LogError where it can't be read.
    """

    def __init__(self, origin: str) -> None:
        self._origin = origin

    def predictions(self, window: Window) -> pd.DataFrame:
        """Return each comment of `window` once, as it was last labelled."""
        rows = self._read("predictions", _PREDICTIONS, window)
        model = ["model_name", "model_version"]
        return _last(
            rows, "analysed_at", [*model, "video_id", "comment_id"], [*model, "comment_id", "text"]
        )

    def corrections(self, window: Window) -> pd.DataFrame:
        """Return the labels that people gave in `window`, each comment's last one."""
        rows = self._read("feedback", _CORRECTIONS, window)
        return _last(rows, "received_at", ["video_id", "comment_id"], ["comment_id", "text"])

    def _read(self, name: str, columns: Sequence[str], window: Window) -> pd.DataFrame:
        parts = [pd.DataFrame(columns=list(columns))]
        with exported(self._origin, name) as found:
            for path in found.paths:
                if _day(path) in window:
                    with found.system.open(path, "rb") as file:
                        parts.append(_columns(file, columns, path))
        return pd.concat(parts[1:] or parts, ignore_index=True)


def _columns(file: IO[bytes], columns: Sequence[str], path: str) -> pd.DataFrame:
    try:
        rows: pd.DataFrame = pq.read_table(file, columns=list(columns)).to_pandas()
    # Arrow's own errors for a file that is no Parquet are also ValueErrors; this one is for a column.
    except (KeyError, ArrowException) as error:
        raise LogError(f"{path} can't be read: {error}") from error
    return rows


def _last(rows: pd.DataFrame, moment: str, placed: list[str], unplaced: list[str]) -> pd.DataFrame:
    """Return each comment's last row: by `placed` where its video is known, else by `unplaced`.

    Without a video, an id may be no more than a place in the list that was asked about. A row that
    lacks what it would be known by is like no other.
    """
    rows = rows.sort_values(moment, kind="stable")
    of_video = rows[["video_id", "comment_id"]].notna().all(axis=1)
    of_none = rows[["comment_id", "text"]].notna().all(axis=1) & ~of_video
    parts = [
        rows[of_video].drop_duplicates(placed, keep="last"),
        rows[of_none].drop_duplicates(unplaced, keep="last"),
        rows[~of_video & ~of_none],
    ]
    return pd.concat(parts, ignore_index=True)


def _day(path: str) -> date:
    """Return the day of `…/day=2026-11-25/…`, one that no window holds where there is none."""
    for part in path.split("/"):
        if part.startswith("day="):
            return date.fromisoformat(part.removeprefix("day="))
    return date.min


def sampled(rows: pd.DataFrame, settings: Drift, seed: int) -> pd.DataFrame:
    """Return `rows` without what is too much of one video, and no more than are looked at in all."""
    mixed = rows.sample(frac=1, random_state=seed)
    place = mixed.groupby("video_id", dropna=False).cumcount()
    fair = mixed[(place < settings.most_of_video) | mixed["video_id"].isna()]
    return fair.head(settings.most_comments).sort_index()
