"""A process and those that it starts: until it is ready, how much memory they take, their end.

Knows commands, environments and process trees. Knows nothing of what the processes do.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

import psutil

from tests.server import ROOT

PATIENCE_SECONDS = 60
_LAST_WORDS = 800
_GRACE_SECONDS = 10


class PeerError(RuntimeError):
    """A peer can't be measured; says why."""


@dataclass(frozen=True)
class Started:
    """A process that is ready, and how long that took."""

    process: subprocess.Popen[str]
    ready_seconds: float

    def memory(self) -> list[int]:
        """Return the bytes that each process of the tree takes, pages that they share split evenly."""
        return [_bytes(process) for process in _tree(self.process.pid)]


@contextmanager
def started(
    command: Sequence[str],
    environment: Mapping[str, str],
    is_ready: Callable[[subprocess.Popen[str]], bool],
    *,
    talks: bool = False,
) -> Iterator[Started]:
    """Start `command` in the repository, yield it once `is_ready`, end it and what it started.

    What it writes to standard output is its log, or answers to be read if it `talks`.

    Raises:
        PeerError: it can't be started, or was not ready in a minute; holds the end of what it said.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as said:
        began = time.perf_counter()
        try:
            process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | {"PYTHONPATH": str(ROOT)} | dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE if talks else said,
                stderr=said,
                text=True,
            )
        except OSError as error:
            raise PeerError(f"{command[0]} can't be started: {error.strerror}") from error
        try:
            if not _becomes_ready(process, is_ready):
                raise PeerError(f"not ready: {_end_of(said) or 'it said nothing'}")
            yield Started(process, time.perf_counter() - began)
        finally:
            _end(process)


def _becomes_ready(
    process: subprocess.Popen[str], is_ready: Callable[[subprocess.Popen[str]], bool]
) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if is_ready(process):
            return True
        time.sleep(0.03)
    return False


def _end_of(said: IO[str]) -> str:
    said.seek(0)
    return " ".join(said.read().split())[-_LAST_WORDS:]


def _tree(process: int) -> list[psutil.Process]:
    try:
        root = psutil.Process(process)
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _bytes(process: psutil.Process) -> int:
    """Return the proportional set size; where the system has none, what would be freed at its end."""
    try:
        memory = process.memory_full_info()
    except psutil.NoSuchProcess:
        return 0
    return int(getattr(memory, "pss", memory.uss))


def _end(process: subprocess.Popen[str]) -> None:
    """End the whole tree: some peers leave their workers behind when only the first process is told."""
    tree = _tree(process.pid)
    for one in tree:
        _tell(one.terminate)
    _, alive = psutil.wait_procs(tree, timeout=_GRACE_SECONDS)
    for one in alive:
        _tell(one.kill)
    psutil.wait_procs(alive, timeout=_GRACE_SECONDS)
    process.poll()
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()


def _tell(how: Callable[[], None]) -> None:
    try:
        how()
    except psutil.NoSuchProcess:
        return
