"""Copying what is offered: whole, no more than declared, and nothing from elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.bundle import CARD, MODEL, BundleError, ChecksumError, read_bundle
from backend.rollout.fetcher import Fetcher
from backend.rollout.offer import take
from backend.rollout.remote import source_of
from backend.rollout.source import Directory, SourceError
from backend.rollout.store import Champion, Store
from tests.backend.tiny import tiny_bundle


@pytest.fixture
def offered(tmp_path: Path) -> Path:
    """Return a directory that offers a bundle."""
    return tiny_bundle(tmp_path / "offered", "1").directory


@pytest.fixture
def store(tmp_path: Path, offered: Path) -> Store:
    """Return an empty store."""
    return Store.within(tmp_path / "state", offered)


def served(store: Store) -> str | None:
    """Return the version of the champion in `store`."""
    champion = store.champion()
    return champion and store.read(champion.identity).card.version


def test_what_is_offered_becomes_the_champion_once(store: Store, offered: Path) -> None:
    assert take(Directory(offered), store) is True
    assert served(store) == "1"
    assert take(Directory(offered), store) is False


def test_the_way_back_needs_no_trial(
    store: Store, offered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("1", "2"):
        tiny_bundle(offered, version)
        take(Directory(offered), store)

    def no_trial(directory: Path) -> None:
        raise AssertionError(directory)

    monkeypatch.setattr("backend.rollout.trial.attempt", no_trial)
    tiny_bundle(offered, "1")
    assert take(Directory(offered), store) is True
    assert served(store) == "1"


def test_few_bundles_are_kept_and_nothing_half_done(store: Store, offered: Path) -> None:
    (store.directory / ".aside-left-by-a-killed-process").mkdir()
    for version in "123456":
        tiny_bundle(offered, version)
        take(Directory(offered), store, tried=True)

    kept = [path for path in store.directory.iterdir() if path.is_dir()]
    assert sorted(read_bundle(path).card.version for path in kept) == ["4", "5", "6"]


def test_a_damaged_copy_is_fetched_anew(store: Store, offered: Path) -> None:
    take(Directory(offered), store)
    champion = store.champion()
    assert champion is not None
    (store.directory / champion.identity / MODEL).write_bytes(b"damaged")

    take(Directory(offered), store)

    assert served(store) == "1"


@pytest.mark.parametrize("said", ["", "{}", "[]", '{"identity": "../../etc", "version": "1"}'])
def test_a_damaged_store_is_named(store: Store, said: str) -> None:
    (store.directory / "champion.json").write_text(said)

    with pytest.raises(BundleError, match=r"champion\.json is damaged"):
        store.champion()


@pytest.mark.parametrize(
    "place",
    [
        lambda path: path.symlink_to("/etc/passwd"),
        os.mkfifo,
        lambda path: path.mkdir(),
        lambda path: path.write_bytes(b"\0" * 10_000_000),
        lambda path: None,
    ],
    ids=["a link", "a pipe", "a folder", "a larger file", "nothing"],
)
def test_only_the_files_that_the_card_describes_are_copied(
    store: Store, offered: Path, place: Callable[[Path], object]
) -> None:
    (offered / MODEL).unlink()
    place(offered / MODEL)

    with pytest.raises(ChecksumError):
        take(Directory(offered), store)

    assert store.champion() is None
    assert [path.name for path in store.directory.iterdir() if path.is_dir()] == []


def test_a_file_that_grows_while_it_is_copied_is_cut_short_and_refused(
    store: Store, offered: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.rollout.source.read_bundle", lambda directory: None)
    with (offered / MODEL).open("ab") as file:
        file.truncate(2**40)

    with pytest.raises(ChecksumError, match="more than the"):
        take(Directory(offered), store)


@pytest.mark.parametrize("address", ["models:/undertone", "models:/a/b/c", "models:/@x", "models:/a@"])
def test_what_names_no_model_is_refused(address: str) -> None:
    with pytest.raises(SourceError, match="is no model"):
        source_of(address)


def test_a_refusal_is_said_once_and_tried_again_after_longer_and_longer(
    store: Store, offered: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    tried = []

    def fail(*_: object) -> None:
        tried.append(now)
        raise BundleError("it is broken")

    def clock() -> float:
        return now

    monkeypatch.setattr("backend.rollout.fetcher.take", fail)
    fetcher = Fetcher(Directory(offered), store, poll=10)
    for _ in range(100):
        fetcher.look(clock)
        now += 10.0

    assert tried == [0, 10, 30, 70, 150, 310, 630]
    assert [record.message for record in caplog.records] == ["the champion stays: it is broken"]


def test_what_was_half_written_is_taken_once_it_is_whole(store: Store, offered: Path) -> None:
    fetcher = Fetcher(Directory(offered), store, poll=0)
    content = (offered / MODEL).read_bytes()
    (offered / MODEL).write_bytes(content[:-1])
    fetcher.look()
    assert served(store) is None

    (offered / MODEL).write_bytes(content)
    fetcher.look()

    assert served(store) == "1"


def test_a_source_that_is_gone_for_a_while_changes_nothing(store: Store, offered: Path) -> None:
    fetcher = Fetcher(Directory(offered), store, poll=0)
    fetcher.look()
    away = offered.rename(offered.with_name("away"))
    fetcher.look()
    assert served(store) == "1"

    card = json.loads((away / CARD).read_text())
    (away / CARD).write_text(json.dumps(card | {"version": "2"}))
    away.rename(offered)
    fetcher.look()

    assert served(store) == "2"


def test_one_leads_and_others_may_still_take_what_is_offered(store: Store, offered: Path) -> None:
    with store.leading() as first, Store(store.directory).leading() as second:
        assert (first, second) == (True, False)
        take(Directory(offered), Store(store.directory))
    champion = store.champion()
    assert champion is not None

    store.crown(Champion(champion.identity, "later"))

    assert store.champion() == Champion(champion.identity, "later")
