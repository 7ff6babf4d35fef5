"""Stage: how a stage runs as a program, and how it leaves its files.

Knows which errors are for the person at the terminal, and that a file half written must not be taken
for a whole one. Knows nothing of what any stage does.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.bundle import BundleError
from training.errors import StageError

_ADVICE = {
    errno.ENOSPC: "the disk is full; make room and run it again",
    errno.EDQUOT: "the disk quota is used up; make room and run it again",
    errno.EACCES: "not permitted",
}


def run(main: Callable[[], None]) -> None:
    """Run a stage's `main` and exit: 0, 1 with one line that says what is wrong, or 130 for Ctrl-C."""
    program = Path(sys.argv[0])
    name = program.parent.name if program.stem == "__main__" else program.stem
    try:
        _interruptible(main)
    except (StageError, BundleError) as error:
        sys.exit(f"{name}: {error}")
    except KeyboardInterrupt:
        print(f"{name}: interrupted; run it again and it goes on where it can", file=sys.stderr)  # noqa: T201
        sys.exit(130)
    except FileNotFoundError as error:
        sys.exit(f"{name}: {error.filename} is not there; run the stages before this one first")
    except OSError as error:
        if error.errno not in _ADVICE:
            raise
        where = f"{error.filename}: " if error.filename else ""
        sys.exit(f"{name}: {where}{_ADVICE[error.errno]}")


def _interruptible(main: Callable[[], None]) -> None:
    """Run `main`; what a library stumbles over as it tidies up after Ctrl-C is Ctrl-C, too."""
    try:
        main()
    except Exception as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, KeyboardInterrupt):
            cause = cause.__context__
        if cause is None:
            raise
        raise KeyboardInterrupt from error


@contextmanager
def aside(path: Path) -> Iterator[Path]:
    """Yield a path beside `path` to write to; it takes the place of `path` when all went well.

    What was written is removed when something went wrong, and `path` stays as it was. Files and
    folders alike.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # The suffix stays last: some writers go by it.
    temporary = path.with_name(f".{path.stem}.{os.getpid()}{path.suffix}")
    _remove(temporary)
    try:
        yield temporary
        if path.is_dir():
            shutil.rmtree(path)
        temporary.replace(path)
    finally:
        _remove(temporary)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
