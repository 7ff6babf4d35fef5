"""The tables are those of the models, whoever makes them, and however many at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.engine import URL

from backend.history.database import Database
from backend.history.migrate import UnknownRevisionError, _config, migrate
from backend.history.tables import Base
from tests.backend.history.made_up import query
from tests.server import ROOT, _environment


def test_the_migrations_make_the_tables_of_the_models(url: URL) -> None:
    database = Database(url)
    migrate(database)
    migrate(database)

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    database.close()


def test_corrections_of_before_who_sent_them_was_noted_stay(url: URL) -> None:
    database = Database(url)
    with database.writing() as connection:
        command.upgrade(_config(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO feedback (id, position, received_at, day, text, label) VALUES "
                "('00000000000000000000000000000001', 1, '2026-11-25', '2026-11-25', 'old', 'neutral')"
            )
        )

    migrate(database)

    assert query(url, "SELECT text, client FROM feedback") == [("old", None)]
    database.close()


def test_two_who_migrate_at_once_make_one_database(url: URL, tmp_path: Path) -> None:
    settings = {"state": str(tmp_path)}
    if url.get_backend_name() != "sqlite":
        settings["database"] = url.render_as_string(hide_password=False)
    migrating = [
        subprocess.Popen(
            [sys.executable, "-m", "backend.history.migrate"],
            cwd=ROOT,
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[0] for process in migrating]

    assert [process.returncode for process in migrating] == [0, 0], said
    assert len(query(url, "SELECT version_num FROM alembic_version")) == 1
    assert len(query(url, "SELECT id FROM origin")) == 1


def test_a_migration_that_fails_leaves_no_trace(url: URL) -> None:
    database = Database(url)
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE feedback (mine INTEGER)"))

    with pytest.raises(Exception, match="feedback"):
        migrate(database)

    with database.reading() as connection:
        dialect = connection.dialect
        assert dialect.get_table_names(connection) == ["feedback"]
    database.close()


def test_a_database_of_a_later_version_is_left_alone(url: URL) -> None:
    database = Database(url)
    migrate(database)
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'later'"))

    with pytest.raises(UnknownRevisionError, match="at revision later, which this version"):
        migrate(database)

    assert query(url, "SELECT version_num FROM alembic_version") == [("later",)]
    database.close()
