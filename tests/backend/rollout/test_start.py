"""What is served where champions can't be kept: the one that is there, if it is any good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.bundle import MODEL, ChecksumError, ModelError
from backend.rollout.start import champion, prepare
from backend.settings import Settings
from backend.state import StateDiskError
from tests.backend.disks import read_only
from tests.backend.tiny import gives_nan, tiny_bundle


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with an offered bundle and an empty state directory."""
    (tmp_path / "state").mkdir()
    return Settings(bundle=tiny_bundle(tmp_path / "offered", "1").directory, state=tmp_path / "state")


@pytest.fixture
def locked(settings: Settings) -> Iterator[None]:
    """Let nobody write to the state directory."""
    assert settings.state is not None
    with read_only(settings.state):
        yield


@pytest.mark.usefixtures("locked")
def test_a_champion_that_can_t_be_kept_is_served_from_where_it_lies(settings: Settings) -> None:
    start = prepare(settings)

    assert start.store is None
    assert str(settings.state) in start.obstacle
    assert champion(settings, start).directory == settings.bundle


@pytest.mark.usefixtures("locked")
def test_it_is_checked_all_the_same(settings: Settings, tmp_path: Path) -> None:
    bad = tiny_bundle(tmp_path / "bad", "bad", change=gives_nan).directory
    with pytest.raises(ModelError, match="failed its trial"):
        prepare(settings.model_copy(update={"bundle": bad}))
    (bad / MODEL).write_bytes(b"damaged")
    with pytest.raises(ChecksumError, match=MODEL):
        prepare(settings.model_copy(update={"bundle": bad}))


def test_one_that_was_kept_before_is_served_from_there(settings: Settings) -> None:
    assert settings.state is not None
    assert prepare(settings).obstacle == ""
    with read_only(settings.state):
        start = prepare(settings)

        assert start.store is not None
        assert "can't be written to" in start.obstacle or "Read-only" in start.obstacle
        assert champion(settings, start).directory.is_relative_to(settings.state)


@pytest.mark.usefixtures("locked")
def test_what_comes_from_afar_needs_a_place(settings: Settings) -> None:
    with pytest.raises(StateDiskError, match="can't keep champions"):
        prepare(settings.model_copy(update={"bundle": "s3://bucket/champion"}))
