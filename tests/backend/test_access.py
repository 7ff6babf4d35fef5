"""Who may ask what, on a real server with two processes that needs tokens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from backend import create_app
from backend.access import check, scope_of
from backend.settings import Settings
from backend.tokens import Tokens
from tests.backend.client import Answer, Client
from tests.backend.conftest import problem
from tests.backend.test_cors import EXTENSION, preflight
from tests.server import free_port, refused_start, running_backend

BODY = {"comments": ["Nice video"]}


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def reader(tokens: Tokens) -> str:
    return tokens.create("reader", ["read"])[1]


@pytest.fixture(scope="module")
def guarded(tokens: Tokens, reader: str) -> Iterator[Client]:
    """Yield a client of a server that needs tokens."""
    state = str(tokens.path.parent)
    with running_backend(require_token="true", state=state, workers="2") as address:
        yield Client(address)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def several(client: Client, headers: dict[str, str]) -> list[Answer]:
    """Return the answers to requests enough that both processes of the server get some."""
    return [client.get("/v1/model", headers) for _ in range(12)]


def test_a_request_without_token_is_told_how_to_send_one(guarded: Client) -> None:
    answer = guarded.post("/v1/predict", BODY)

    assert "Authorization: Bearer" in problem(answer, 401)["detail"]
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="undertone"'


@pytest.mark.parametrize(
    "value",
    [
        "Bearer undertone_wrong",
        "Bearer ",
        "Bearer",
        "Basic dTpw",
        "bearer \xff",
        "Digest a=b",
        "x" * 4000,
    ],
)
def test_a_request_with_another_token_is_refused(guarded: Client, value: str) -> None:
    answer = guarded.post("/v1/predict", BODY, {"Authorization": value})

    problem(answer, 401)
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_a_token_opens_what_its_scope_allows(guarded: Client, reader: str) -> None:
    assert guarded.post("/v1/predict", BODY, bearer(reader)).status == 200
    assert guarded.get("/v1/model", bearer(reader)).status == 200


def test_a_token_of_another_scope_is_told_what_it_lacks(guarded: Client, tokens: Tokens) -> None:
    _, secret = tokens.create("writer", ["write", "admin"])
    answer = guarded.post("/v1/predict", BODY, bearer(secret))

    document = problem(answer, 403)
    assert document["scope"] == "read"
    assert 'error="insufficient_scope", scope="read"' in answer.headers["WWW-Authenticate"]


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/openapi.json", "/docs"])
def test_health_and_the_contract_are_open(guarded: Client, path: str) -> None:
    assert guarded.get(path).status == 200
    assert guarded.get(path, bearer("undertone_wrong")).status == 200


def test_a_preflight_needs_no_token_and_allows_to_send_one(guarded: Client) -> None:
    asked = {"Access-Control-Request-Headers": "authorization,content-type"}
    answer = preflight(guarded, EXTENSION, **asked)

    assert answer.status == 200
    assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()


def test_an_extension_can_read_why_it_was_refused(guarded: Client) -> None:
    answer = guarded.post("/v1/predict", BODY, {"Origin": EXTENSION})

    assert answer.status == 401
    assert answer.headers["Access-Control-Allow-Origin"] == EXTENSION
    assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]


def test_a_large_body_without_token_still_gets_to_see_the_refusal(guarded: Client) -> None:
    problem(guarded.post("/v1/predict", {"comments": ["x" * 7_000_000]}), 401)


def test_a_revoked_token_is_refused_by_every_process_at_once(guarded: Client, tokens: Tokens) -> None:
    _, secret = tokens.create("short-lived", ["read"])
    assert {answer.status for answer in several(guarded, bearer(secret))} == {200}

    tokens.revoke("short-lived")

    assert {answer.status for answer in several(guarded, bearer(secret))} == {401}


def test_both_secrets_open_while_a_token_is_rotated(guarded: Client, tokens: Tokens) -> None:
    _, old = tokens.create("rotated", ["read"])
    _, new = tokens.rotate("rotated", timedelta(seconds=1))
    assert {answer.status for answer in several(guarded, bearer(new))} == {200}

    time.sleep(1.1)

    assert {answer.status for answer in several(guarded, bearer(old))} == {401}
    assert {answer.status for answer in several(guarded, bearer(new))} == {200}


def test_a_use_is_noted(guarded: Client, tokens: Tokens) -> None:
    token, secret = tokens.create("used", ["read"])
    guarded.get("/v1/model", bearer(secret))

    assert tokens.last_used(token) is not None


def test_unreadable_tokens_open_nothing(guarded: Client, tokens: Tokens, reader: str) -> None:
    kept = tokens.path.read_bytes()
    try:
        tokens.path.write_bytes(b"{")
        answer = guarded.get("/v1/model", bearer(reader))
        assert problem(answer, 503)["detail"] == "The server can't read its tokens."
    finally:
        tokens.path.write_bytes(kept)
    assert guarded.get("/v1/model", bearer(reader)).status == 200


def test_the_contract_says_which_scope_each_route_needs(guarded: Client, client: Client) -> None:
    document = guarded.get("/openapi.json").json

    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    predict = document["paths"]["/v1/predict"]["post"]
    assert predict["security"] == [{"token": ["read"]}]
    assert {"401", "403"} <= set(predict["responses"])
    assert "security" not in document["paths"]["/health/live"]["get"]
    assert "security" not in client.get("/openapi.json").json["paths"]["/v1/predict"]["post"]


def test_every_view_says_what_it_needs() -> None:
    app = create_app(Settings())
    needed: dict[str, set[str | None]] = {}
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            needed.setdefault(method, set()).add(scope_of(view))
        assert rule.rule == "/metrics" or hasattr(view, "undertone_scope"), rule.rule

    assert needed.get("DELETE", {"admin"}) == {"admin"}


@pytest.mark.parametrize(
    "settings",
    [{"host": "0.0.0.0"}, {"host": "::"}, {"require_token": "true"}, {"trusted_proxies": "127.0.0.1"}],
    ids=str,
)
def test_a_server_that_others_can_reach_does_not_start_without_token(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    said = refused_start(state=str(tmp_path), **settings)

    assert "undertone token create" in said
    assert len(said.strip().splitlines()) == 1


def test_a_server_that_others_can_reach_starts_with_a_token(tmp_path: Path) -> None:
    Tokens(tmp_path).create("mine", ["read"])

    check(Settings(host="0.0.0.0", port=free_port(), state=tmp_path))


def test_an_expired_token_is_none(tmp_path: Path) -> None:
    Tokens(tmp_path).create("mine", ["read"], timedelta(microseconds=1))

    assert "undertone token create" in refused_start(state=str(tmp_path), host="0.0.0.0")


def test_a_token_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    Tokens(tmp_path).create("mine", ["read"])
    (tmp_path / "tokens.json").chmod(0o644)

    assert "chmod 600" in refused_start(state=str(tmp_path), host="0.0.0.0")
