"""How many bytes of bodies a process works on at once.

Knows what the requests in hand weigh, and that large bodies are parsed one at a time: a hostile one of
8 MiB becomes 300 MiB of Python objects before it is refused. Knows nothing of JSON.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext

from flask import Flask, current_app, g

from backend import metrics
from backend.errors import Overloaded
from backend.inference.admission import Room
from backend.settings import Settings

_EXTENSION = "undertone_bodies"
_LARGE = 256 * 1024

# Python parses one body at a time anyway, so this costs nobody anything.
_parsing = threading.Lock()


def init_app(app: Flask, settings: Settings) -> None:
    """Bound the bodies that `app` works on, as the settings say."""
    app.extensions[_EXTENSION] = Room(settings.most_held, metrics.HELD.set)
    app.teardown_request(_release)


def hold(number: int) -> None:
    """Hold `number` more bytes until the current request is answered.

    Raises:
        Overloaded: too many are held already.
    """
    _room().take(number, _full)
    g.held = g.get("held", 0) + number


def parsing(number: int) -> AbstractContextManager[object]:
    """Return what to parse a body of `number` bytes in."""
    return _parsing if number > _LARGE else nullcontext()


def _room() -> Room:
    room = current_app.extensions[_EXTENSION]
    assert isinstance(room, Room)
    return room


def _full() -> Overloaded:
    room = _room()
    return Overloaded(f"{room.held:,} bytes are worked on already, and {room.limit:,} may be.")


def _release(error: BaseException | None) -> None:
    if held := g.pop("held", 0):
        _room().give_back(held)
