"""What Undertone promises, and whether a run bears it out.

Knows the bounds. Knows nothing of how the figures came about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tests.bench.figures import Round, over_rounds, ratio
from tests.bench.plan import FIRST_BYTE_SIZE

OF_BARE = 0.9
OF_PEERS = 2.0
FIRST_BYTE_SECONDS = 1.0
READY_SECONDS = 3.0
WORKER_BYTES = 350e6

Verdict = Literal["met", "not met", "not measured"]


@dataclass(frozen=True)
class Aim:
    """A bound on a figure, and the figure; None if it was not measured."""

    what: str
    value: float | None
    bound: float
    at_least: bool
    unit: str

    @property
    def verdict(self) -> Verdict:
        """Whether the figure keeps to the bound."""
        if self.value is None:
            return "not measured"
        kept = self.value >= self.bound if self.at_least else self.value < self.bound
        return "met" if kept else "not met"


def aims(
    rounds: Sequence[Round], predict: str, lines: str, bare: Sequence[str], serving: Sequence[str]
) -> Iterator[Aim]:
    """Yield each aim; the names are those of the rows. Of `bare`, the fastest is what counts."""
    for size in (500, 5000):
        ratios = [ratio(rounds, predict, row, f"{size}x1") for row in bare]
        yield Aim(
            f"{size:,} comments a request, of the fastest loop",
            min((one for one in ratios if one is not None), default=None),
            OF_BARE,
            at_least=True,
            unit="of it",
        )
    for row in serving:
        yield Aim(
            f"single comments, 64 clients, beside {row}",
            ratio(rounds, predict, row, "1x64"),
            OF_PEERS,
            at_least=True,
            unit="times",
        )
    first = over_rounds(rounds, lines, lambda measured: measured.first_byte_seconds)
    yield Aim(
        f"first line of an analysis of {FIRST_BYTE_SIZE:,}", first, FIRST_BYTE_SECONDS, False, "s"
    )
    ready = over_rounds(rounds, predict, lambda measured: measured.ready_seconds)
    yield Aim("from start to ready", ready, READY_SECONDS, False, "s")
    largest = over_rounds(rounds, predict, lambda measured: measured.largest_process_bytes)
    yield Aim(
        "memory of a worker",
        None if largest is None else largest / 1e6,
        WORKER_BYTES / 1e6,
        False,
        "MB",
    )
