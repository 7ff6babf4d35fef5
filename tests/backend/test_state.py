from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from backend.settings import Settings
from backend.state import StateError, author_key, state_directory
from tests.backend.client import Client
from tests.backend.conftest import problem
from tests.backend.disks import filled, read_only, small_disk
from tests.backend.load import metric, until
from tests.server import refused_start, running_process


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


@contextmanager
def full(folder: Path) -> Iterator[None]:
    with small_disk(folder), filled(folder):
        yield


@pytest.mark.parametrize("trouble", [full, read_only])
def test_a_server_whose_disk_takes_nothing_serves_and_tells_what_it_lacks(
    tmp_path: Path, trouble: Callable[[Path], AbstractContextManager[None]]
) -> None:
    with trouble(tmp_path), running_process(state=str(tmp_path), workers="1") as (address, _):
        client = Client(address)

        assert client.post("/v1/predict", {"comments": ["I love it"]}).status == 200
        assert client.get("/health/ready").json["lacks"] == ["history", "model-changes"]
        problem(client.get("/v1/videos"), 503)
        problem(client.post("/v1/feedback", {"text": "not kept", "label": "neutral"}), 503)
        assert metric(client, "undertone_lacks") == 2
        assert metric(client, "undertone_history_not_kept_total") == 1


def test_the_history_begins_once_there_is_room(tmp_path: Path) -> None:
    with small_disk(tmp_path):
        with filled(tmp_path):
            running = ExitStack()
            address, _ = running.enter_context(running_process(state=str(tmp_path), workers="1"))
        with running:
            client = Client(address)

            until(
                lambda: client.get("/health/ready").json["lacks"] == ["model-changes"], "it is opened"
            )

            assert client.post("/v1/feedback", {"text": "kept", "label": "neutral"}).status == 202
            assert metric(client, "undertone_history_accepted") == 1
