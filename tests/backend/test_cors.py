from __future__ import annotations

import pytest

from tests.backend.client import Answer, Client

EXTENSION = "chrome-extension://" + "abcdefghijklmnop" * 2


def preflight(client: Client, origin: str, **more: str) -> Answer:
    headers = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    return client.send("OPTIONS", "/v1/analyze", None, headers | more)


def test_an_extension_may_call(client: Client) -> None:
    answer = preflight(client, EXTENSION)

    assert answer.headers["Access-Control-Allow-Origin"] == EXTENSION
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "content-type" in answer.headers["Access-Control-Allow-Headers"].lower()
    assert answer.headers["Access-Control-Allow-Credentials"] is None


def test_chrome_may_ask_to_reach_the_local_network(client: Client) -> None:
    answer = preflight(client, EXTENSION, **{"Access-Control-Request-Private-Network": "true"})

    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "chrome-extension://short",
        f"{EXTENSION}.evil.example",
        f"https://evil.example/{EXTENSION}",
        "http://127.0.0.1:8000",
    ],
)
def test_a_page_of_another_origin_may_not(client: Client, origin: str) -> None:
    for answer in (preflight(client, origin), client.get("/v1/model", {"Origin": origin})):
        assert answer.headers["Access-Control-Allow-Origin"] is None


def test_request_ids_are_echoed_if_harmless(client: Client) -> None:
    assert client.get("/v1/model", {"X-Request-ID": "abc-1"}).headers["X-Request-ID"] == "abc-1"

    for hostile in ("a b", "x" * 65, '"><script>'):
        given = client.get("/v1/model", {"X-Request-ID": hostile}).headers["X-Request-ID"]
        assert given != hostile
        assert len(given) == 32
