"""Who sent a correction is kept as a hash that tells one from another and names nobody."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

from backend.history.records import Recorder
from backend.state import author_key
from backend.tokens import Tokens
from tests.backend.client import Client
from tests.server import running_backend


def stored(state: Path) -> dict[str, str]:
    """Return the client of each correction that a server has stored, by its text."""
    with sqlite3.connect(state / "history.db") as database:
        rows = database.execute("SELECT text, client FROM feedback").fetchall()
    database.close()
    return dict(rows)


def test_each_token_is_a_client_of_its_own_however_often_its_secret_changes(tmp_path: Path) -> None:
    tokens = Tokens(tmp_path)
    ada, grace = (tokens.create(name, ["write"])[1] for name in ("ada", "grace"))
    with running_backend(require_token="true", state=str(tmp_path), workers="2") as address:
        client = Client(address)
        _, again = tokens.rotate("ada", timedelta(hours=1))
        for text, secret in (("first", ada), ("second", again), ("third", grace)):
            headers = {"Authorization": f"Bearer {secret}", "X-Forwarded-For": "192.0.2.1"}
            sent = client.post("/v1/feedback", {"text": text, "label": "neutral"}, headers)
            assert sent.status == 202

    found = stored(tmp_path)
    assert found["first"] == found["second"] != found["third"]
    assert found["first"] == Recorder(author_key(tmp_path), True, 1).client("token:ada")


def test_an_address_is_hashed_and_kept_nowhere(tmp_path: Path) -> None:
    with running_backend(state=str(tmp_path)) as address:
        sent = Client(address).post("/v1/feedback", {"text": "so good", "label": "neutral"})
        assert sent.status == 202

    assert stored(tmp_path) == {
        "so good": Recorder(author_key(tmp_path), True, 1).client("address:127.0.0.1")
    }
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        assert b"127.0.0.1" not in path.read_bytes(), path


def test_a_token_and_an_author_of_one_name_have_different_hashes() -> None:
    recorder = Recorder(b"key", keep_text=True, max_characters=1)

    assert recorder.client("@ada") != recorder.author("@ada")
    assert recorder.client("@ada") != Recorder(b"other", True, 1).client("@ada")
