"""How many bytes of bodies a process works on at once.

Knows what the requests in hand weigh, and that large bodies are parsed one at a time: a hostile one of
8 MiB becomes 300 MiB of Python objects before it is refused. Knows nothing of JSON.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext

from flask import Flask, current_app

from backend import metrics
from backend.errors import Overloaded
from backend.inference import admission
from backend.inference.admission import Room
from backend.settings import Settings

_EXTENSION = "undertone_bodies"
_LARGE = 256 * 1024

# Python parses one body at a time anyway, so this costs nobody anything.
_parsing = threading.Lock()


def init_app(app: Flask, settings: Settings) -> None:
    """Bound the bodies that `app` works on, as the settings say."""
    app.extensions[_EXTENSION] = Room(settings.most_held, metrics.HELD.set)
    admission.init_app(app)


def hold(number: int) -> None:
    """Hold `number` more bytes until the current request is answered.

    Raises:
        Overloaded: too many are held already.
    """
    _room().hold(number, _full)


def let_go() -> None:
    """Hold nothing of the current request any more."""
    _room().let_go()


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
