"""The threads of a server process that follow the store and see to it that somebody fetches.

Knows which thread does what. One follows: what the store names is loaded and swapped in. One leads, in
whichever process holds the lock: it asks a directory itself, and for a remote source keeps the fetcher
running. When its process dies the lock is free, and another one leads.
"""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from backend import metrics
from backend.bundle import Bundle, BundleError
from backend.rollout import fetcher
from backend.rollout.source import Directory
from backend.rollout.store import Store
from backend.settings import Settings

_LONGEST_TICK = 1.0
_RESTART_SECONDS = 5.0

_log = logging.getLogger(__name__)

Swap = Callable[[Bundle], bool]
"""Serves a bundle from now on; returns False where it is too early for that."""


class Watcher:
    """Keeps a server process at the champion that its store names."""

    def __init__(self, settings: Settings, store: Store, served: str, swap: Swap) -> None:
        """Watch `store`, of which the bundle with the identity `served` is served now."""
        self._settings, self._store, self._swap = settings, store, swap
        self._served = served
        self._refused = ""
        self._tick = min(_LONGEST_TICK, settings.poll / 2)
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=target, name=target.__name__.strip("_"), daemon=True)
            for target in (self._follow, self._lead)
        ]

    def start(self) -> None:
        """Begin to watch."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Watch no more; waits until the threads have ended."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _follow(self) -> None:
        while not self._stopping.wait(self._tick):
            metrics.measure_process()
            try:
                self._look()
            # Whatever goes wrong with another model, this one is served on.
            except Exception:
                _log.exception("the champion can't be changed")

    def _look(self) -> None:
        champion = self._store.champion()
        if champion is None or champion.identity in (self._served, self._refused):
            return
        try:
            if self._swap(self._store.read(champion.identity)):
                self._served, self._refused = champion.identity, ""
        except BundleError as error:
            metrics.OFFERS_REFUSED.inc()
            self._refused = champion.identity
            _log.error("the champion stays: %s", error)

    def _lead(self) -> None:
        complaint = ""
        while not self._stopping.wait(self._tick):
            try:
                with self._store.leading() as held:
                    if held and isinstance(self._settings.bundle, Path):
                        self._ask(self._settings.bundle)
                    elif held:
                        self._keep_fetching()
            # The lock is a file too, and no process can be had under a limit: there may be one later.
            except OSError as error:
                if str(error) != complaint:
                    complaint = str(error)
                    _log.error("the champion stays, its source can't be watched: %s", error)

    def _ask(self, directory: Path) -> None:
        asking = fetcher.Fetcher(Directory(directory), self._store, self._settings.poll)
        while not self._stopping.wait(self._settings.poll):
            asking.look()

    def _keep_fetching(self) -> None:
        """Run the fetcher until this process ends, and start it again if it ends before."""
        process = fetcher.start(self._settings, self._store)
        try:
            while not self._stopping.wait(self._tick):
                if process.poll() is not None:
                    _log.error("the fetcher ended with %d and is started again", process.returncode)
                    self._stopping.wait(_RESTART_SECONDS)
                    return
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    process.terminate()
    process.wait()
