"""The real servers of the tests: they are there, can be taken away, and come back as they were."""

from __future__ import annotations

import signal

import pytest
import redis
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from tests.services import running_postgres, running_redis


def test_postgres_comes_back_with_what_was_committed() -> None:
    with running_postgres() as server:
        engine = create_engine(server.address)
        with engine.begin() as connection:
            connection.execute(text("create table kept (n integer)"))
            connection.execute(text("insert into kept values (7)"))
        server.stop(signal.SIGKILL)
        with pytest.raises(OperationalError), engine.connect() as connection:
            connection.execute(text("select 1"))
        server.start()
        with engine.connect() as connection:
            assert connection.execute(text("select n from kept")).scalar_one() == 7
        engine.dispose()


def test_a_frozen_redis_does_not_answer() -> None:
    with running_redis() as server, redis.Redis.from_url(server.address, socket_timeout=0.5) as client:
        assert client.ping()
        server.freeze()
        with pytest.raises(redis.TimeoutError):
            client.ping()
        server.thaw()
        assert client.ping()
