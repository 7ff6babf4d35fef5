"""The history as Parquet files for training and for whoever asks, by day, in a folder or on S3.

Knows which columns go out, and how a rerun replaces what the run before has written. Needs pyarrow,
which is in the extra `bulk`.

    <destination>/predictions/day=2026-11-25/<database>.parquet
    <destination>/feedback/day=2026-11-25/<database>.parquet
"""

from __future__ import annotations

import datetime
import os
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import Connection, Select, select

from backend.history.database import Database
from backend.history.tables import Analysis, Feedback, Origin, Prediction

_ROWS_AT_ONCE = 10_000
# With the pauses between them half a minute, in which a server is started anew.
_ATTEMPTS = 7
# What is written aside for longer was given up.
_LONGEST = datetime.timedelta(days=1)

_TEXT, _NUMBER, _WHOLE, _TRUTH, _MOMENT = "string", "float64", "int64", "bool", "moment"


@dataclass(frozen=True)
class _Set:
    """One of the two sets of files: where its rows come from, and its columns with their types."""

    name: str
    table: type[Analysis] | type[Feedback]
    columns: dict[str, tuple[Any, str]]

    def rows(self, day: datetime.date) -> Select[Any]:
        asked = select(*(column.label(name) for name, (column, _) in self.columns.items()))
        if self.table is Analysis:
            asked = asked.join_from(Prediction, Analysis)
            order: tuple[Any, ...] = (Analysis.position, Analysis.id, Prediction.ordinal)
        else:
            order = (Feedback.position, Feedback.id)
        return asked.where(self.table.day == day).order_by(*order)


_SETS = (
    _Set(
        "predictions",
        Analysis,
        {
            "analysis_id": (Analysis.id, _TEXT),
            "analysed_at": (Analysis.analysed_at, _MOMENT),
            "model_name": (Analysis.model_name, _TEXT),
            "model_version": (Analysis.model_version, _TEXT),
            "video_id": (Analysis.video_id, _TEXT),
            "comment_id": (Prediction.comment_id, _TEXT),
            "text": (Prediction.text, _TEXT),
            "author": (Prediction.author, _TEXT),
            "likes": (Prediction.likes, _WHOLE),
            "published_at": (Prediction.published_at, _MOMENT),
            "published_at_width": (Prediction.published_at_width, _NUMBER),
            "reply_to": (Prediction.reply_to, _TEXT),
            "language": (Prediction.language, _TEXT),
            "label": (Prediction.label, _TEXT),
            "score": (Prediction.score, _NUMBER),
            "negative": (Prediction.negative, _NUMBER),
            "neutral": (Prediction.neutral, _NUMBER),
            "positive": (Prediction.positive, _NUMBER),
            "truncated": (Prediction.truncated, _TRUTH),
        },
    ),
    _Set(
        "feedback",
        Feedback,
        {
            "id": (Feedback.id, _TEXT),
            "received_at": (Feedback.received_at, _MOMENT),
            "comment_id": (Feedback.comment_id, _TEXT),
            "text": (Feedback.text, _TEXT),
            "label": (Feedback.label, _TEXT),
            "predicted": (Feedback.predicted, _TEXT),
            "video_id": (Feedback.video_id, _TEXT),
            "client": (Feedback.client, _TEXT),
        },
    ),
)


class ExportError(RuntimeError):
    """The export can't be written; what was there before is whole."""


def export(database: Database, destination: str) -> dict[str, int]:
    """Write the history in `database` to `destination`; return how many rows of each set.

    Each day's file is written aside, then put in the place of the one before; of several exports at
    once, the last to end counts. Days of which everything was deleted lose theirs; days that are no
    longer kept in the database are left as they are.

    Raises:
        ExportError: pyarrow is missing, or `destination` can't be written to; says why.
    """
    filesystem, root = _open(destination)
    exported = {}
    try:
        with database.reading() as connection:
            origin = connection.execute(select(Origin.id, Origin.swept_before)).one()
            for set_ in _SETS:
                days = connection.execute(select(set_.table.day).distinct()).scalars().all()
                folder, file = f"{root}/{set_.name}", f"{origin.id.hex}.parquet"
                exported[set_.name] = sum(
                    _write_day(connection, set_, day, filesystem, f"{folder}/day={day}", file)
                    for day in sorted(days)
                )
                _remove_what_is_over(filesystem, folder, file, days, origin.swept_before)
    # Both of the file system's, S3's included, and those that pyarrow derives from it.
    except OSError as error:
        raise ExportError(f"can't write to {destination}: {error}") from error
    return exported


