"""What no server should take is refused before any server sees it."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.bundle import Bundle, ModelError
from backend.rollout import trial
from tests.backend import tiny
from tests.backend.tiny import tiny_bundle


def test_a_good_bundle_passes(tmp_path: Path) -> None:
    trial.attempt(tiny_bundle(tmp_path / "bundle", "1").directory)


def test_the_champion_passes(champion: Bundle) -> None:
    trial.attempt(champion.directory)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (tiny.gives_nan, "not a number"),
        (tiny.gives_two_columns, r"gives \(\d+, 2\) for \d+ comments"),
        (tiny.gives_halves, "do not sum to 1"),
        (tiny.says_the_opposite, r"labels \d of 12 obvious comments as people do"),
        (tiny.looks_at_its_neighbours, "depend on which others are in its batch"),
        (tiny.asks_for_gigabytes, "[Ff]ailed to allocate memory"),
        (tiny.reads_other_files, "escapes model directory"),
    ],
)
def test_a_hostile_graph_is_refused(tmp_path: Path, change: tiny.Change, said: str) -> None:
    bundle = tiny_bundle(tmp_path / "bundle", "1", change=change)

    with pytest.raises(ModelError, match=said):
        trial.attempt(bundle.directory)


def test_a_graph_that_never_ends_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = tiny_bundle(tmp_path / "bundle", "1", change=tiny.never_ends)
    monkeypatch.setattr(trial, "_PATIENCE_SECONDS", 3)

    with pytest.raises(ModelError, match="took longer than 3 seconds"):
        trial.attempt(bundle.directory)
