"""Brings a database to the tables that this version knows.

Knows Alembic and how two servers that start at once keep out of each other's way. Each migration is a
module of `migrations/versions`. `python -m backend.history.migrate` does it by hand.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from alembic.util import CommandError
from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import SQLAlchemyError

from backend.history.database import Database, address
from backend.settings import SettingsError, load_settings
from backend.state import StateError, state_directory

_FOLDER = Path(__file__).parent / "migrations"
# Any number will do, if nobody else in the database locks by it.
_LOCK = 7_311_994_025_604_417_390
# Alembic knows one migration at a time in a process. Taken before the lock of a database, never after.
_MIGRATING = threading.RLock()


class UnknownRevisionError(RuntimeError):
    """The database was made by a later version of this program."""


def migrate(database: Database) -> None:
    """Make the tables of `database` those of this version; do nothing if they are.

    Whoever comes second waits, and finds nothing to do. What fails or is killed leaves no trace.

    Raises:
        UnknownRevisionError: a later version was here.
    """
    with database.reading() as connection:
        if _revision(connection) == _head():
            return
    with _MIGRATING, database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        try:
            command.upgrade(_config(connection), "head")
        except (CommandError, RevisionError) as error:
            raise UnknownRevisionError(_unknown(_revision(connection))) from error


def check_revision(connection: Connection) -> None:
    """Make sure that the database is one that `migrate` can bring to the tables of this version.

    Raises:
        UnknownRevisionError: a later version was here.
    """
    revision = _revision(connection)
    known = {script.revision for script in ScriptDirectory(str(_FOLDER)).walk_revisions()}
    if revision is not None and revision not in known:
        raise UnknownRevisionError(_unknown(revision))


class MigratedDatabase(Database):
    """A database that is migrated before its first use, whenever it can be reached for that."""

    def __init__(self, url: URL, patience: float) -> None:
        super().__init__(url, patience)
        self._patience = patience
        self._unhurried = Database(url)
        self._current = False

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        self._ensure()
        with super().reading() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        self._ensure()
        with super().writing() as connection:
            yield connection

    def distrust(self) -> None:
        """Look at the tables anew before the next use: the database may come back as another."""
        self._current = False

    def close(self) -> None:
        super().close()
        self._unhurried.close()

    def _ensure(self) -> None:
        if self._current:
            return
        if not _MIGRATING.acquire(timeout=self._patience):
            raise TimeoutError("the database is still being migrated")
        try:
            migrate(self._unhurried)
            self._current = True
        finally:
            _MIGRATING.release()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _unknown(revision: str | None) -> str:
    return (
        f"the database is at revision {revision}, which this version of the program does not know; "
        f"its latest is {_head()}"
    )


def _head() -> str | None:
    return ScriptDirectory(str(_FOLDER)).get_current_head()


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    # A percent sign in the path would be read as the beginning of a placeholder.
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def main() -> None:
    """Migrate the database that the environment's settings name."""
    try:
        settings = load_settings()
        database = Database(address(settings, state_directory(settings)))
        migrate(database)
    except (SettingsError, StateError, UnknownRevisionError) as error:
        sys.exit(f"undertone can't migrate: {error}")
    except SQLAlchemyError as error:
        sys.exit(f"undertone can't migrate: the database does not answer: {error}")
    sys.stdout.write(f"the history is at revision {_head()}\n")


if __name__ == "__main__":
    main()
