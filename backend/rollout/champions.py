"""Which model a server process serves, from its first to its last.

Knows how a bundle becomes a labeller and takes the place of the one before. A request holds on to the
labeller that it began with; there are never more than two, so another swap waits until the one before
the last is of no use to anybody.
"""

from __future__ import annotations

import atexit
import logging
import os
import time
import weakref

from flask import Flask

from backend import labelling, lacks, metrics
from backend.bundle import Bundle
from backend.cores import available_cores
from backend.inference.admission import Room
from backend.inference.cache import Cache, LocalCache, Tiers
from backend.inference.engine import Engine
from backend.inference.redis_cache import RedisCache
from backend.inference.scheduler import Scheduler
from backend.labelling import Labeller
from backend.rollout.start import Start, champion
from backend.rollout.watcher import Watcher
from backend.settings import Settings

_log = logging.getLogger(__name__)


class Champions:
    """The labellers of one process, one after another."""

    def __init__(self, app: Flask, settings: Settings, engine: Engine) -> None:
        self._app, self._settings, self._engine = app, settings, engine
        self._shown: metrics.Served | None = None
        self._retired: weakref.ref[Labeller] | None = None
        self._current: Labeller | None = None

    def serve(self, bundle: Bundle) -> bool:
        """Serve `bundle` from now on; return False, and do nothing, while two are in memory.

        Raises:
            BundleError: it can't be loaded; what was served is served on.
        """
        if self._retired is not None and self._retired() is not None:
            return False
        settings = self._settings
        labeller = Labeller(
            bundle,
            settings.threads_of_model(available_cores()),
            settings.batch_size,
            settings.max_comment_characters,
            self._engine,
        )
        labelling.serve(self._app, labeller)
        if self._current is not None:
            self._retired = weakref.ref(self._current)
            metrics.SWAPS.inc()
            _log.info("serving %s %s from now on", bundle.card.name, bundle.card.version)
        self._current = labeller
        self._show(bundle)
        return True

    def _show(self, bundle: Bundle) -> None:
        shown = metrics.Served(
            process=os.getpid(),
            name=bundle.card.name,
            version=bundle.card.version,
            identity=bundle.identity,
            since=time.time(),
        )
        metrics.show_model(shown, self._shown)
        self._shown = shown


def init_app(app: Flask, settings: Settings, start: Start) -> None:
    """Let the views of `app` find the champion, and keep it the one that its source offers.

    Where champions can't be kept it is served from where it lies: a copy can't change halfway, so what
    is there is not watched before the server is started again.

    Raises:
        BundleError: the champion can't be loaded.
    """
    caches: list[Cache] = [LocalCache(settings.cache_size)]
    if settings.redis:
        caches.append(RedisCache(settings.redis))
    room = Room(settings.most_waiting, metrics.WAITING.set)
    scheduler = Scheduler(settings.batch_size, settings.threads_of_model(available_cores()))
    engine = Engine(scheduler, room, Tiers(caches))
    atexit.register(engine.scheduler.stop)
    bundle = champion(settings, start)
    champions = Champions(app, settings, engine)
    champions.serve(bundle)
    if start.obstacle:
        lacks.note(app, "model-changes", f"{start.obstacle}; mend it and start the server again")
    if start.store is not None and settings.poll:
        watcher = Watcher(settings, start.store, bundle.identity, champions.serve)
        watcher.start()
        atexit.register(watcher.stop)
