"""How much memory a server process takes at most, whatever is sent to it.

Knows what is held at once and what that unfolds to; the settings bound each part.

    process     interpreter, libraries, threads                         150 MiB
    models      the graph unfolded, and that of the one before or after 2 x 8 x its file
    parsing     one body of UNDERTONE_MAX_BODY_BYTES at a time          x 40
    bodies      UNDERTONE_QUEUE_BYTES, as texts of 4 bytes a character  x 10
    comments    UNDERTONE_QUEUE_SIZE of them with what is said of them  x (6 KiB + 40 bytes a token)
    cache       UNDERTONE_CACHE_SIZE predictions                        x 300 bytes
"""

from __future__ import annotations

import ctypes
import sys

from backend.bundle import MODEL, Card
from backend.settings import Settings

# A prediction that is remembered: key, row and the dictionary's own.
BYTES_OF_AN_ENTRY = 300

_KIB, _MIB = 2**10, 2**20
_PROCESS = 150 * _MIB
_MODELS = 2
_UNFOLDED_MODEL = 8
_UNFOLDED_JSON = 40
_UNFOLDED_TEXT = 10
_COMMENT = 6 * _KIB
_TOKEN = 40
_MOST_TOKENS = 512

# Of glibc's malloc.h.
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8
_ARENAS = 2


def most_bytes(settings: Settings, card: Card) -> int:
    """Return the most that a process takes which serves the bundle of `card`."""
    comment = _COMMENT + _TOKEN * (card.input.max_tokens or _MOST_TOKENS)
    return (
        _PROCESS
        + _MODELS * _UNFOLDED_MODEL * card.files[MODEL].size
        + _UNFOLDED_JSON * settings.max_body_bytes
        + _UNFOLDED_TEXT * settings.most_held
        + comment * settings.most_waiting
        + BYTES_OF_AN_ENTRY * settings.cache_size
    )


def give_back_freed() -> None:
    """Let what is freed go back to the system, as far as the C library can be told.

    By itself glibc keeps an arena for each few threads, and large blocks in them once a few were freed.
    """
    if not sys.platform.startswith("linux"):
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_M_ARENA_MAX, _ARENAS)
        library.mallopt(_M_MMAP_THRESHOLD, _MIB)
