"""The directory of what the server keeps between one start and the next.

Knows where it is, and that nobody but the server's own user may look into it. Knows nothing of what
else is kept in it. Imports nothing that starts threads, so the server asks before it forks.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from backend.settings import Settings


class StateError(OSError):
    """The state directory can't be had."""


def state_directory(settings: Settings) -> Path:
    """Return the state directory, made if it isn't there, closed to other users.

    Raises:
        StateError: it can't be made or written to; says which setting to change.
    """
    try:
        directory = settings.state or _user_data() / "undertone"
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(directory, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(directory))
        return directory
    # RuntimeError is how pathlib says that there is no home directory.
    except (OSError, RuntimeError) as error:
        raise StateError(
            f"can't keep anything in the state directory: {error}; set UNDERTONE_STATE to a directory"
        ) from error


def _user_data() -> Path:
    """Return the user's data directory, as the XDG Base Directory Specification has it."""
    given = os.environ.get("XDG_DATA_HOME", "")
    return Path(given) if os.path.isabs(given) else Path.home() / ".local" / "share"
