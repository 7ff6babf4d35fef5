"""What is printed: the figures of a run as tables of plain text, which Markdown shows as tables too.

Knows columns, units and how many digits to show. Knows nothing of measuring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.bench.aims import Aim
from tests.bench.figures import Round, cell_over_rounds, over_rounds
from tests.bench.profile import PARTS, Profile

_MISSING = "-"
_THROUGHPUT = (
    ("1", "1x1"), ("32", "32x1"), ("500", "500x1"), ("5,000", "5000x1"),
    ("1, 8 clients", "1x8"), ("1, 64 clients", "1x64"),
)  # fmt: skip
_LATENCY = (("1 client", "1x1"), ("8 clients", "1x8"), ("64 clients", "1x64"))


def throughput(rounds: Sequence[Round], rows: Iterable[str]) -> str:
    """Return comments/s by row and by comments a request."""
    return _table(
        ("comments/s, by comments a request", *(title for title, _ in _THROUGHPUT)),
        (
            (
                row,
                *(
                    _number(cell_over_rounds(rounds, row, cell, lambda one: one.comments_per_second))
                    for _, cell in _THROUGHPUT
                ),
            )
            for row in rows
        ),
    )


def latency(rounds: Sequence[Round], rows: Iterable[str]) -> str:
    """Return p50 and p99 of single comments, start-up and memory, by row."""
    return _table(
        ("ms for one comment, p50 / p99", *(title for title, _ in _LATENCY), "ready, s", "memory, MB"),
        (
            (
                row,
                *(_percentiles(rounds, row, cell) for _, cell in _LATENCY),
                _number(over_rounds(rounds, row, lambda one: one.ready_seconds)),
                _number(over_rounds(rounds, row, lambda one: one.memory_bytes / 1e6)),
            )
            for row in rows
        ),
    )


def verdicts(aims: Iterable[Aim]) -> str:
    """Return each aim, the figure and whether it is met."""
    return _table(
        ("aim", "is to be", "is", "so it is"),
        (
            (
                aim.what,
                f"{'at least' if aim.at_least else 'under'} {_number(aim.bound)} {aim.unit}",
                _number(aim.value),
                aim.verdict,
            )
            for aim in aims
        ),
    )


def where_time_goes(profile: Profile, size: int) -> str:
    """Return the milliseconds and the share of each part of a request."""
    return _table(
        (f"ms of a request of {size:,} comments", *profile),
        (
            (part, *(_part(parts[part], parts["total"]) for parts in profile.values()))
            for part in (*PARTS, "total")
        ),
    )


def _part(milliseconds: float, total: float) -> str:
    return f"{_number(milliseconds)} ({milliseconds / total:.0%})"


def _percentiles(rounds: Sequence[Round], row: str, cell: str) -> str:
    p50 = cell_over_rounds(rounds, row, cell, lambda one: one.p50)
    p99 = cell_over_rounds(rounds, row, cell, lambda one: one.p99)
    if p50 is None or p99 is None:
        return _MISSING
    return f"{_number(p50 * 1000)} / {_number(p99 * 1000)}"


def _number(value: float | None) -> str:
    """Return three digits that count, or all before the point."""
    if value is None:
        return _MISSING
    size = abs(value)
    digits = 0 if size >= 99.95 else 1 if size >= 9.995 else 2
    return f"{value:,.{digits}f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [tuple(head), *map(tuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = zip(cells, widths, strict=True)
        padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
        return f"| {' | '.join(padded)} |"

    rule = " | ".join(
        "-" * width if not index else "-" * (width - 1) + ":" for index, width in enumerate(widths)
    )
    return "\n".join([line(lines[0]), f"| {rule} |", *map(line, lines[1:])])
