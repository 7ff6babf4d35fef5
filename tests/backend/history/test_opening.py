from __future__ import annotations

import errno
from collections.abc import Callable
from contextlib import suppress

import pytest

from backend.history.opening import Opening
from backend.state import StateError


class Disk:
    """A disk that may be full, and what was said about it."""

    def __init__(self) -> None:
        self.now = 0.0
        self.trouble: OSError | None = OSError(errno.ENOSPC, "full")
        self.tried = 0
        self.said: list[str] = []
        self.opening = Opening(
            self._open,
            closed=lambda error: self.said.append(str(error.strerror)),
            opened=lambda: self.said.append("opened"),
            clock=lambda: self.now,
        )

    def _open(self) -> str:
        self.tried += 1
        if self.trouble:
            raise self.trouble
        return "open"


def test_it_is_tried_again_and_again_and_said_once() -> None:
    disk = Disk()
    for _ in range(10):
        assert disk.opening.get() is None
        disk.now += 2.5

    assert disk.tried == 5
    disk.trouble = None
    disk.now += 5
    assert [disk.opening.get() for _ in range(3)] == ["open"] * 3
    assert disk.tried == 6
    assert disk.said == ["full", "opened"]


def test_nothing_is_said_of_what_opens_at_once() -> None:
    disk = Disk()
    disk.trouble = None

    assert disk.opening.get() == "open"
    assert disk.said == []


def test_what_time_does_not_mend_is_an_error_each_time() -> None:
    disk = Disk()
    disk.trouble = StateError("the key is damaged")

    for _ in range(2):
        with pytest.raises(StateError, match="damaged"):
            disk.opening.get()
    assert disk.said == []


def test_nobody_waits_for_one_who_tries() -> None:
    inside: list[object] = []

    def ask(get: Callable[[], object]) -> None:
        inside.append(get())

    opening: Opening[str] = Opening(lambda: ask(opening.get) or "open", print, print)
    with suppress(RecursionError):
        assert opening.get() == "open"

    assert inside == [None]
