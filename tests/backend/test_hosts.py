from __future__ import annotations

import socket
from urllib.parse import urlsplit

import pytest

from backend.hosts import name_of
from tests.backend.client import Client
from tests.backend.conftest import problem
from tests.server import running_backend


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:9999", "[::1]:8000", "localhost."]
)
def test_a_local_name_is_answered(client: Client, host: str) -> None:
    assert client.get("/v1/model", {"Host": host}).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8000", "evil.example:127.0.0.1",
     "0.0.0.0", "localhost:80@evil.example", "[::1", ""],
)  # fmt: skip
def test_a_page_that_rebinds_its_name_is_not(client: Client, host: str) -> None:
    for answer in (
        client.get("/v1/model", {"Host": host}),
        client.get("/", {"Host": host}),
        client.post("/v1/predict", {"comments": ["x"]}, {"Host": host}),
    ):
        assert "UNDERTONE_ALLOWED_HOSTS" in problem(answer, 421)["detail"]


def test_a_client_of_http_1_0_needs_no_name(client: Client) -> None:
    location = urlsplit(client.address)
    with socket.create_connection((location.hostname, location.port), timeout=60) as connection:
        connection.sendall(b"GET /health/live HTTP/1.0\r\n\r\n")
        assert b" 200 OK" in connection.recv(100)


def test_a_name_of_the_settings_is_answered_too() -> None:
    with running_backend(allowed_hosts="undertone.test, [fd00::1]") as address:
        client = Client(address)
        for host in ("undertone.test:8000", "Undertone.Test", "[fd00::1]", "localhost"):
            assert client.get("/health/live", {"Host": host}).status == 200
        assert client.get("/health/live", {"Host": "other.test"}).status == 421


def test_a_name_has_neither_port_nor_final_dot() -> None:
    assert name_of("A.example.:80") == "a.example"
    assert name_of("[2001:db8::1]:80") == "[2001:db8::1]"
    assert name_of("a:b") == ""
