"""How much one client may ask, and that this is counted with and without Redis."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from backend import create_app
from backend.rate_limits import client as counted_for
from backend.settings import Settings
from backend.tokens import Tokens
from tests.backend.client import Answer, Client
from tests.backend.conftest import problem
from tests.server import running_backend
from tests.services import Service, running_redis

BODY = {"comments": ["Nice video"]}


@pytest.fixture(scope="module")
def redis() -> Iterator[Service]:
    with running_redis() as service:
        yield service


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def statuses(client: Client, number: int, headers: dict[str, str] | None = None) -> list[int]:
    return [client.post("/v1/predict", BODY, headers).status for _ in range(number)]


def test_nothing_is_limited_by_default(client: Client) -> None:
    assert client.get("/v1/model").headers["RateLimit-Limit"] is None


def test_a_client_past_its_limit_is_told_when_to_come_back() -> None:
    with running_backend(rate_limit="3") as address:
        client = Client(address)
        first = client.post("/v1/predict", BODY)
        # What a client says of its address gets it no second limit.
        assert statuses(client, 2, {"X-Forwarded-For": "192.0.2.1"}) == [200, 200]
        refused = client.post("/v1/predict", BODY, {"X-Forwarded-For": "192.0.2.2"})

        assert first.headers["RateLimit-Limit"] == "3"
        assert first.headers["RateLimit-Remaining"] == "2"
        assert 0 <= int(first.headers["RateLimit-Reset"]) <= 60
        assert first.headers["Retry-After"] is None
        assert problem(refused, 429)["detail"] == "At most 3 requests a minute."
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert refused.headers["RateLimit-Remaining"] == "0"
        assert client.get("/health/ready").status == 200
        assert "429" in client.get("/openapi.json").json["paths"]["/v1/predict"]["post"]["responses"]


def test_comments_are_counted_as_well() -> None:
    with running_backend(comment_rate_limit="10") as address:
        client = Client(address)
        answers: list[Answer] = [
            client.post("/v1/predict", {"comments": ["x"] * number}) for number in (4, 5, 6, 1)
        ]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["6", "1", "0", "0"]
    assert problem(answers[-1], 429)["detail"] == "At most 10 comments a minute."


def test_each_token_has_a_limit_of_its_own_and_so_has_who_has_none(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    ada, grace = (bearer(tokens.create(name, ["read"])[1]) for name in ("ada", "grace"))
    settings = {"require_token": "true", "state": str(tmp_path), "rate_limit": "2"}
    with running_backend(**settings) as address:
        client = Client(address)

        assert statuses(client, 3, ada) == [200, 200, 429]
        assert statuses(client, 3, grace) == [200, 200, 429]
        assert statuses(client, 3) == [401, 401, 429]
        _, second = tokens.rotate("ada", timedelta(hours=1))
        assert statuses(client, 1, bearer(second)) == [429]


def test_behind_a_trusted_proxy_each_address_has_a_limit(tmp_path: Path) -> None:
    Tokens(tmp_path).create("mine", ["read"])
    settings = {"trusted_proxies": "127.0.0.1", "state": str(tmp_path), "rate_limit": "1"}
    with running_backend(**settings) as address:
        client = Client(address)
        given = [
            client.post("/v1/predict", BODY, {"X-Forwarded-For": forwarded}).status
            for forwarded in ("192.0.2.1", "192.0.2.2", "198.51.100.9, 192.0.2.1")
        ]
    assert given == [401, 401, 429]


def test_redis_counts_for_all_processes_and_is_missed_by_nobody(redis: Service) -> None:
    with running_backend(redis=redis.address, rate_limit="8", workers="2") as address:
        client = Client(address)
        assert statuses(client, 12) == [200] * 8 + [429] * 4

        redis.stop()
        try:
            # Each of the two processes counts for itself now, from nothing.
            alone = statuses(client, 20)
        finally:
            redis.start()

    assert set(alone) == {200, 429}
    assert 8 <= alone.count(200) <= 16


def test_a_redis_that_hangs_delays_nobody_for_long(redis: Service) -> None:
    with running_backend(redis=redis.address, rate_limit="100", workers="1") as address:
        client = Client(address)
        redis.freeze()
        try:
            assert statuses(client, 5) == [200] * 5
        finally:
            redis.thaw()


def test_a_server_starts_while_redis_is_away() -> None:
    with running_backend(redis="redis://127.0.0.1:1/0", rate_limit="100") as address:
        assert statuses(Client(address), 2) == [200, 200]


@pytest.fixture(scope="module")
def app() -> Flask:
    return create_app(Settings())


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("::ffff:192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "address:2001:db8:1:2::/64"),
    ],
)
def test_a_network_of_ipv6_is_one_client(app: Flask, address: str, client: str) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert counted_for() == client
