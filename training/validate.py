"""Validate: the raw sources are what `sources.yaml` says they are, within the limits of `params.yaml`.

Knows what can be wrong with labelled text. Knows nothing of how it is mended; that is `prepare`'s part.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
import pandas as pd
from tqdm import tqdm

from backend.bundle import LABELS
from backend.language import identify
from training.errors import StageError
from training.params import Limits, Params, read_params
from training.paths import REPORTS
from training.prepare import key_of, read_source
from training.schema import failures
from training.sources import COLUMNS, Source, read_sources
from training.stage import aside, run
from training.tracking import tracked
from training.validation_report import Bound, Finding, complaints, figures, page

FIGURES = REPORTS / "validate.json"
PAGE = REPORTS / "validate.md"
_LANGUAGE_SAMPLE = 2000
_PERCENTAGES = (5, 25, 50, 75, 95, 99)


class ValidationError(StageError):
    """A source is not what was declared, or crosses a limit; says which, and by how much."""


def with_keys(rows: pd.DataFrame) -> pd.DataFrame:
    """Return `rows` with a column `key`, which near-duplicates share."""
    return rows.assign(key=rows["text"].map(key_of))


def measure(rows: pd.DataFrame, english: float) -> dict[str, float]:
    """Return the figures of one source's `rows`, which have keys; `english` is passed through.

    A duplicate shares its words with an earlier row of its split; a conflict is a text that has several
    labels; a leak is a training text that stands in the source's own test set.
    """
    keys, train = rows["key"], rows["split"] != "test"
    per_key = rows["label"].groupby(keys).transform("nunique")
    return {
        "rows": len(rows),
        "nulls": nulls(rows),
        "empty": float((rows["text"].str.strip() == "").mean()),
        "longest": int(rows["text"].str.len().max()),
        "rarest_label": min(labels(rows).values()) / len(rows),
        "english": english,
        "duplicates": float(rows.duplicated(["split", "key"]).mean()),
        "conflicts": float((per_key > 1).mean()),
        "leaks": float(stand_in(keys[train], keys[~train]).mean()) if train.any() else 0.0,
    }


def nulls(rows: pd.DataFrame) -> float:
    """Return the share of rows that lack a value in some column."""
    return float(rows.reindex(columns=list(COLUMNS)).isna().any(axis=1).mean())


def labels(rows: pd.DataFrame) -> dict[str, int]:
    """Return how many rows have each label."""
    return {label: int((rows["label"] == label).sum()) for label in LABELS}


def languages(rows: pd.DataFrame, seed: int) -> dict[str, float]:
    """Return the share of each language in a sample, the commonest first."""
    sample = rows["text"].sample(min(len(rows), _LANGUAGE_SAMPLE), random_state=seed)
    shares = pd.Series(identify(sample.tolist())).value_counts(normalize=True)
    return {str(language): float(share) for language, share in shares.items()}


def lengths(rows: pd.DataFrame) -> dict[int, int]:
    """Return by percentage how many characters so many of the texts have at most."""
    found = np.percentile(rows["text"].str.len(), _PERCENTAGES)
    return {percent: int(length) for percent, length in zip(_PERCENTAGES, found, strict=True)}


def stand_in(learned: pd.Series[str], tested: pd.Series[str]) -> pd.Series[bool]:
    """Return which keys stand in a test set; a text without words stands in none."""
    return learned.isin(set(tested) - {""})


def leaks_between(keyed: Mapping[str, pd.DataFrame]) -> dict[str, dict[str, int]]:
    """Return how many training rows of each source stand in each test set, its own included."""
    tests = {name: rows["key"][rows["split"] == "test"] for name, rows in keyed.items()}
    judges = {name: tested for name, tested in tests.items() if len(tested)}
    return {
        name: {
            judge: int(stand_in(rows["key"][rows["split"] != "test"], tested).sum())
            for judge, tested in judges.items()
        }
        for name, rows in keyed.items()
    }


def compare(measured: Mapping[str, float], limits: Limits) -> list[Bound]:
    """Return each limit beside what was measured."""
    return [
        Bound(limit, bound, measured[limit.split("_", 1)[1]])
        for limit, bound in limits.model_dump().items()
    ]


def find(rows: pd.DataFrame, limits: Limits, seed: int) -> Finding:
    """Return what the rows of one source hold; they have keys and are as declared."""
    spoken = languages(rows, seed)
    measured = measure(rows, english=spoken.get("en", 0.0))
    return Finding(
        measured=measured,
        bounds=compare(measured, limits),
        labels=labels(rows),
        lengths=lengths(rows),
        languages=spoken,
    )


def examine(
    sources: Mapping[str, Source], raw: Mapping[str, pd.DataFrame], params: Params
) -> tuple[dict[str, Finding], dict[str, dict[str, int]]]:
    """Return what each source holds, and what leaks between those that are as declared."""
    findings, sound = {}, {}
    for name, rows in tqdm(raw.items(), desc="validate", unit="source"):
        if failed := failures(sources[name], rows):
            measured = {"rows": len(rows), "nulls": nulls(rows)}
            findings[name] = Finding(measured, failures=failed)
        else:
            sound[name] = with_keys(rows)
            findings[name] = find(sound[name], params.validate_.of(name), params.seed)
    return findings, leaks_between(sound)


def main() -> None:
    """Look at every source, write the report, and fail where one is not what it should be.

    Raises:
        ValidationError: names every failure of a schema and every limit that is crossed.
    """
    params = read_params()
    with tracked("validate", params) as tracking:
        sources = read_sources()
        raw = {name: read_source(source) for name, source in sources.items()}
        findings, leaks = examine(sources, raw, params)
        with aside(FIGURES) as path:
            path.write_text(json.dumps(figures(findings), indent=2) + "\n", encoding="utf-8")
        with aside(PAGE) as path:
            path.write_text(page(findings, leaks), encoding="utf-8")
        tracking.log_files(FIGURES, PAGE)
        if found := complaints(findings):
            raise ValidationError(f"{'; '.join(found)}; see {PAGE}")


if __name__ == "__main__":
    run(main)
