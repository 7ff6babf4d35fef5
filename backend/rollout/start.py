"""What is served at the start, before there is anything to fall back on.

Knows which places need a look first, when an old champion will do, and what to do where champions can't
be kept. Imports nothing that starts threads: the server calls it before it forks.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path

from backend.bundle import Bundle, BundleError, read_bundle
from backend.rollout import fetcher, trial
from backend.rollout.offer import take
from backend.rollout.source import Directory, SourceError
from backend.rollout.store import Store
from backend.settings import Settings
from backend.state import StateDiskError, StateError, is_of_the_disk, state_directory, state_path

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Start:
    """Where the champion is read from, which the server finds out once for all its processes."""

    store: Store | None
    """None: from the directory that it is offered in, which nobody watches."""
    obstacle: str = ""
    """Why another champion can't be taken, though it should be: not until the next start."""


def prepare(settings: Settings) -> Start:
    """Make sure that there is a champion to serve, and return where.

    A remote source that does not answer keeps nobody from starting with the champion from before, and
    neither does a disk that can't take a copy where the champion lies on this machine anyway.

    Raises:
        BundleError: there is none, or what a directory offers can't be served.
        StateError: there is nowhere to keep what comes from far away.
    """
    if not isinstance(settings.bundle, Path):
        return _from_afar(settings)
    if settings.poll == 0:
        read_bundle(settings.bundle)
        return Start(None)
    return _from_directory(settings, settings.bundle)


def champion(settings: Settings, start: Start) -> Bundle:
    """Return the bundle to serve, once its checksums hold.

    Raises:
        BundleError: there is none, or it is damaged.
    """
    if start.store is None:
        assert isinstance(settings.bundle, Path)
        return read_bundle(settings.bundle)
    found = start.store.champion()
    if found is None:
        raise BundleError(f"{start.store.directory} names no champion")
    return start.store.read(found.identity)


def _from_afar(settings: Settings) -> Start:
    start = _start(settings)
    assert start.store is not None
    try:
        fetcher.fetch_once(settings, start.store)
    except BundleError as error:
        if start.store.champion() is None:
            raise
        _log.warning("%s; the champion from before is served", error)
    return start


def _from_directory(settings: Settings, directory: Path) -> Start:
    came_along = directory == Settings.model_fields["bundle"].default
    try:
        start = _start(settings)
        assert start.store is not None
        take(Directory(directory), start.store, tried=came_along)
    except (OSError, SourceError) as error:
        if isinstance(error, StateError) and not is_of_the_disk(error):
            raise
        # It may as well be the directory that is at fault: then this says so.
        read_bundle(directory)
        if not came_along:
            trial.attempt(directory)
        return Start(None, obstacle=str(error))
    return start


def _start(settings: Settings) -> Start:
    """Return the store of champions; what is there can be served where nothing can be added."""
    try:
        return Start(Store.within(state_directory(settings), settings.bundle))
    except StateDiskError as error:
        return Start(Store.within(state_path(settings), settings.bundle), obstacle=str(error))
