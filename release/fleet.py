"""The servers of one service, however they are run: what a rollout asks of whoever runs them.

Knows no way to run one; `compose.py` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol


class FleetError(RuntimeError):
    """Servers can't be started or ended; says why."""


@dataclass(frozen=True)
class Server:
    """One server: what its runner calls it, the image that it was started from, where it listens.

    One that has ended may have no address, and another one once it is started again.
    """

    name: str
    image: str = field(compare=False)
    address: str = field(compare=False)


class Fleet(Protocol):
    """The servers of one service. Each method raises a FleetError where it can't do what it should."""

    def servers(self) -> list[Server]:
        """Return those that were started and not stopped, whether or not they have ended since."""
        ...

    def runs(self, server: Server) -> bool:
        """Return whether `server` has not ended."""
        ...

    def trial(self, image: str) -> Server:
        """Start one of `image` that nobody is led to, and that is not among `servers`."""
        ...

    def start(self, image: str, number: int) -> list[Server]:
        """Start `number` of `image` beside those that there are, and return the new ones."""
        ...

    def stop(self, servers: Sequence[Server]) -> None:
        """End `servers` once they have answered what they were asked, and remove them."""
        ...

    def last_words(self, server: Server) -> str:
        """Return what `server` said last."""
        ...

    def settle(self, image: str) -> None:
        """Have the service started from `image` by whoever starts it next."""
        ...
