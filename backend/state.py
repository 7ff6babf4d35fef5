"""The directory of what the server keeps between one start and the next, and the key that lives there.

Knows where it is, and that nobody but the server's own user may look into it. Knows nothing of what
else is kept in it. Imports nothing that starts threads, so the server asks before it forks.
"""

from __future__ import annotations

import errno
import os
import secrets
import tempfile
from pathlib import Path

from backend.settings import Settings

_KEY = "authors.key"
_KEY_BYTES = 32
_ADVICE = "set UNDERTONE_STATE to a directory, or UNDERTONE_HISTORY to false"
# What a disk says that is full, read-only, broken, or another user's.
_OF_THE_DISK = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM)
)


class StateError(OSError):
    """The state directory can't be had: there is none at such a place, or what is in it is damaged."""


class StateDiskError(StateError):
    """The state directory may not be written to, as things are: the disk is full, or read-only."""


def state_directory(settings: Settings) -> Path:
    """Return the state directory, made if it isn't there, closed to other users.

    Raises:
        StateDiskError: it may not be written to.
        StateError: it can't be made; says which setting to change.
    """
    directory = state_path(settings)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(directory, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "it can't be written to", str(directory))
        return directory
    except OSError as error:
        kind = StateDiskError if is_of_the_disk(error) else StateError
        raise kind(f"can't keep anything in the state directory: {error}; {_ADVICE}") from error


def state_path(settings: Settings) -> Path:
    """Return where the state directory is, or would be.

    Raises:
        StateError: the user has no home directory that it could be in.
    """
    try:
        return settings.state or _user_data() / "undertone"
    # How pathlib says that there is no home directory.
    except RuntimeError as error:
        raise StateError(f"there is no place for the state directory: {error}; {_ADVICE}") from error


def is_of_the_disk(error: OSError) -> bool:
    """Return whether `error` comes from the state of a disk, and not from a setting that is wrong."""
    return isinstance(error, StateDiskError) or error.errno in _OF_THE_DISK


def author_key(directory: Path) -> bytes:
    """Return the key that authors and those who correct are hashed with, made by whoever asks first.

    Raises:
        StateError: the key in `directory` is damaged.
    """
    path = directory / _KEY
    if not path.exists():
        descriptor, aside = tempfile.mkstemp(dir=directory, prefix=f".{_KEY}-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(secrets.token_bytes(_KEY_BYTES))
                file.flush()
                os.fsync(file.fileno())
            os.link(aside, path)
            sync(directory)
        except FileExistsError:
            pass  # Another worker was first; its key is the one.
        finally:
            os.unlink(aside)
    key = path.read_bytes()
    if len(key) != _KEY_BYTES:
        raise StateError(
            f"{path} has {len(key)} bytes instead of {_KEY_BYTES}: restore it, or remove it to have a "
            "new one, under which the same person gets another hash"
        )
    return key


def sync(path: Path) -> None:
    """Have the disk keep what was written to the file or directory `path`, through a power cut too."""
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _user_data() -> Path:
    """Return the user's data directory, as the XDG Base Directory Specification has it."""
    given = os.environ.get("XDG_DATA_HOME", "")
    return Path(given) if os.path.isabs(given) else Path.home() / ".local" / "share"
