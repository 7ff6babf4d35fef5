"""From the spool into the database: once each, whatever comes between."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from backend import history as history_module
from backend.errors import HistoryUnavailable
from backend.history import database as database_module
from backend.history import drain as drain_module
from backend.history import reading
from backend.history.clock import WallClock
from backend.history.frames import write_frame
from backend.history.ledger import Ledger
from backend.history.records import Recorder
from backend.history.wire import FeedbackRequest, Page
from tests.backend.history.made_up import analysis, history, predictions, query, texts, until
from tests.services import Service

RECORDER = Recorder(b"key", keep_text=True, max_characters=10_000)
NOWHERE = URL.create("postgresql", "u", host="127.0.0.1", port=1, database="d")
NOW = datetime(2026, 11, 25, tzinfo=UTC)


def left_behind(state: Path, lines: list[bytes]) -> None:
    """Leave `lines` in the folder of a worker that has died."""
    folder = state / "spool" / "dead"
    folder.mkdir(parents=True)
    (folder / "lock").touch()
    (folder / "000000000001.log").write_bytes(b"".join(lines))


def test_everything_accepted_is_stored(url: URL, tmp_path: Path) -> None:
    with history(tmp_path, url) as kept:
        kept.keep_analysis(
            *analysis("v", "a1", "a2", title="A title", published_at="2026-01-01T00:00:00Z")
        )
        kept.keep_predictions(*predictions("p1"))
        kept.keep_feedback(FeedbackRequest(text="f1", label="positive", video_id="v"), "ada")
        until(lambda: kept.figures().stored == 3 and kept.figures().backlog_bytes == 0)
        figures = kept.figures()

    assert texts(url) == ["a1", "a2", "p1"]
    ((*given, client),) = query(url, "SELECT text, label, video_id, client FROM feedback")
    assert given == ["f1", "positive", "v"]
    assert client == Recorder(history_module.author_key(tmp_path), True, 1).client("ada")
    ((title, published_at),) = query(url, "SELECT title, published_at FROM videos")
    assert (title, str(published_at)[:10]) == ("A title", "2026-01-01")
    assert (figures.accepted, figures.declined, figures.rejected) == (3, 0, 0)
    assert figures.backlog_records == 0


def test_a_replay_after_a_crash_stores_nothing_twice(url: URL, tmp_path: Path) -> None:
    given = [RECORDER.analysis(*analysis("v", "a1", "a2"), at=NOW)]
    given += [RECORDER.feedback(FeedbackRequest(text="f1", label="neutral"), "ada", at=NOW)]
    lines = [write_frame(n + 1, payload) for n, payload in enumerate(given)]
    for _ in range(2):
        left_behind(tmp_path, [*lines, *lines])
        with history(tmp_path, url) as kept:
            until(lambda: not (tmp_path / "spool" / "dead").exists())
            figures = kept.figures()

    assert texts(url) == ["a1", "a2"]
    assert query(url, "SELECT text FROM feedback") == [("f1",)]
    assert (figures.stored, figures.repeated) == (2, 6)


def test_what_waits_since_before_clients_were_noted_is_stored_without(url: URL, tmp_path: Path) -> None:
    record = json.loads(RECORDER.feedback(FeedbackRequest(text="f1", label="neutral"), "ada", at=NOW))
    del record["client"]
    left_behind(tmp_path, [write_frame(1, json.dumps(record).encode())])

    with history(tmp_path, url) as kept:
        until(lambda: kept.figures().stored == 1)

    assert query(url, "SELECT text, client FROM feedback") == [("f1", None)]


def test_what_a_server_could_not_store_is_stored_by_the_next(sqlite_url: URL, tmp_path: Path) -> None:
    with history(tmp_path, NOWHERE) as kept:
        kept.keep_predictions(*predictions("kept"))

    with history(tmp_path) as kept:
        until(lambda: kept.figures().stored == 1)

    assert texts(sqlite_url) == ["kept"]
    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize("spoilt", ["checksum", "json", "version", "value"])
def test_a_poison_record_is_set_aside_and_blocks_nothing(url: URL, tmp_path: Path, spoilt: str) -> None:
    payloads = [RECORDER.predictions(*predictions(text), at=NOW) for text in ("before", "after")]
    record = json.loads(RECORDER.predictions(*predictions("poison"), at=NOW))
    if spoilt == "version":
        record["version"] = 99
    # Nothing that a request may hold; SQLite refuses the one, PostgreSQL both.
    if spoilt == "value":
        record["comments"] |= {"likes": [2**70], "text": ["\x00"]}
    poison = write_frame(2, b"{" if spoilt == "json" else json.dumps(record).encode())
    if spoilt == "checksum":
        poison = poison.replace(b"poison", b"pOison")
    left_behind(tmp_path, [write_frame(1, payloads[0]), poison, write_frame(3, payloads[1])])

    with history(tmp_path, url) as kept:
        until(lambda: not (tmp_path / "spool" / "dead").exists())
        figures = kept.figures()

    assert texts(url) == ["after", "before"]
    assert (figures.stored, figures.rejected) == (2, 1)
    assert (tmp_path / "rejected.log").read_bytes() == poison


def test_what_is_deleted_stays_deleted_though_some_of_it_still_waits(
    url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with history(tmp_path, url) as kept:
        kept.keep_analysis(*analysis("gone", "stored"))
        kept.keep_analysis(*analysis("other", "other"))
        until(lambda: kept.figures().stored == 2)
        monkeypatch.setattr(drain_module, "_GATHER_SECONDS", 1)
        kept.keep_feedback(FeedbackRequest(text="waits", label="neutral", video_id="gone"), "ada")
        kept.keep_analysis(*analysis("gone", "waits"))
        kept.forget("gone")
        kept.keep_analysis(*analysis("gone", "came after"))
        until(lambda: kept.figures().stored + kept.figures().forgotten == 5)

    assert texts(url) == ["came after", "other"]
    assert query(url, "SELECT * FROM feedback") == []


def test_an_author_is_a_hash_and_no_text_is_kept_where_none_may_be(
    sqlite_url: URL, tmp_path: Path
) -> None:
    with history(tmp_path, history_text=False) as kept:
        kept.keep_analysis(*analysis("v", "secret words", "secret words"))
        until(lambda: kept.figures().stored == 1)
    one = history_module.author_key(tmp_path)

    rows = query(sqlite_url, "SELECT text, author FROM predictions ORDER BY ordinal")
    expected = [Recorder(one, False, 1).author(f"@author-{n}") for n in range(2)]
    assert rows == [(None, expected[0]), (None, expected[1])]
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert b"secret" not in path.read_bytes(), path
        assert b"@author" not in path.read_bytes(), path


def test_nothing_readable_waits_while_the_database_is_away(tmp_path: Path) -> None:
    with history(tmp_path, NOWHERE, history_text=False) as kept:
        kept.keep_analysis(*analysis("v", "secret words"))

    (segment,) = (tmp_path / "spool").rglob("*.log")
    assert b'"label":["positive"]' in segment.read_bytes()
    assert b"secret" not in segment.read_bytes()
    assert b"@author" not in segment.read_bytes()


def test_the_newest_is_what_came_last_whatever_the_clock_said(
    url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumps = [0, 5, -400, -399, 4000, 1]
    moments = [NOW + timedelta(days=days) for days in jumps]
    clock, ticks = iter(moments), iter([int(moment.timestamp() * 1e6) for moment in moments])
    monkeypatch.setattr(history_module, "_now", lambda: next(clock))
    monkeypatch.setattr(history_module, "Ledger", lambda state: Ledger(state, lambda: next(ticks)))
    with history(tmp_path, url, history_days=0) as kept:
        for n in range(len(jumps)):
            kept.keep_analysis(*analysis("v", f"visit {n}", title=f"visit {n}"))
        until(lambda: kept.figures().stored == len(jumps))
        with kept.reading() as connection:
            pages = [reading.video(connection, "v", Page(limit=4))]
            assert pages[0] is not None
            pages.append(reading.video(connection, "v", Page(limit=4, cursor=pages[0].next)))

    found = [stored.analysed_at for page in pages if page for stored in page.analyses]
    assert found == moments[::-1]
    assert pages[1] is not None
    assert (pages[1].video.title, pages[1].next) == ("visit 5", None)


def swept(url: URL, state: Path, clock: WallClock, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is stored after a history with the given clock has had time to delete."""
    done: list[bool] = []
    original = drain_module.Drain._sweep

    def sweep(self: drain_module.Drain) -> None:
        original(self)
        done.append(True)

    monkeypatch.setattr(drain_module, "WallClock", lambda: clock)
    monkeypatch.setattr(drain_module.Drain, "_sweep", sweep)
    with history(state, url, history_days=90):
        until(lambda: bool(done))
    return texts(url)


