"""Schema: what the rows of a source must look like, whatever is in them.

Knows columns, types and, by format, the form of a group. Knows nothing of shares or limits; those are
`validate`'s part.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaErrors

from backend.bundle import LABELS
from training.sources import Source

# By format: what a group, which is never split, is named after. YouTube's authors may be nameless.
GROUPS: Mapping[str, str] = {
    "semeval": r"tweet \d+",
    "goemotions": r"reddit \w+",
    "youtube_gpt": r"author .*",
    "youtube_statistics": r"video \S+",
    "youtube_people": r"row \d+",
    "reddit_textblob": r"row \d+",
}
_SHOWN = 3


def schema_of(source: Source) -> pa.DataFrameSchema:
    """Return the schema of the rows that the reader of `source` gives."""
    group = pa.Check.str_matches(rf"(?s)(?:{GROUPS[source.format]})\Z")
    splits = ["train", "validation", "test"] if source.test_set else ["train", "validation"]
    return pa.DataFrameSchema(
        {
            "text": pa.Column(str),
            "label": pa.Column(str, pa.Check.isin(LABELS)),
            "split": pa.Column(str, pa.Check.isin(splits)),
            "group": pa.Column(str, group),
        },
        name=source.name,
    )


def failures(source: Source, rows: pd.DataFrame) -> list[str]:
    """Return a sentence for every way in which `rows` are not what was declared of `source`."""
    try:
        schema_of(source).validate(rows, lazy=True)
    except SchemaErrors as error:
        return _sentences(source.name, error.failure_cases, len(rows))
    return []


def _sentences(name: str, cases: pd.DataFrame, rows: int) -> list[str]:
    missing = cases["check"] == "column_in_dataframe"
    sentences = [f"{name}.{column}: the column is missing" for column in cases["failure_case"][missing]]
    for (column, check), part in cases[~missing].groupby(["column", "check"], sort=True):
        shown = list(dict.fromkeys(repr(case)[:80] for case in part["failure_case"]))[:_SHOWN]
        sentences.append(
            f"{name}.{column}: {check} fails in {len(part):,} of {rows:,} rows, "
            f"such as {', '.join(shown)}"
        )
    return sentences
