from __future__ import annotations

import hashlib
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backend.tokens import TokenError, TokenFileError, Tokens

HOUR = timedelta(hours=1)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path)


def test_a_secret_finds_its_token_and_no_other(tokens: Tokens) -> None:
    mine, secret = tokens.create("mine", ["read"])
    tokens.create("another", ["admin"])

    assert tokens.find(secret) == mine
    for wrong in ("", secret[:-1], secret + "x", mine.sha256, "undertone_", "ü\x00"):
        assert tokens.find(wrong) is None


def test_the_file_is_closed_to_others_and_holds_no_secret(tokens: Tokens) -> None:
    token, secret = tokens.create("mine", ["read"])

    text = tokens.path.read_text()
    assert stat.S_IMODE(tokens.path.stat().st_mode) == 0o600
    assert secret not in text
    assert token.sha256 == hashlib.sha256(secret.encode()).hexdigest()
    assert token.sha256 in text


def test_a_secret_is_long_and_never_the_same(tokens: Tokens) -> None:
    secrets = {tokens.create(f"token-{n}", ["read"])[1] for n in range(5)}

    assert len(secrets) == 5
    assert all(len(secret) >= len("undertone_") + 43 for secret in secrets)


def test_an_expired_token_finds_nothing(tokens: Tokens) -> None:
    _, expired = tokens.create("expired", ["read"], timedelta(microseconds=1))
    _, valid = tokens.create("valid", ["read"], HOUR)

    assert tokens.find(expired) is None
    assert tokens.find(valid) is not None


def test_rotation_leaves_two_secrets_valid_until_the_overlap_ends(tokens: Tokens) -> None:
    _, old = tokens.create("mine", ["read", "write"], 2 * HOUR)
    second, new = tokens.rotate("mine", HOUR)

    first = tokens.find(old)
    assert first is not None
    assert first.expires_at is not None
    assert abs(first.expires_at - datetime.now(UTC) - HOUR) < timedelta(minutes=1)
    assert tokens.find(new) == second
    assert second.scopes == ("read", "write")


def test_rotation_never_prolongs_a_secret(tokens: Tokens) -> None:
    first, _ = tokens.create("mine", ["read"], HOUR)
    tokens.rotate("mine", 10 * HOUR)

    assert tokens.all()[0].expires_at == first.expires_at


def test_rotation_at_once_leaves_only_the_new_secret(tokens: Tokens) -> None:
    _, old = tokens.create("mine", ["read"])
    _, new = tokens.rotate("mine", timedelta())

    assert tokens.find(old) is None
    assert tokens.find(new) is not None


def test_a_revoked_token_is_gone_for_who_has_read_it_before(tokens: Tokens, tmp_path: Path) -> None:
    _, secret = tokens.create("mine", ["read"])
    worker = Tokens(tmp_path)
    assert worker.find(secret)

    tokens.revoke("mine")

    assert worker.find(secret) is None


def test_one_secret_of_two_can_be_revoked(tokens: Tokens) -> None:
    first, old = tokens.create("mine", ["read"])
    _, new = tokens.rotate("mine", HOUR)

    tokens.revoke(first.id)

    assert tokens.find(old) is None
    assert tokens.find(new) is not None


def test_a_name_is_taken_until_its_token_ends(tokens: Tokens) -> None:
    tokens.create("mine", ["read"], timedelta(microseconds=1))
    tokens.create("mine", ["read"])

    with pytest.raises(TokenError, match="rotate or revoke it"):
        tokens.create("mine", ["read"])
    assert len(tokens.all()) == 1


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", "x" * 65, "é"])
def test_a_name_is_plain(tokens: Tokens, name: str) -> None:
    with pytest.raises(TokenError, match="is no name"):
        tokens.create(name, ["read"])


def test_what_is_not_there_can_be_neither_rotated_nor_revoked(tokens: Tokens) -> None:
    for change in (lambda: tokens.rotate("nobody", HOUR), lambda: tokens.revoke("nobody")):
        with pytest.raises(TokenError, match="nobody"):
            change()


def test_a_file_that_others_may_read_is_refused_even_once_it_was_read(tokens: Tokens) -> None:
    _, secret = tokens.create("mine", ["read"])
    assert tokens.find(secret)

    tokens.path.chmod(0o640)

    with pytest.raises(TokenFileError, match="chmod 600"):
        tokens.find(secret)


@pytest.mark.parametrize("text", ["", "{", '{"tokens": [{"id": 1}]}', '{"schema_version": 2}'])
def test_a_damaged_file_opens_nothing_and_is_not_overwritten(tokens: Tokens, text: str) -> None:
    tokens.path.write_text(text)
    tokens.path.chmod(0o600)

    with pytest.raises(TokenFileError, match="not a file of tokens"):
        tokens.create("mine", ["read"])
    assert tokens.path.read_text() == text


def test_no_change_is_lost_when_many_change_at_once(tokens: Tokens, tmp_path: Path) -> None:
    threads = [
        threading.Thread(target=lambda n=n: Tokens(tmp_path).create(f"token-{n}", ["read"]))
        for n in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {token.name for token in tokens.all()} == {f"token-{n}" for n in range(20)}


def test_use_is_noted_once_a_minute(tokens: Tokens, tmp_path: Path) -> None:
    token, _ = tokens.create("mine", ["read"])
    assert tokens.last_used(token) is None

    tokens.note_use(token)
    used = tmp_path / "tokens-used" / token.id
    first = used.stat().st_mtime_ns
    tokens.note_use(token)
    assert used.stat().st_mtime_ns == first

    long_ago = datetime.now(UTC) - HOUR
    os.utime(used, (long_ago.timestamp(),) * 2)
    tokens.note_use(token)
    noted = tokens.last_used(token)
    assert noted is not None
    assert noted > long_ago
