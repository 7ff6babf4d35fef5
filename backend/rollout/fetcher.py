"""Asks the champion's source again and again whether another one is offered.

Knows when to ask, when to leave a bundle alone that was refused, and how to say so once. Knows nothing
of serving. For a remote source it runs as `python -m backend.rollout.fetcher`, a process of its own
that reads what to do from its standard input and ends with it: the clients of S3 and MLflow are large
and slow to import, and no server process should have to.
"""

from __future__ import annotations

import json
import logging
import logging.config
import select
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from backend import log_lines
from backend.bundle import BundleError
from backend.rollout.offer import take
from backend.rollout.remote import source_of
from backend.rollout.source import Source, SourceError
from backend.rollout.store import Store
from backend.settings import Settings

_ROOT = Path(__file__).parents[2]
_LONGEST_PAUSE = 600.0

# Its own name is not what it has when it is run.
_log = logging.getLogger("backend.rollout.fetcher")


@dataclass(frozen=True)
class Errand:
    """What the fetcher is to do."""

    address: str
    store: str
    poll: float
    registry: str | None
    log_level: str
    log_format: str

    @classmethod
    def of(cls, settings: Settings, store: Store) -> Errand:
        """Return what to do with these settings."""
        return cls(
            address=str(settings.bundle),
            store=str(store.directory),
            poll=settings.poll,
            registry=settings.registry,
            log_level=settings.log_level,
            log_format=settings.log_format,
        )


class Fetcher:
    """Takes from `source` what is offered, as often as `look` is called."""

    def __init__(self, source: Source, store: Store, poll: float) -> None:
        self._source, self._store, self._poll = source, store, poll
        self._settled = ""
        self._complaint = ""
        self._again_at = 0.0
        self._pause = poll

    def look(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Take what is offered, if it is new and can be served; never fails, and complains once.

        A version that was refused is tried again, after longer and longer: it may have been offered
        half written.
        """
        # Not above: the process that forks imports this module, and may not import metrics.
        from backend import metrics

        version = self._settled
        try:
            version = self._source.version()
            if version == self._settled:
                if not self._complaint or clock() < self._again_at:
                    return
            else:
                self._pause = self._poll
            if take(self._source, self._store):
                _log.info("%s offers another champion, taken", self._source)
            self._settled, self._complaint = version, ""
        except SourceError as error:
            metrics.SOURCE_FAILURES.inc()
            self._complain(error)
        except (BundleError, OSError) as error:
            metrics.OFFERS_REFUSED.inc()
            self._complain(error)
            self._settled = version
            self._again_at = clock() + self._pause
            self._pause = min(2 * self._pause, _LONGEST_PAUSE)

    def _complain(self, error: Exception) -> None:
        if str(error) != self._complaint:
            self._complaint = str(error)
            _log.error("the champion stays: %s", error)


def fetch_once(settings: Settings, store: Store) -> None:
    """Fetch from a remote source in a process of its own, and wait for it.

    Raises:
        BundleError: nothing that can be served was fetched; says why.
    """
    errand = json.dumps(asdict(Errand.of(settings, store)))
    ended = subprocess.run(
        [*command(), "--once"],
        cwd=_ROOT,
        input=errand,
        text=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or [f"the fetcher ended with {ended.returncode}"]
        raise BundleError(said[-1])


def start(settings: Settings, store: Store) -> subprocess.Popen[str]:
    """Start to fetch, again and again, in a process that ends with this one."""
    process = subprocess.Popen(
        command(),
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        # Interrupting the server from a terminal is the server's business.
        start_new_session=True,
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(asdict(Errand.of(settings, store))) + "\n")
    process.stdin.flush()
    return process


def command() -> list[str]:
    """Return the command of the process."""
    return [sys.executable, "-m", "backend.rollout.fetcher"]


def main() -> None:
    """Do the errand on standard input, once or until it closes."""
    errand = Errand(**json.loads(sys.stdin.readline()))
    logging.config.dictConfig(log_lines.configuration(errand.log_level, errand.log_format))
    store = Store(Path(errand.store))
    if "--once" in sys.argv:
        take(source_of(errand.address, errand.registry), store)
        return
    fetcher = Fetcher(source_of(errand.address, errand.registry), store, errand.poll)
    while not select.select([sys.stdin], [], [], errand.poll)[0]:
        fetcher.look()


if __name__ == "__main__":
    try:
        main()
    # A disk that can't take the bundle, beside what is wrong with the bundle or its source.
    except (BundleError, OSError) as error:
        sys.exit(str(error))
