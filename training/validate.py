"""Validate: the raw sources are what `sources.py` says they are, within the limits of `params.yaml`.

Knows what can be wrong with labelled text. Knows nothing of how it is mended; that is `prepare`'s part.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from backend.bundle import LABELS
from backend.language import identify
from training.params import Limits, read_params
from training.prepare import key_of, read_source
from training.sources import SOURCES

REPORT = Path("reports/validate.json")
_LANGUAGE_SAMPLE = 2000


class ValidationError(ValueError):
    """A source crosses a limit; says which, by how much, and what the limit is."""


def measure(rows: pd.DataFrame, seed: int) -> dict[str, float]:
    """Return what `Limits` bounds, of the rows of one source.

    A duplicate shares its words with an earlier row of its split; a conflict is a text that has several
    labels; a leak is a training text that stands in the source's own test set.
    """
    keys = rows["text"].map(key_of)
    train, test = rows["split"] != "test", rows["split"] == "test"
    sample = rows["text"].sample(min(len(rows), _LANGUAGE_SAMPLE), random_state=seed)
    per_key = rows["label"].groupby(keys).transform("nunique")
    return {
        "rows": len(rows),
        "empty": float((rows["text"].str.strip() == "").mean()),
        "longest": int(rows["text"].str.len().max()),
        "rarest_label": float(min((rows["label"] == label).mean() for label in LABELS)),
        "english": float(np.mean([language == "en" for language in identify(sample.tolist())])),
        "duplicates": float(keys.groupby(rows["split"]).apply(lambda k: k.duplicated().sum()).sum())
        / len(rows),
        "conflicts": float((per_key > 1).mean()),
        "leaks": float(keys[train].isin(set(keys[test])).mean()) if train.any() else 0.0,
    }


def check(name: str, measured: dict[str, float], limits: Limits) -> list[str]:
    """Return a sentence for each limit that source `name` crosses."""
    crossed = []
    for limit, bound in limits.model_dump().items():
        side, quantity = limit.split("_", 1)
        value = measured[quantity]
        if value < bound if side == "min" else value > bound:
            crossed.append(f"{name}: {quantity} is {value:.4g}, {limit} is {bound:g}")
    return crossed


def main() -> None:
    """Measure every source, write the report, and fail where a limit is crossed.

    Raises:
        ValidationError: names every limit that is crossed.
    """
    params = read_params()
    measured = {name: measure(read_source(source), params.seed) for name, source in SOURCES.items()}
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    crossed = [
        line for name in measured for line in check(name, measured[name], params.validate_.of(name))
    ]
    if crossed:
        raise ValidationError("; ".join(crossed))


if __name__ == "__main__":
    main()
