from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.exc import OperationalError

from backend.history.database import Database, address
from backend.settings import Settings


def test_sqlite_in_the_state_directory_is_the_default(tmp_path: Path) -> None:
    assert address(Settings(), tmp_path).database == str(tmp_path / "history.db")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_taken_by_any_of_its_names(tmp_path: Path, scheme: str) -> None:
    found = address(Settings(database=SecretStr(f"{scheme}://u:p@db:5433/name")), tmp_path)

    assert found.render_as_string(hide_password=False) == "postgresql+psycopg://u:p@db:5433/name"


def test_a_server_that_hangs_amid_a_transaction_is_hung_up_on(postgres_url: URL) -> None:
    database = Database(postgres_url, patience=1)
    with database.reading() as connection:
        server = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
        os.kill(server, signal.SIGSTOP)
        with pytest.raises(OperationalError):
            connection.execute(text("SELECT 1"))
        os.kill(server, signal.SIGCONT)

    with database.reading() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_readers_do_not_wait_for_a_writer(tmp_path: Path) -> None:
    database = Database(URL.create("sqlite", database=str(tmp_path / "history.db")))
    with database.writing() as writer:
        writer.execute(text("CREATE TABLE kept (n INTEGER)"))
    with database.writing() as writer:
        writer.execute(text("INSERT INTO kept VALUES (1)"))
        with database.reading() as reader:
            assert reader.execute(text("SELECT count(*) FROM kept")).scalar_one() == 0
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM kept")).scalar_one() == 1
    database.close()
