from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlalchemy.engine import URL

from backend.history.database import Database
from backend.history.migrate import migrate
from backend.history.records import Recorder, parse
from backend.history.store import Placed, store
from backend.history.wire import FeedbackRequest
from tests.backend.command.conftest import Shell, complaint
from tests.backend.history.made_up import predictions
from tests.server import free_port

RECORDER = Recorder(b"key", keep_text=True, max_characters=10_000)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def stored(undertone: Shell) -> None:
    """Store two predictions and a correction as the server would."""
    undertone.state.mkdir()
    database = Database(URL.create("sqlite", database=str(undertone.state / "history.db")))
    migrate(database)
    payloads = [
        RECORDER.predictions(*predictions("one", "two"), at=NOON),
        RECORDER.feedback(FeedbackRequest(text="great", label="positive"), "ada", at=NOON),
    ]
    with database.writing() as connection:
        store(connection, [Placed(n, parse(payload)) for n, payload in enumerate(payloads)])
    database.close()


@pytest.mark.usefixtures("stored")
def test_the_history_of_the_server_is_written(undertone: Shell, tmp_path: Path) -> None:
    result = undertone("export", str(tmp_path / "lake"))

    assert result.output == f"2 rows of predictions, 1 rows of feedback are in {tmp_path}/lake\n"
    rows = pq.read_table(tmp_path / "lake" / "predictions").to_pandas()
    assert sorted(rows["text"]) == ["one", "two"]


def test_a_server_that_never_ran_has_nothing_to_export(undertone: Shell, tmp_path: Path) -> None:
    result = undertone("export", str(tmp_path / "lake"))

    assert result.output == f"0 rows of predictions, 0 rows of feedback are in {tmp_path}/lake\n"


def test_what_can_t_be_read_or_written_is_said(undertone: Shell, tmp_path: Path) -> None:
    nobody = f"postgresql://undertone:secret@127.0.0.1:{free_port()}/undertone"

    away = undertone("export", str(tmp_path / "lake"), database=nobody)
    assert away.exit_code == 1
    assert "the database does not answer" in away.stderr
    assert "secret" not in away.stderr
    assert "neither a folder nor s3" in complaint(undertone("export", "ftp://host/x"))
