"""Comparison: whether two looks at comments differ, by how much, and whether chance would do.

Knows three measures and when they mean drift; nothing of comments, logs or reports.

- PSI, the population stability index: the sum of (a - b) ln(a / b) over the shares a and b of each bin
  (Siddiqi, Credit Risk Scorecards, 2006: from 0.1 on a change, from 0.25 on a great one). Without any
  change, samples of n and m comments give about (k - 1)(1/n + 1/m) in k bins (Yurdakul and Naranjo,
  2020, Statistical properties of the population stability index), which is taken off.
- The Jensen-Shannon divergence, in bits: 0 for the same shares, 1 for nothing in common (Lin, 1991).
- A two-sample test, Pearson's chi-square: of all bins of a quantity at once, or, where a comment has
  many words or its state many components, of each by itself, times their number (Bonferroni). Over
  all quantities by Holm's step-down method (1979), so that `alpha` is the chance that any alarm is
  false.

With many comments a difference that nobody would mind is beyond chance, and with few a great one is
not. So drift is both: the corrected p is below `alpha`, and PSI or divergence reach their limit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2, chi2_contingency

from backend.bundle import Histogram
from training.drift.quantities import STATE, Histograms
from training.params import Drift

# Below so many comments expected in a bin, its part of chi-square is not to be trusted (Cochran, 1954).
_LEAST_EXPECTED = 5
_MOVED = 12

Counts = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Move:
    """A bin, and its share of the comments before and now."""

    bin: str
    before: float
    now: float


@dataclass(frozen=True)
class Comparison:
    """What became of one quantity.

    `psi` and `divergence` are what is left after what chance gives without any change; `p` is
    corrected for the components of this quantity, `corrected` for all quantities too. `moves` are all
    bins in their order, or of the words those that moved most.
    """

    quantity: str
    psi: float
    divergence: float
    p: float
    corrected: float
    drifted: bool
    moves: tuple[Move, ...]


def compare(before: Histograms, now: Histograms, settings: Drift) -> list[Comparison]:
    """Compare what both have; return one comparison for each quantity, the states taken as one.

    Raises:
        ValueError: the bins of a quantity are not the same.
    """
    found: dict[str, list[Comparison]] = {}
    for name in before.keys() & now.keys():
        if before[name].bins != now[name].bins:
            raise ValueError(f"the bins of {name} are not the same")
        family = "embedding" if name.startswith(STATE) else name
        comments = (
            (sum(before["length"].counts), sum(now["length"].counts)) if name == "vocabulary" else None
        )
        found.setdefault(family, []).append(_of_one(name, before[name], now[name], comments))
    each = [_worst(family, parts) for family, parts in sorted(found.items())]
    return _corrected(each, settings)


def _of_one(
    name: str, before: Histogram, now: Histogram, comments: tuple[int, int] | None
) -> Comparison:
    a, b = np.asarray(before.counts, dtype=float), np.asarray(now.counts, dtype=float)
    # An empty bin is half a comment, or one alone would make the index infinite.
    shares = [(counts + 0.5) / (counts + 0.5).sum() for counts in (a, b)]
    chance = float((np.count_nonzero(a + b) - 1) * (1 / a.sum() + 1 / b.sum()))
    psi = float(((shares[0] - shares[1]) * np.log(shares[0] / shares[1])).sum())
    middle = (shares[0] + shares[1]) / 2
    divergence = float(sum((part * np.log2(part / middle)).sum() for part in shares) / 2)
    p = _p_of_words(a, b, comments) if comments else _p_of_bins(a, b)
    of = comments or (a.sum(), b.sum())
    moves = [
        Move(bin_, float(was / of[0]), float(is_ / of[1]))
        for bin_, was, is_ in zip(before.bins, a, b, strict=True)
    ]
    if comments:
        moves = sorted(moves, key=lambda move: _surprise(move, of), reverse=True)[:_MOVED]
    # By a factor of 8 ln 2, the divergence of a small change is its index.
    rest = max(0.0, divergence - chance / (8 * math.log(2)))
    return Comparison(name, max(0.0, psi - chance), rest, p, p, False, tuple(moves))


def _surprise(move: Move, of: Sequence[float]) -> float:
    """Return how many standard errors lie between the two shares."""
    pooled = (move.before * of[0] + move.now * of[1]) / sum(of)
    variance = pooled * (1 - pooled) * sum(1 / count for count in of)
    return abs(move.now - move.before) / math.sqrt(variance) if variance > 0 else 0.0


def _p_of_bins(before: Counts, now: Counts) -> float:
    """Return the p of Pearson's test of homogeneity, bins of too few comments taken together."""
    table = np.stack([before, now])
    expected = table.sum(0) * min(before.sum(), now.sum()) / table.sum()
    rare = expected < _LEAST_EXPECTED
    table = np.column_stack([table[:, ~rare], table[:, rare].sum(1)])
    table = table[:, table.sum(0) > 0]
    return float(chi2_contingency(table, correction=False).pvalue) if table.shape[1] > 1 else 1.0


def _p_of_words(before: Counts, now: Counts, comments: tuple[int, int]) -> float:
    """Return the least p of any word being in another share of the comments, times the words."""
    have = np.stack([before, now])
    of = np.asarray(comments, dtype=float)[:, None]
    pooled = have.sum(0) / of.sum()
    testable = np.minimum(pooled, 1 - pooled) * of.min() >= _LEAST_EXPECTED
    if not testable.any():
        return 1.0
    have, pooled = have[:, testable], pooled[testable]
    difference = have[0] / of[0] - have[1] / of[1]
    statistic = difference**2 / (pooled * (1 - pooled) * (1 / of).sum())
    return min(1.0, float(chi2.sf(statistic, 1).min()) * int(testable.sum()))


def _worst(family: str, parts: Sequence[Comparison]) -> Comparison:
    """Return the parts of a quantity as one: the greatest change, the least p times their number."""
    worst = max(parts, key=lambda part: part.psi)
    p = min(1.0, min(part.p for part in parts) * len(parts))
    return Comparison(
        family, worst.psi, max(part.divergence for part in parts), p, p, False, worst.moves
    )


def _corrected(each: Sequence[Comparison], settings: Drift) -> list[Comparison]:
    """Return `each` with its p by Holm's method, and whether it drifted; the greatest change first."""
    done: list[Comparison] = []
    largest = 0.0
    for rank, one in enumerate(sorted(each, key=lambda one: one.p)):
        largest = max(largest, min(1.0, one.p * (len(each) - rank)))
        matters = one.psi >= settings.psi or one.divergence >= settings.divergence
        done.append(
            Comparison(
                one.quantity, one.psi, one.divergence, one.p, largest,
                largest < settings.alpha and matters, one.moves,
            )
        )  # fmt: skip
    return sorted(done, key=lambda one: one.psi, reverse=True)