def _write_day(
    connection: Connection, set_: _Set, day: datetime.date, filesystem: Any, folder: str, file: str
) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {_MOMENT: pa.timestamp("us", tz="UTC")}
    schema = pa.schema([(name, types.get(type_) or type_) for name, (_, type_) in set_.columns.items()])
    # A name of its own, so that another export at the same time does not write into it.
    aside, written = f"{folder}/.{file}.{secrets.token_hex(4)}.aside", 0
    if filesystem.type_name == "local":
        filesystem.create_dir(folder)
    rows = connection.execute(set_.rows(day).execution_options(yield_per=_ROWS_AT_ONCE))
    with pq.ParquetWriter(aside, schema, filesystem=filesystem) as writer:
        for part in rows.mappings().partitions():
            writer.write_table(pa.Table.from_pylist([_plain(row) for row in part], schema))
            written += len(part)
    filesystem.move(aside, f"{folder}/{file}")
    return written


def _plain(row: Any) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in row.items()}


def _remove_what_is_over(
    filesystem: Any,
    folder: str,
    file: str,
    days: Sequence[datetime.date],
    swept_before: datetime.date | None,
) -> None:
    """Remove this database's files of days that it should still hold, and holds nothing of.

    What an export that was cut off had written aside goes too.
    """
    from pyarrow.fs import FileSelector

    given_up = datetime.datetime.now(datetime.UTC) - _LONGEST
    for info in filesystem.get_file_info(FileSelector(folder, recursive=True, allow_not_found=True)):
        if info.base_name == file:
            day = datetime.date.fromisoformat(info.path.rsplit("/", 2)[1].removeprefix("day="))
            over = day not in days and (swept_before is None or day >= swept_before)
        else:
            over = info.base_name.startswith(f".{file}.") and info.mtime < given_up
        if over:
            # Another export at the same time may have been first.
            with suppress(FileNotFoundError):
                filesystem.delete_file(info.path)


def _open(destination: str) -> tuple[Any, str]:
    """Return the file system that `destination` is on, and its path there."""
    try:
        from pyarrow import fs
    except ImportError:
        raise ExportError("Parquet needs pyarrow: pip install pyarrow") from None
    address = urlsplit(destination)
    if not address.scheme:
        return fs.LocalFileSystem(), os.path.abspath(destination)
    if address.scheme != "s3" or not address.netloc:
        raise ExportError(f"{destination!r} is neither a folder nor s3://bucket/folder")
    try:
        path = f"{address.netloc}{address.path}".rstrip("/")
        return fs.S3FileSystem(**_s3_options(address.netloc)), path
    except (OSError, ValueError) as error:
        raise ExportError(f"can't reach {destination}: {error}") from error


def _s3_options(bucket: str) -> dict[str, Any]:
    """Return what the environment says of S3, by the names that Amazon's own tools read."""
    from pyarrow.fs import AwsStandardS3RetryStrategy, resolve_s3_region

    given = os.environ.get
    retries = AwsStandardS3RetryStrategy(int(given("AWS_MAX_ATTEMPTS") or _ATTEMPTS))
    options: dict[str, Any] = {"retry_strategy": retries}
    endpoint = urlsplit(given("AWS_ENDPOINT_URL_S3") or given("AWS_ENDPOINT_URL") or "")
    region = given("AWS_REGION") or given("AWS_DEFAULT_REGION")
    if endpoint.netloc:
        options |= {"endpoint_override": endpoint.netloc, "scheme": endpoint.scheme}
        return options | {"region": region or "us-east-1"}
    return options | {"region": region or resolve_s3_region(bucket)}
