"""Validation report: what the raw sources hold, as a page for people and as figures for DVC.

Knows what a finding is and how it is laid out. Knows nothing of how text is measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

_SIGNS = {"min": "at least", "max": "at most"}
_LANGUAGES_SHOWN = 5
_ALL_IS_WELL = "Every schema and every limit holds."


@dataclass(frozen=True)
class Bound:
    """A limit of `Limits`, such as ``max_empty``, beside what was measured."""

    limit: str
    bound: float
    value: float

    @property
    def side(self) -> str:
        """``min`` or ``max``."""
        return self.limit.split("_", 1)[0]

    @property
    def quantity(self) -> str:
        """What is limited, such as ``empty``."""
        return self.limit.split("_", 1)[1]

    @property
    def crossed(self) -> bool:
        """Whether the limit does not hold."""
        return self.value < self.bound if self.side == "min" else self.value > self.bound

    def __str__(self) -> str:
        """Return what was measured and the limit, by its name in `params.yaml`."""
        return f"{self.quantity} is {_number(self.value)}, {self.limit} is {_number(self.bound)}"


@dataclass(frozen=True)
class Finding:
    """What one source holds.

    `measured` has a figure for each quantity, `labels` counts rows, `lengths` has characters by the
    percentage of texts that are no longer, `languages` has shares of a sample. A source that fails its
    schema has `failures`, and little is measured of it.
    """

    measured: Mapping[str, float]
    bounds: Sequence[Bound] = ()
    failures: Sequence[str] = ()
    labels: Mapping[str, int] = field(default_factory=dict)
    lengths: Mapping[int, int] = field(default_factory=dict)
    languages: Mapping[str, float] = field(default_factory=dict)


# Source that is learned from -> source that is judged by -> training rows
Leaks = Mapping[str, Mapping[str, int]]


def complaints(findings: Mapping[str, Finding]) -> list[str]:
    """Return a sentence for each failure of a schema and each limit that is crossed."""
    return [
        sentence
        for name, finding in findings.items()
        for sentence in (
            *finding.failures,
            *(f"{name}: {bound}" for bound in finding.bounds if bound.crossed),
        )
    ]


def figures(findings: Mapping[str, Finding]) -> dict[str, float]:
    """Return every figure by its name, ``source/quantity``."""
    return {
        f"{name}/{quantity}": value
        for name, finding in findings.items()
        for quantity, value in (
            *finding.measured.items(),
            *((f"label_{label}", count) for label, count in finding.labels.items()),
            *((f"characters_{percent}", length) for percent, length in finding.lengths.items()),
        )
    }


def page(findings: Mapping[str, Finding], leaks: Leaks) -> str:
    """Return the report in Markdown."""
    found = complaints(findings)
    lines = ["# The raw sources", ""]
    lines += ["**Not fit to be learned from:**", "", *_verbatim(found)] if found else [_ALL_IS_WELL]
    for name, finding in findings.items():
        lines += ["", f"## {name}", "", *_quantities(finding)]
        if not finding.failures:
            lines += ["", *_labels(finding), "", *_lengths(finding), "", _languages(finding)]
    lines += ["", "## Training rows whose text stands in a test set", ""]
    return "\n".join([*lines, *_matrix(leaks)]) + "\n"


def _quantities(finding: Finding) -> list[str]:
    rows = []
    for quantity, value in finding.measured.items():
        bounds = [bound for bound in finding.bounds if bound.quantity == quantity]
        limit = ", ".join(f"{_SIGNS[bound.side]} {_number(bound.bound)}" for bound in bounds)
        mark = "**crossed**" if any(bound.crossed for bound in bounds) else ""
        rows.append((quantity, _number(value), limit, mark))
    return _table(("", "measured", "limit", ""), rows)


def _labels(finding: Finding) -> list[str]:
    total = finding.measured["rows"]
    rows = [(label, f"{count:,}", f"{count / total:.1%}") for label, count in finding.labels.items()]
    return _table(("label", "rows", "share"), rows)


def _lengths(finding: Finding) -> list[str]:
    header = ("share of texts", *(f"{percent} %" for percent in finding.lengths))
    return _table(header, [("characters, at most", *(f"{it:,}" for it in finding.lengths.values()))])


def _languages(finding: Finding) -> str:
    commonest = list(finding.languages.items())[:_LANGUAGES_SHOWN]
    return f"Languages of a sample: {', '.join(f'{it} {share:.1%}' for it, share in commonest)}."


def _matrix(leaks: Leaks) -> list[str]:
    judges = next(iter(leaks.values()), {})
    if not judges:
        return ["No source that could be read has a test set."]
    rows = [(name, *(f"{row[judge]:,}" for judge in judges)) for name, row in leaks.items()]
    return [
        "A row for each set that is learned from, a column for each test set. `prepare` takes these "
        "rows out of training; only what leaks into a set's own test set is limited.",
        "",
        *_table(("", *judges), rows),
    ]


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(cells)} |" for cells in (header, ["---"] * len(header), *rows)]


def _verbatim(lines: Iterable[str]) -> list[str]:
    """Return `lines` as a block of code: an example out of a file is not markup."""
    return [f"    {line}" for line in lines]


def _number(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:.4g}"
