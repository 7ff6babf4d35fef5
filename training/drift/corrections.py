"""Corrections: how good the labels were, as far as people said so.

Knows what was corrected into what, and the intervals of shares. People correct what they notice, mostly
mistakes, so these are no accuracy: a share that rises from window to window is what to look at.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from scipy.stats import binomtest

from backend.bundle import LABELS


@dataclass(frozen=True)
class Share:
    """`count` of `of`, and the 95 % interval of that share (Wilson, 1927)."""

    count: int
    of: int
    value: float
    low: float
    high: float

    @classmethod
    def of_counts(cls, count: int, of: int) -> Share | None:
        """Return the share, None of nothing."""
        if of == 0:
            return None
        interval = binomtest(count, of).proportion_ci(0.95, method="wilson")
        return cls(count, of, count / of, float(interval.low), float(interval.high))


@dataclass(frozen=True)
class Quality:
    """What people said in a window.

    `corrected` is the share of the comments labelled in it whose label was changed; `confirmed` that of
    the answers which say what the model said; `into` counts them by the model's label, then by theirs.
    """

    answers: int
    corrected: Share | None
    confirmed: Share | None
    into: dict[str, dict[str, int]]


def quality(corrections: pd.DataFrame, labelled: int) -> Quality:
    """Judge by `corrections`, of the `labelled` comments of the same days, whatever model said it."""
    told = corrections[corrections["predicted"].isin(LABELS) & corrections["label"].isin(LABELS)]
    same = int((told["predicted"] == told["label"]).sum())
    into = {
        label: {
            other: int(((told["predicted"] == label) & (told["label"] == other)).sum())
            for other in LABELS
        }
        for label in LABELS
    }
    return Quality(
        answers=len(corrections),
        corrected=Share.of_counts(min(len(told) - same, labelled), labelled),
        confirmed=Share.of_counts(same, len(told)),
        into=into,
    )
