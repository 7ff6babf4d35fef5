"""`python -m release.rollout IMAGE`: another image takes over from the one that serves, or does not.

One server is tried that nobody is led to: it must become ready and label obvious comments as people do.
Then new servers are started beside the old ones, which are ended once each of the new is as good; when
the service does not answer well after that, they are put back. Knows the order of it. Knows nothing of
containers; `compose.py` does.

Exit code 0: the image serves. 1: the one before goes on, or is back. 3: it could not be put back.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from release.compose import COMPOSE, Compose
from release.fleet import Fleet, FleetError, Server
from release.health import Check, UnfitError

# Every server answers to it, whatever UNDERTONE_ALLOWED_HOSTS says.
_ALWAYS_KNOWN = "localhost"


class RolloutError(RuntimeError):
    """The image does not serve; the one before does."""


class LostError(RolloutError):
    """Neither the image nor the one before serves as it should."""


@dataclass(frozen=True)
class Rollout:
    """How images take over in `fleet`.

    `front` is the address that the service is reached at, where there is one; `linger` the seconds in
    which whoever leads to the servers finds the new ones before the old ones end.
    """

    fleet: Fleet
    check: Check
    say: Callable[[str], None]
    front: str | None = None
    linger: float = 0

    def to(self, image: str, number: int | None = None) -> None:
        """Let `image` serve from `number` servers; from as many as now, where none is said.

        Raises:
            RolloutError: the image is unfit; what served before serves.
            LostError: and could not be put back.
            FleetError: what is unfit could not be removed; what served before serves.
        """
        before = self.fleet.servers()
        number = number or len(before) or 1
        self.say(f"serving now: {_described(before)}; trying {image}")
        self._try(image)
        self.say(f"starting {number} of {image} beside")
        after = self._started(image, number)
        time.sleep(self.linger)
        self.say("ending those before")
        try:
            self.fleet.stop(before)
            self.fleet.settle(image)
            if self.front:
                self.check(self.front)
        except (FleetError, UnfitError) as error:
            self.say(f"the service is not well: {error}")
            self._put_back(before, after)
            raise RolloutError(f"{image} was rolled back: {error}") from error
        self.say(f"{image} serves")

    def _try(self, image: str) -> None:
        try:
            server = self.fleet.trial(image)
            try:
                self._check(server)
            finally:
                self.fleet.stop([server])
        except (FleetError, UnfitError) as error:
            raise RolloutError(f"{image} was not rolled out: {error}") from error
        self.say(f"{image} becomes ready and answers well")

    def _started(self, image: str, number: int) -> list[Server]:
        """Return `number` new servers of `image` that are good; leave none where one is not."""
        before = self.fleet.servers()
        try:
            started = self.fleet.start(image, number)
            for server in started:
                self._check(server)
                self.say(f"{server.name[:20]} at {server.address} answers well")
        except (FleetError, UnfitError) as error:
            self.fleet.stop([server for server in self.fleet.servers() if server not in before])
            raise RolloutError(f"{image} was not rolled out: {error}") from error
        return started

    def _check(self, server: Server) -> None:
        """Check `server`; of one that is unfit, say what it said itself."""
        try:
            self.check(server.address, partial(_has_ended, self.fleet, server), _ALWAYS_KNOWN)
        except UnfitError:
            for line in self.fleet.last_words(server).splitlines():
                self.say(f"{server.name[:20]} said: {line}")
            raise

    def _put_back(self, before: Sequence[Server], after: Sequence[Server]) -> None:
        """Let the image of `before` serve again, and end `after`."""
        if not before:
            raise LostError("there is nothing to go back to: no server ran before")
        image = before[0].image
        self.say(f"putting {image} back")
        try:
            left = self.fleet.servers()
            if gone := sum(server not in left for server in before):
                self._started(image, gone)
                time.sleep(self.linger)
            self.fleet.stop(after)
            self.fleet.settle(image)
        except (FleetError, RolloutError) as error:
            raise LostError(f"{image} could not be put back: {error}") from error
        self.say(f"{image} serves again")


def _has_ended(fleet: Fleet, server: Server) -> bool:
    return not fleet.runs(server)


def _described(servers: Sequence[Server]) -> str:
    images = ", ".join(sorted({server.image for server in servers}))
    return f"{len(servers)} of {images}" if servers else "none"


def main() -> int:
    """Roll the image out on this machine; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m release.rollout", description=__doc__)
    parser.add_argument("image", help="by name and digest, so that it is the one that was checked")
    parser.add_argument("--compose", type=Path, default=COMPOSE, help="the compose file")
    parser.add_argument("--service", default="backend", help="the service in it")
    parser.add_argument("--number", type=int, help="servers to run; as many as now, where not said")
    parser.add_argument("--front", help="where the service is reached, http://127.0.0.1:8000")
    parser.add_argument("--patience", type=float, default=180, help="seconds to become ready")
    parser.add_argument("--linger", type=float, default=15, help="seconds for the proxy to find them")
    words = parser.parse_args()
    rollout = Rollout(
        fleet=Compose(words.compose, words.service),
        check=Check(words.patience, os.environ.get("ROLLOUT_TOKEN")),
        say=_say,
        front=words.front,
        linger=words.linger,
    )
    try:
        rollout.to(words.image, words.number)
    except (RolloutError, FleetError) as error:
        _say(f"failed: {error}")
        return 3 if isinstance(error, LostError) else 1
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"rollout: {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
