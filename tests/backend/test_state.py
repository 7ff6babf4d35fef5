from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from backend.settings import Settings
from backend.state import StateError, author_key, state_directory
from tests.server import refused_start


def test_it_is_made_where_the_user_s_data_is_and_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    made = state_directory(Settings())

    assert made == tmp_path / "data" / "undertone"
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_all_who_ask_at_once_get_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: author_key(tmp_path), range(64)))

    assert len(keys) == 1
    (path,) = tmp_path.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_bytes()) == 32


def test_a_damaged_key_is_an_error(tmp_path: Path) -> None:
    author_key(tmp_path)
    (tmp_path / "authors.key").write_bytes(b"short")

    with pytest.raises(StateError, match=r"authors\.key has 5 bytes instead of 32"):
        author_key(tmp_path)


def test_a_server_that_can_t_keep_anything_says_so_and_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    said = refused_start(state=str(tmp_path / "file" / "state"))

    assert "set UNDERTONE_STATE to a directory, or UNDERTONE_HISTORY to false" in said
    assert len(said.strip().splitlines()) == 1
