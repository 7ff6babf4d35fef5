from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from backend.proxies import TrustedProxies
from backend.tokens import Tokens
from tests.backend.client import Client
from tests.server import running_backend

NETWORKS = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("2001:db8::/32")]


def seen(peer: str, forwarded: str | None = None, proto: str = "") -> tuple[str, str]:
    """Return the address and the scheme that the application sees."""
    found: list[tuple[str, str]] = []

    def application(environ: dict[str, str], start_response: object) -> list[bytes]:
        found.append((environ["REMOTE_ADDR"], environ["wsgi.url_scheme"]))
        return []

    environ = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_X_FORWARDED_PROTO": proto}
    given = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    TrustedProxies(application, NETWORKS)(environ | given, lambda *_: lambda _: None)  # type: ignore[arg-type]
    return found[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "198.51.100.1, 192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "192.0.2.7, 10.1.2.3", "192.0.2.7"),
        ("127.0.0.1", "10.0.0.1, 10.1.2.3", "10.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.7, unknown, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", '"x, 192.0.2.7', "192.0.2.7"),
        ("127.0.0.1", "192.0.2.7:4711", "192.0.2.7"),
        ("127.0.0.1", "[2001:db9::7]:4711", "2001:db9::7"),
        ("::ffff:127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("2001:db8::1", "::ffff:192.0.2.7", "192.0.2.7"),
    ],
)
def test_the_client_is_the_nearest_address_that_is_no_proxy(
    peer: str, forwarded: str | None, client: str
) -> None:
    assert seen(peer, forwarded)[0] == client


def test_a_peer_that_is_not_trusted_is_not_believed() -> None:
    assert seen("203.0.113.5", "192.0.2.7", "https") == ("203.0.113.5", "http")


@pytest.mark.parametrize(
    ("proto", "scheme"),
    [("https", "https"), ("http, https", "https"), ("https, http", "http"), ("HTTPS", "https"),
     ("gopher", "http"), ('"https', "http")],
)  # fmt: skip
def test_the_scheme_is_the_nearest_proxy_s(proto: str, scheme: str) -> None:
    assert seen("127.0.0.1", "192.0.2.7", proto)[1] == scheme


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, dict[str, str]]]:
    """Yield a client of a server that takes it for a trusted proxy, and a token."""
    state: Path = tmp_path_factory.mktemp("state")
    _, secret = Tokens(state).create("mine", ["read"])
    with running_backend(trusted_proxies="127.0.0.1", state=str(state)) as address:
        yield Client(address), {"Authorization": f"Bearer {secret}"}


def test_https_before_the_proxy_makes_browsers_stay_with_it(
    behind_a_proxy: tuple[Client, dict[str, str]],
) -> None:
    client, token = behind_a_proxy

    secure = client.get("/v1/model", token | {"X-Forwarded-Proto": "https"})
    plain = client.get("/v1/model", token)

    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert plain.headers["Strict-Transport-Security"] is None


def test_without_trusted_proxies_these_headers_change_nothing(client: Client) -> None:
    answer = client.get("/docs", {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"})

    assert answer.headers["Strict-Transport-Security"] is None