def test_what_was_kept_long_enough_is_deleted_unless_only_the_clock_has_jumped(
    url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = {"old": NOW - timedelta(days=91), "young": NOW - timedelta(days=89)}
    left_behind(
        tmp_path,
        [
            write_frame(int(at.timestamp() * 1e6), RECORDER.analysis(*analysis(name, name), at=at))
            for name, at in times.items()
        ]
        # Made while the clock was set back to 1970.
        + [
            write_frame(
                int(NOW.timestamp() * 1e6),
                RECORDER.predictions(*predictions("set back"), at=datetime(1970, 1, 1, tzinfo=UTC)),
            )
        ],
    )
    rejected = tmp_path / "rejected.log"
    rejected.touch()
    os.utime(rejected, (times["old"].timestamp(), times["old"].timestamp()))
    steady, wall = [0.0], [NOW.timestamp()]
    clock = WallClock(lambda: wall[0], lambda: steady[0])

    assert swept(url, tmp_path, clock, monkeypatch) == ["old", "set back", "young"]
    wall[0] += 10 * 365 * 86_400
    steady[0] += 600
    assert swept(url, tmp_path, clock, monkeypatch) == ["old", "set back", "young"]
    wall[0] = NOW.timestamp() + 600
    assert swept(url, tmp_path, clock, monkeypatch) == ["old", "set back", "young"]
    assert rejected.exists()
    wall[0] += 3601
    steady[0] += 3601
    assert swept(url, tmp_path, clock, monkeypatch) == ["set back", "young"]
    assert query(url, "SELECT id FROM videos") == [("young",)]
    assert not rejected.exists()


def test_a_database_that_hangs_delays_and_loses_nothing(
    postgres: Service, postgres_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(database_module._CONNECTION, "connect_timeout", 2)
    with history(tmp_path, postgres_url) as kept:
        kept.keep_predictions(*predictions("before"))
        until(lambda: kept.figures().stored == 1)
        postgres.freeze()
        try:
            for n in range(20):
                kept.keep_predictions(*predictions(f"meanwhile {n}"))
            with pytest.raises(HistoryUnavailable), kept.reading():
                pass
            assert (kept.figures().accepted, kept.figures().stored) == (21, 1)
            assert kept.figures().backlog_records == 20
        finally:
            postgres.thaw()
        until(lambda: kept.figures().stored == 21)

    assert texts(postgres_url) == sorted(["before", *(f"meanwhile {n}" for n in range(20))])


def test_the_longest_outage_is_asked_about_every_few_seconds(tmp_path: Path) -> None:
    with history(tmp_path, NOWHERE) as kept:
        kept._drain._failures = 100_000

        assert kept._drain._pause() == 5
