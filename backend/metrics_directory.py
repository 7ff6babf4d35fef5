"""The directory through which server processes share their metrics.

Knows which it is and what to do when a process ends. Imports no metrics: those look for the directory
as they are made, so it must be there before, and the process that forks makes none.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def share(port: int) -> None:
    """Let the processes that are forked from now on share a directory, empty whatever was in it.

    Its name is that of the port: a server that was killed leaves it, and the next one there wipes it.
    """
    directory = Path(tempfile.gettempdir()) / f"undertone-metrics-{os.getuid()}-{port}"
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(mode=0o700)
    os.environ[VARIABLE] = str(directory)


def clear() -> None:
    """Remove the directory, once no process is left that writes to it."""
    shutil.rmtree(os.environ[VARIABLE], ignore_errors=True)


def forget(process: int) -> None:
    """Take from the figures what ended with a process, such as its memory; counts stay."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(process)  # type: ignore[no-untyped-call]
