from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import SecretStr

from backend.command.settings import spelled
from backend.settings import PREFIX, Settings
from tests.backend.command.conftest import Shell, complaint


def test_every_setting_is_shown_with_where_it_comes_from(undertone: Shell) -> None:
    rows = json.loads(undertone("settings", "--json", port="9000").output)

    assert [row["name"] for row in rows] == [PREFIX + name.upper() for name in Settings.model_fields]
    by_name = {row["name"]: row for row in rows}
    assert by_name["UNDERTONE_PORT"] == {
        "name": "UNDERTONE_PORT",
        "value": "9000",
        "default": "8000",
        "source": "environment",
        "help": Settings.model_fields["port"].description,
    }
    assert by_name["UNDERTONE_HOST"]["source"] == "default"


def test_people_get_lines(undertone: Shell) -> None:
    said = undertone("settings", port="9000").output

    assert "UNDERTONE_PORT = 9000  (environment; default: 8000)\n    TCP port to listen on.\n" in said


def test_no_password_is_shown(undertone: Shell) -> None:
    said = undertone("settings", redis="redis://user:hunter2@127.0.0.1:6379/0").output

    assert "hunter2" not in said
    assert "UNDERTONE_REDIS = redis://user:********@127.0.0.1:6379/0" in said


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (True, "true"),
        (("a", "b"), "a,b"),
        (Path("/a b"), "/a b"),
        (0.5, "0.5"),
        (SecretStr("key"), "********"),
        (SecretStr("postgresql://u:p@h/n"), "postgresql://u:********@h/n"),
        ("redis://:p@h", "redis://:********@h"),
        ("redis://token@h", "redis://********@h"),
        ("redis://h/0", "redis://h/0"),
    ],
)
def test_a_value_is_written_as_in_the_environment(value: object, written: str) -> None:
    assert spelled(value) == written


def test_a_wrong_value_names_its_variable(undertone: Shell) -> None:
    assert "UNDERTONE_TRUSTED_PROXIES" in complaint(undertone("settings", trusted_proxies="10.0.0.300"))
