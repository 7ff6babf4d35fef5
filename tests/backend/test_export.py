"""The history as Parquet: whole, once, by day, on disk and on S3, and readable for training."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from moto.server import ThreadedMotoServer
from pyarrow import fs
from sqlalchemy.engine import URL

from backend.export import ExportError, export
from backend.history.database import Database
from backend.history.deletion import forget, sweep
from backend.history.migrate import migrate
from backend.history.records import Recorder, parse
from backend.history.store import Placed, store
from backend.history.wire import FeedbackRequest
from tests.backend.history.made_up import analysis, predictions
from tests.server import free_port
from training.feedback import read

RECORDER = Recorder(b"key", keep_text=True, max_characters=10_000)
DAYS = [datetime(2026, 11, day, 23, 59, tzinfo=UTC) for day in (23, 24, 25)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Yield a database with an analysis, a prediction and two feedbacks on each of three days."""
    opened = Database(URL.create("sqlite", database=str(tmp_path / "history.db")))
    migrate(opened)
    for number, day in enumerate(DAYS):
        add(
            opened,
            RECORDER.analysis(*analysis(f"v{number}", "one 😂", "two"), at=day),
            RECORDER.predictions(*predictions("bare"), at=day),
            RECORDER.feedback(
                FeedbackRequest(text="great\nfun", label="positive", video_id=f"v{number}"),
                "ada",
                at=day,
            ),
            RECORDER.feedback(FeedbackRequest(text=f"meh {number}", label="neutral"), "grace", at=day),
            at=day,
        )
    yield opened
    opened.close()


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[fs.S3FileSystem]:
    """Yield an S3 server with the bucket `lake`, which the environment names."""
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server._server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    system = fs.S3FileSystem(
        endpoint_override=f"127.0.0.1:{server._server.server_port}",
        scheme="http",
        region="us-east-1",
        allow_bucket_creation=True,
    )
    system.create_dir("lake")
    yield system
    server.stop()


def add(database: Database, *payloads: bytes, at: datetime) -> None:
    """Store records that were accepted at the moment `at`."""
    with database.writing() as connection:
        start = int(at.timestamp() * 1e6)
        store(connection, [Placed(start + n, parse(payload)) for n, payload in enumerate(payloads)])


