"""The arithmetic: from what clients saw to figures, and from the figures of rounds to one.

Knows percentiles, medians and ratios. Knows nothing of peers. A figure that was not measured is None.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.bench.load import Run


@dataclass(frozen=True)
class Reading:
    """One cell of one row in one round."""

    comments_per_second: float
    """Of those that were answered with 200."""
    p50: float | None
    """Seconds; None if nothing was answered."""
    p99: float | None
    requests: int
    failed: int
    client_share: float
    """How much of one core the clients took."""


@dataclass
class Measurement:
    """One row in one round."""

    ready_seconds: float
    memory_bytes: int = 0
    """Of the whole process tree, after the load."""
    largest_process_bytes: int = 0
    cells: dict[str, Reading] = field(default_factory=dict)
    first_byte_seconds: float | None = None


Round = dict[str, Measurement]
"""By row."""


def reading(run: Run, size: int) -> Reading:
    """Return what `run`, of requests of `size` comments, comes to."""
    taken = [answer.seconds for answer in run.answers if answer.status == 200]
    return Reading(
        comments_per_second=len(taken) * size / run.seconds,
        p50=percentile(taken, 50) if taken else None,
        p99=percentile(taken, 99) if taken else None,
        requests=len(run.answers),
        failed=run.failed,
        client_share=run.client_seconds / run.seconds,
    )


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the least of `values` that `percent` of them don't exceed (nearest rank)."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


def median(values: Iterable[float | None]) -> float | None:
    """Return the median of what was measured; None if nothing was."""
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def over_rounds(
    rounds: Sequence[Round], row: str, figure: Callable[[Measurement], float | None]
) -> float | None:
    """Return the median of a row's `figure`."""
    return median(figure(measured[row]) for measured in rounds if row in measured)


def cell_over_rounds(
    rounds: Sequence[Round], row: str, cell: str, figure: Callable[[Reading], float | None]
) -> float | None:
    """Return the median of a cell's `figure`."""
    return over_rounds(
        rounds, row, lambda measured: figure(measured.cells[cell]) if cell in measured.cells else None
    )


def ratio(rounds: Sequence[Round], row: str, other: str, cell: str) -> float | None:
    """Return how many times another row's comments/s a row's are.

    It is the median of each round's ratio: what slows a whole round down slows both.
    """
    pairs = (
        (measured[row].cells[cell].comments_per_second, measured[other].cells[cell].comments_per_second)
        for measured in rounds
        if all(one in measured and cell in measured[one].cells for one in (row, other))
    )
    return median(mine / others for mine, others in pairs if others)


def failures(rounds: Sequence[Round]) -> dict[str, int]:
    """Return how many requests of each row failed, of those where any did."""
    counts: dict[str, int] = {}
    for measured in rounds:
        for row, measurement in measured.items():
            counts[row] = counts.get(row, 0) + sum(one.failed for one in measurement.cells.values())
    return {row: count for row, count in counts.items() if count}
