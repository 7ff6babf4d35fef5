"""Bundles on the local disk, and which of them is the champion.

Knows a directory that all server processes share: a folder for each bundle, named by its identity, and
a file that names the champion. Both change by renaming alone, so a reader finds the old or the new.
Knows nothing of where bundles come from.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from backend.bundle import Bundle, BundleError, read_bundle
from backend.state import StateDiskError, StateError, is_of_the_disk

_CHAMPION = "champion.json"
_LEADING, _WRITING = "leading.lock", "writing.lock"
_IDENTITY = re.compile(r"[0-9a-f]{16}")
# The champion, the one before for a quick way back, and one that a slow process may still be reading.
_KEPT = 3


@dataclass(frozen=True)
class Champion:
    """Which bundle is to be served, and what its source called that version."""

    identity: str
    version: str


class Store:
    """The bundles that came from one source."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    @classmethod
    def within(cls, state: Path, address: Path | str) -> Store:
        """Return the store, below the state directory, for what comes from `address`.

        Raises:
            StateError: it is not there and can't be made.
        """
        name = str(address.absolute() if isinstance(address, Path) else address)
        directory = state / "champions" / hashlib.sha256(name.encode()).hexdigest()[:16]
        try:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            kind = StateDiskError if is_of_the_disk(error) else StateError
            raise kind(f"can't keep champions in the state directory: {error}") from error
        return cls(directory)

    def champion(self) -> Champion | None:
        """Return what is to be served; None before there was anything."""
        try:
            found = json.loads((self.directory / _CHAMPION).read_text(encoding="utf-8"))
            champion = Champion(str(found["identity"]), str(found["version"]))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError, KeyError) as error:
            raise BundleError(f"{self.directory / _CHAMPION} is damaged; remove it") from error
        if not _IDENTITY.fullmatch(champion.identity):
            raise BundleError(f"{self.directory / _CHAMPION} is damaged; remove it")
        return champion

    def read(self, identity: str) -> Bundle:
        """Return the bundle with `identity`, once its checksums hold.

        Raises:
            BundleError: it is not there, or damaged.
        """
        bundle = read_bundle(self.directory / identity)
        if bundle.identity != identity:
            raise BundleError(f"{bundle.directory} holds another bundle, {bundle.identity}")
        return bundle

    def has(self, identity: str) -> bool:
        """Return whether the bundle with `identity` is there and whole."""
        try:
            self.read(identity)
        except BundleError:
            return False
        return True

    @contextmanager
    def aside(self) -> Iterator[Path]:
        """Yield an empty folder in which a bundle may be put together; it is gone afterwards."""
        folder = Path(tempfile.mkdtemp(prefix=".aside-", dir=self.directory))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, bundle: Bundle) -> None:
        """Move `bundle`, which lies aside, to its place."""
        place = self.directory / bundle.identity
        # Only what is damaged is replaced, so nobody can be reading it.
        shutil.rmtree(place, ignore_errors=True)
        bundle.directory.rename(place)

    def crown(self, champion: Champion) -> None:
        """Name the champion, and forget bundles that were it long ago."""
        aside = self.directory / f".{_CHAMPION}.{os.getpid()}"
        aside.write_text(json.dumps(champion.__dict__), encoding="utf-8")
        aside.replace(self.directory / _CHAMPION)
        os.utime(self.directory / champion.identity)
        self._prune()

    def _prune(self) -> None:
        bundles = [path for path in self.directory.iterdir() if _IDENTITY.fullmatch(path.name)]
        old = sorted(bundles, key=lambda path: path.stat().st_mtime, reverse=True)[_KEPT:]
        # Left by a process that was killed; only the holder of the lock puts bundles together.
        for path in (*old, *self.directory.glob(".aside-*")):
            shutil.rmtree(path, ignore_errors=True)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock of the one who changes what is here, for as long as the change takes."""
        with (self.directory / _WRITING).open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def leading(self) -> Iterator[bool]:
        """Hold the lock of the one process that watches the source, if no other does; yield whether.

        It is held for as long as the process lives, so nobody waits for it.
        """
        with (self.directory / _LEADING).open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
