"""How much requests may hold at once: comments that are worked on, bytes of bodies.

Knows a number, its limit, and that a request gives back what it holds when it has been answered. Knows
nothing of what is counted, nor of how long anything takes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask, g, has_request_context

from backend.errors import Overloaded

Observer = Callable[[int], None]


class Room:
    """Room for `limit` of something. Safe to use from several threads at once."""

    def __init__(self, limit: int, observe: Observer = lambda held: None) -> None:
        """Make room for `limit`, and tell `observe` whenever the number that is held changes."""
        self.limit = limit
        self._held = 0
        self._lock = threading.Lock()
        self._observe = observe

    @property
    def held(self) -> int:
        """How many are held now."""
        return self._held

    def hold(self, number: int, full: Callable[[], Overloaded]) -> None:
        """Take room for `number` until the current request is answered; outside of one, for none.

        Raises:
            Overloaded: what `full` returns; there is not enough room, and none was taken.
        """
        if not has_request_context():
            return
        with self._lock:
            if self._held + number > self.limit:
                raise full()
            self._held += number
            self._observe(self._held)
        _holdings()[self] = _holdings().get(self, 0) + number

    def let_go(self) -> None:
        """Give back what the current request holds."""
        self.give_back(_holdings().pop(self, 0))

    def give_back(self, number: int) -> None:
        """Have room for `number` more again."""
        with self._lock:
            self._held -= number
            self._observe(self._held)


def init_app(app: Flask) -> None:
    """Let requests to `app` give back what they hold when they have been answered."""
    app.teardown_request(_let_go_of_all)


def keep() -> Callable[[], None]:
    """Let what the current request holds be held on after it, until the function returned is called."""
    kept = dict(_holdings())
    _holdings().clear()

    def let_go() -> None:
        while kept:
            room, number = kept.popitem()
            room.give_back(number)

    return let_go


def _let_go_of_all(error: BaseException | None) -> None:
    for room in list(_holdings()):
        room.let_go()


def _holdings() -> dict[Room, int]:
    holdings: dict[Room, int] = g.setdefault("holdings", {})
    return holdings
