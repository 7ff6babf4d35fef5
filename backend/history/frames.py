"""Records as lines of a file that a kill can end anywhere.

Knows how a line is written and read: a checksum, the record's position, its JSON, a newline. Knows
nothing of what the JSON says.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

_CHECKSUM = b"%08x "


@dataclass(frozen=True)
class Frame:
    """One line: what it holds, or that it is damaged."""

    line: bytes
    position: int | None
    """None if the line isn't what was written."""
    payload: bytes
    end: int
    """Offset of the byte after it."""


def write_frame(position: int, payload: bytes) -> bytes:
    """Return the line of `payload`, which must be JSON without line breaks."""
    body = b"%d %b" % (position, payload)
    return _CHECKSUM % crc32(body) + body + b"\n"


def read_frames(path: Path, start: int, stop: int) -> Iterator[Frame]:
    """Yield the complete lines of `path` between the offsets `start` and `stop`.

    A last line without its end is passed over: its writer was killed before it promised anything.
    """
    with path.open("rb") as file:
        file.seek(start)
        while start < stop and (line := file.readline()).endswith(b"\n"):
            start += len(line)
            yield _frame(line, start)


def _frame(line: bytes, end: int) -> Frame:
    body = line[9:-1]
    position, _, payload = body.partition(b" ")
    whole = line[:9] == _CHECKSUM % crc32(body) and position.isdigit()
    return Frame(line, int(position) if whole else None, payload, end)
