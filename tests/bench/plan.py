"""How much is measured: which requests, how many rounds, and when to stop.

Knows durations and counts. Knows nothing of what is measured.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """Requests of `size` comments each, by `clients` at once, for `seconds` or until all are sent."""

    size: int
    clients: int
    seconds: float
    requests: int

    @property
    def name(self) -> str:
        """What the cell is called in the results: `500x1` is one client sending 500 at a time."""
        return f"{self.size}x{self.clients}"


@dataclass(frozen=True)
class Plan:
    """A whole run. Another round begins only if the last one's duration still fits into `seconds`."""

    rounds: int
    seconds: float
    cells: tuple[Cell, ...]
    first_bytes: tuple[Cell, ...]
    """Analyses whose first byte is timed."""

    @property
    def longest(self) -> float:
        """Seconds after which nothing more is measured, even if a round is not finished."""
        return self.seconds * 1.05


BATCH_SIZE = 32
"""Comments that go through the model together, at every peer that lets one choose."""
FIRST_BYTE_SIZE = 1000
PROFILE_SIZE = 500

PLANS = {
    "full": Plan(
        rounds=5,
        seconds=500,
        cells=(
            Cell(size=1, clients=1, seconds=1, requests=2000),
            Cell(size=1, clients=8, seconds=2, requests=4000),
            Cell(size=1, clients=64, seconds=3, requests=6000),
            Cell(size=32, clients=1, seconds=1, requests=150),
            Cell(size=500, clients=1, seconds=1, requests=20),
            Cell(size=5000, clients=1, seconds=0, requests=1),
        ),
        first_bytes=(Cell(size=FIRST_BYTE_SIZE, clients=1, seconds=60, requests=3),),
    ),
    "quick": Plan(
        rounds=1,
        seconds=80,
        cells=(
            Cell(size=1, clients=1, seconds=0.7, requests=1500),
            Cell(size=1, clients=8, seconds=1, requests=2000),
            Cell(size=1, clients=64, seconds=2, requests=4000),
            Cell(size=32, clients=1, seconds=0.7, requests=100),
            Cell(size=500, clients=1, seconds=0, requests=2),
        ),
        first_bytes=(Cell(size=FIRST_BYTE_SIZE, clients=1, seconds=60, requests=1),),
    ),
}
