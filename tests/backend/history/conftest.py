"""What the history's tests share: a real PostgreSQL, and an empty database of either kind."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

from tests.services import Service, running_postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Service]:
    """Yield a running PostgreSQL."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Service) -> URL:
    """Return the address of an empty database in PostgreSQL."""
    name = f"history_{uuid.uuid4().hex}"
    engine = create_engine(postgres.address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return make_url(postgres.address).set(database=name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> URL:
    """Return the address of the database that a history in `tmp_path` makes for itself."""
    return URL.create("sqlite", database=str(tmp_path / "history.db"))


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> URL:
    """Return the address of an empty database: once in SQLite, once in PostgreSQL."""
    name = "sqlite_url" if request.param == "sqlite" else "postgres_url"
    found = request.getfixturevalue(name)
    assert isinstance(found, URL)
    return found
