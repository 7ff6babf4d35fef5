"""What is served at the start, before there is anything to fall back on.

Knows which places need a look first, and when an old champion will do. Imports nothing that starts
threads: the server calls it before it forks.
"""

from __future__ import annotations

import logging
from pathlib import Path

from backend.bundle import Bundle, BundleError, read_bundle
from backend.rollout import fetcher
from backend.rollout.offer import take
from backend.rollout.source import Directory
from backend.rollout.store import Store
from backend.settings import Settings
from backend.state import state_directory

_log = logging.getLogger(__name__)


def store_of(settings: Settings) -> Store | None:
    """Return where champions are kept; None where they are served from a directory, unwatched."""
    if settings.poll == 0 and isinstance(settings.bundle, Path):
        return None
    return Store.within(state_directory(settings), settings.bundle)


def prepare(settings: Settings) -> None:
    """Make sure that there is a champion to serve.

    A remote source that does not answer keeps nobody from starting with the champion from before.

    Raises:
        BundleError: there is none, or what a directory offers can't be served.
        StateError: there is nowhere to keep it.
    """
    store = store_of(settings)
    if isinstance(settings.bundle, Path):
        if store is None:
            read_bundle(settings.bundle)
            return
        came_along = settings.bundle == Settings.model_fields["bundle"].default
        take(Directory(settings.bundle), store, tried=came_along)
        return
    assert store is not None
    try:
        fetcher.fetch_once(settings, store)
    except BundleError as error:
        if store.champion() is None:
            raise
        _log.warning("%s; the champion from before is served", error)


def champion(settings: Settings, store: Store | None) -> Bundle:
    """Return the bundle to serve, once its checksums hold.

    Raises:
        BundleError: there is none, or it is damaged.
    """
    if store is None:
        assert isinstance(settings.bundle, Path)
        return read_bundle(settings.bundle)
    found = store.champion()
    if found is None:
        raise BundleError(f"{store.directory} names no champion")
    return store.read(found.identity)