def files(folder: Path) -> dict[str, bytes]:
    """Return the content of each file under `folder`, hidden ones too."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def days(folder: Path) -> list[str]:
    return sorted(Path(name).parts[0] for name in files(folder))


def test_every_row_is_there_by_day(database: Database, tmp_path: Path) -> None:
    lake = tmp_path / "lake"

    assert export(database, str(lake)) == {"predictions": 9, "feedback": 6}

    assert days(lake / "predictions") == ["day=2026-11-23", "day=2026-11-24", "day=2026-11-25"]
    rows = pq.read_table(lake / "predictions").to_pandas()
    assert sorted(rows["text"]) == ["bare"] * 3 + ["one 😂"] * 3 + ["two"] * 3
    assert set(rows["day"].astype(str)) == {"2026-11-23", "2026-11-24", "2026-11-25"}
    first = rows[rows["video_id"] == "v0"].iloc[0]
    assert first["analysed_at"] == pd.Timestamp(DAYS[0])
    assert (first["label"], first["score"], first["author"]) == (
        "positive", 0.6, RECORDER.author("@author-0"),
    )  # fmt: skip


def test_a_rerun_changes_nothing(database: Database, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    export(database, str(lake))
    before = files(lake)

    export(database, str(lake))

    assert files(lake) == before


def test_what_came_late_and_what_was_deleted_reach_the_next_run(
    database: Database, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    export(database, str(lake))
    add(database, RECORDER.predictions(*predictions("late"), at=DAYS[0]), at=DAYS[2])
    forget(database, "v0", 2**62, date(2026, 11, 25))

    assert export(database, str(lake)) == {"predictions": 8, "feedback": 5}

    rows = pq.read_table(lake / "predictions").to_pandas()
    first = rows[rows["day"].astype(str) == "2026-11-23"]
    assert sorted(first["text"]) == ["bare", "late"]
    assert sorted(rows["text"]) == ["bare"] * 3 + ["late"] + ["one 😂"] * 2 + ["two"] * 2


def test_a_day_of_which_everything_was_deleted_goes_and_one_kept_long_enough_stays(
    tmp_path: Path,
) -> None:
    lake, url = tmp_path / "lake", URL.create("sqlite", database=str(tmp_path / "one.db"))
    database = Database(url)
    migrate(database)
    for name, day in zip("abc", DAYS, strict=True):
        add(database, RECORDER.analysis(*analysis(name, name), at=day), at=day)
    export(database, str(lake))
    now = int(DAYS[2].timestamp() * 1e6)
    assert sweep(database, date(2026, 11, 24), now) == 1
    forget(database, "b", now, date(2026, 11, 25))

    export(database, str(lake))

    assert days(lake / "predictions") == ["day=2026-11-23", "day=2026-11-25"]
    database.close()


def test_two_databases_do_not_touch_each_other_s_files(database: Database, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    other = Database(URL.create("sqlite", database=str(tmp_path / "other.db")))
    migrate(other)
    add(other, RECORDER.predictions(*predictions("other"), at=DAYS[0]), at=DAYS[0])
    export(database, str(lake))
    export(other, str(lake))
    export(database, str(lake))

    assert pq.read_table(lake / "predictions").num_rows == 10
    other.close()


def test_feedback_is_read_by_training(database: Database, tmp_path: Path) -> None:
    export(database, str(tmp_path / "data"))

    kept = read(tmp_path / "data" / "feedback")

    assert len(kept) == 6
    assert sorted(kept[["text", "label"]].itertuples(index=False, name=None)) == [
        *[("great\nfun", "positive")] * 3, *((f"meh {number}", "neutral") for number in range(3)),
    ]  # fmt: skip
    positive = kept[kept["label"] == "positive"]
    assert set(positive["group"]) == {"video v0", "video v1", "video v2"}
    assert set(positive["client"]) == {RECORDER.client("ada")}
    assert list(positive["at"]) == [pd.Timestamp(day) for day in DAYS]


def test_s3_gets_the_same_files(database: Database, tmp_path: Path, s3: fs.S3FileSystem) -> None:
    export(database, str(tmp_path / "lake"))
    for _ in range(2):
        assert export(database, "s3://lake/history/")["predictions"] == 9

    found = {
        info.path.removeprefix("lake/history/"): s3.open_input_file(info.path).read()
        for info in s3.get_file_info(fs.FileSelector("lake/history", recursive=True))
        if info.is_file
    }
    assert found == files(tmp_path / "lake")


def test_a_bucket_that_is_not_there_is_an_error(database: Database, s3: fs.S3FileSystem) -> None:
    with pytest.raises(ExportError, match="s3://nowhere/x"):
        export(database, "s3://nowhere/x")


def test_a_destination_that_is_none_is_an_error(database: Database, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ExportError, match="can't write to"):
        export(database, str(tmp_path / "file"))
    with pytest.raises(ExportError, match="neither a folder nor s3"):
        export(database, "ftp://host/x")


def test_what_an_export_that_was_killed_left_aside_goes_after_a_day(
    database: Database, tmp_path: Path
) -> None:
    lake = tmp_path / "lake"
    export(database, str(lake))
    (day, *_) = (lake / "feedback").iterdir()
    (file,) = (path.name for path in day.iterdir())
    left, written_now, another_s = (
        day / f".{part}.aside" for part in (f"{file}.1", f"{file}.2", "other.parquet.1")
    )
    for path in (left, written_now, another_s):
        path.touch()
    two_days_ago = time.time() - 2 * 24 * 3600
    for path in (left, another_s):
        os.utime(path, (two_days_ago, two_days_ago))

    export(database, str(lake))

    assert not left.exists()
    assert written_now.exists()
    assert another_s.exists()


def test_a_number_of_attempts_that_is_none_is_an_error(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "many")
    with pytest.raises(ExportError, match="'many'"):
        export(database, "s3://lake")
