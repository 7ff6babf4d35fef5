"""The database of the history: SQLite in the state directory, or PostgreSQL.

Knows how each is opened, made safe and kept from waiting for ever. Knows nothing of tables.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import URL, make_url

from backend.settings import Settings

_SQLITE = "history.db"
_CONNECT_SECONDS = 5
_CONNECTION = {
    "connect_timeout": _CONNECT_SECONDS,
    "application_name": "undertone",
    # A server that is gone for good is noticed within a minute.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_BUSY_MS = 10_000
_PRAGMAS = (
    f"PRAGMA busy_timeout = {_BUSY_MS}",
    "PRAGMA journal_mode = WAL",
    # What was committed is taken out of the spool, so it has to outlive a power cut.
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # What was deleted shouldn't be found in the file.
    "PRAGMA secure_delete = ON",
)


def address(settings: Settings, state: Path) -> URL:
    """Return where the settings have the database."""
    if settings.database is None:
        return URL.create("sqlite", database=str(state / _SQLITE))
    return make_url(settings.database.get_secret_value()).set(drivername="postgresql+psycopg")


class Database:
    """A database that is opened when it is needed. Safe to use from several threads."""

    def __init__(self, url: URL, patience: float | None = None) -> None:
        """Describe the database at `url`; a transaction may take `patience` seconds, or any time."""
        self.url = url
        self.is_sqlite = url.get_backend_name() == "sqlite"
        self._engine = _sqlite(url) if self.is_sqlite else _postgresql(url, patience)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that sees one state of things."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection in a transaction that is committed at the end."""
        connecting = self._engine.connect().execution_options(undertone_writes=True)
        with connecting as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close the connections that wait for the next use."""
        self._engine.dispose()


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        # Python's own transactions begin too late; `begin` below begins them.
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that becomes a writer can't wait its turn, so a writer says at once that it is one.
        writes = connection.get_execution_options().get("undertone_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: URL, patience: float | None) -> Engine:
    # A connection for each transaction costs milliseconds, and none is stale after an outage.
    engine = create_engine(
        url,
        hide_parameters=True,
        poolclass=NullPool,
        isolation_level="READ COMMITTED",
        connect_args=_CONNECTION,
    )
    if patience is not None:
        _hang_up_after(engine, patience)
    return engine


def _hang_up_after(engine: Engine, seconds: float) -> None:
    """Close connections that are open for longer: a server that hangs can't be told to stop."""

    @event.listens_for(engine, "connect", insert=True)
    def begin(connection: Any, record: Any) -> None:
        line = socket.fromfd(connection.fileno(), socket.AF_INET, socket.SOCK_STREAM)
        timer = threading.Timer(seconds, _hang_up, [line])
        timer.daemon = True
        timer.start()
        record.info["undertone"] = (timer, line)

    @event.listens_for(engine, "close")
    def end(_connection: Any, record: Any) -> None:
        timer, line = record.info.pop("undertone")
        timer.cancel()
        line.close()


def _hang_up(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    # It ended in this very moment.
    except OSError:
        return
