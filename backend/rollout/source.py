"""Where champions are offered, and the nearest such place: a directory of this machine.

Knows how to tell that another one is offered and how to copy it, never more than its card declares.
Knows nothing of whether it is any good.
"""

from __future__ import annotations

import hashlib
import os
import stat
from abc import ABC, abstractmethod
from pathlib import Path
from typing import IO

from backend.bundle import (
    CARD,
    MOST_BYTES_OF_CARD,
    Bundle,
    BundleError,
    CardError,
    ChecksumError,
    parse_card,
    read_bundle,
)

_PIECE = 2**20


class SourceError(BundleError):
    """The place where champions are offered does not answer, or there is none."""


class Source(ABC):
    """Where champions are offered."""

    remote = True

    def version(self) -> str:
        """Return what changes whenever another bundle is offered.

        Raises:
            SourceError: the source does not answer, or is empty.
            CardError: the card is far too large to be one.
        """
        return hashlib.sha256(self.card()).hexdigest()

    def card(self) -> bytes:
        """Return the offered bundle's card, unread.

        Raises:
            SourceError, CardError: as for `version`.
        """
        with self._open(CARD) as file:
            content = file.read(MOST_BYTES_OF_CARD + 1)
        if len(content) > MOST_BYTES_OF_CARD:
            raise CardError(f"{self} has a card of more than {MOST_BYTES_OF_CARD:,} bytes")
        return content

    def copy(self, into: Path) -> Bundle:
        """Copy the offered bundle to the empty directory `into`, and return it once its checksums hold.

        Raises:
            SourceError: the source does not answer.
            BundleError: what it offers is no whole bundle.
        """
        content = self.card()
        card = parse_card(content, f"{self}/{CARD}")
        try:
            (into / CARD).write_bytes(content)
            for name, described in card.files.items():
                with self._open(name) as file, (into / name).open("xb") as copy:
                    _copy(file, copy, described.size, f"{self}/{name}")
        except OSError as error:
            raise SourceError(f"{self} can't be copied to {into}: {error}") from error
        return read_bundle(into)

    @abstractmethod
    def _open(self, name: str) -> IO[bytes]:
        """Open the file `name` of the offered bundle."""


class Directory(Source):
    """A directory of this machine, in which a bundle may be replaced by another."""

    remote = False

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __str__(self) -> str:
        return str(self.directory)

    def copy(self, into: Path) -> Bundle:
        # Read where it lies, so that what is wrong is said of the file that a person can mend.
        read_bundle(self.directory)
        return super().copy(into)

    def _open(self, name: str) -> IO[bytes]:
        path = self.directory / name
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except FileNotFoundError as error:
            # For a moment there is none while a bundle is replaced.
            raise SourceError(f"no bundle card: {path} is not there") from error
        except OSError as error:
            raise ChecksumError(f"{path} can't be read ({error.strerror})") from error
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise ChecksumError(f"{path} is no plain file")
        return os.fdopen(descriptor, "rb")


def _copy(source: IO[bytes], target: IO[bytes], size: int, name: str) -> None:
    """Copy `size` bytes, and make sure that there are no more: who declares little may send much."""
    left = size + 1
    while left and (piece := source.read(min(_PIECE, left))):
        target.write(piece)
        left -= len(piece)
    if left != 1:
        relation = "less" if left else "more"
        raise ChecksumError(f"{name} has {relation} than the {size:,} bytes that the card says")
