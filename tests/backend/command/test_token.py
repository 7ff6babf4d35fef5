from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from backend.tokens import Tokens
from tests.backend.command.conftest import Shell, complaint


def test_a_secret_is_shown_once_and_alone(undertone: Shell) -> None:
    result = undertone(
        "token", "create", "ci", "--scope", "read", "--scope", "write", "--expires", "90d"
    )

    secret = result.stdout.strip()
    token = Tokens(undertone.state).find(secret)
    assert token is not None
    assert token.scopes == ("read", "write")
    assert token.expires_at is not None
    assert abs(token.expires_at - datetime.now(UTC) - timedelta(days=90)) < timedelta(minutes=1)
    assert "not shown again" in result.stderr
    assert secret not in undertone("token", "list").output + undertone("settings").output


def test_a_list_says_what_each_token_is(undertone: Shell) -> None:
    assert undertone("token", "list").stdout == ""
    undertone("token", "create", "ci", "--scope", "admin")
    undertone("token", "rotate", "ci", "--overlap", "0s")
    tokens = Tokens(undertone.state)
    tokens.note_use(tokens.all()[1])

    header, first, second = undertone("token", "list").stdout.splitlines()

    assert header.split()[:3] == ["ID", "NAME", "SCOPES"]
    assert first.split()[1:3] == second.split()[1:3] == ["ci", "admin"]
    assert "never" in first
    assert first.endswith("(expired)")
    assert "never" not in second
    assert second.endswith("for ever")


def test_rotation_shows_the_new_secret_and_keeps_the_old_for_a_day(undertone: Shell) -> None:
    old = undertone("token", "create", "ci").stdout.strip()
    new = undertone("token", "rotate", "ci").stdout.strip()

    tokens = Tokens(undertone.state)
    first, second = tokens.find(old), tokens.find(new)
    assert first is not None
    assert second is not None
    assert first.expires_at is not None
    assert abs(first.expires_at - datetime.now(UTC) - timedelta(days=1)) < timedelta(minutes=1)


def test_revocation_takes_it_back(undertone: Shell) -> None:
    secret = undertone("token", "create", "ci").stdout.strip()

    assert undertone("token", "revoke", "ci").exit_code == 0
    assert Tokens(undertone.state).find(secret) is None
    assert "there is no token ci" in complaint(undertone("token", "revoke", "ci"))


@pytest.mark.parametrize("duration", ["90", "5y", "-1d", "d", "999999999d", "1.5h", ""])
def test_a_duration_is_checked(undertone: Shell, duration: str) -> None:
    complaint(undertone("token", "create", "ci", "--expires", duration), code=2)


def test_a_taken_name_and_a_state_that_can_not_be_are_one_line(undertone: Shell) -> None:
    undertone("token", "create", "ci")

    assert "rotate or revoke it" in complaint(undertone("token", "create", "ci"))
    assert "UNDERTONE_STATE" in complaint(undertone("token", "create", "ci", state="/dev/null/x"))
