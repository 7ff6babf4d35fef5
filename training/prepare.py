"""Prepare: from raw rows to train, validation and test sets that share no text.

Knows which comments are fit to learn from (English, one label, seen once) and how to split. Knows
nothing of file formats or models.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from backend.language import UNDETERMINED, identify
from backend.text import tokenise
from training.ingest import RAW
from training.params import Params, read_params
from training.sources import SOURCES, Source

PREPARED = Path("data/prepared")
REPORT = Path("reports/prepare.json")

_VARIABLE = re.compile(r"@user|http|\b\d+\b|[!?]+")


def read_source(source: Source, directory: Path = RAW) -> pd.DataFrame:
    """Return the rows of `source` with the columns of `sources.COLUMNS`, `source` and `trust`."""
    frame = source.read({name: directory / name for name in source.files})
    return frame.assign(source=source.name, trust=source.trust)


def key_of(text: str) -> str:
    """Return what near-duplicates share: their words, without names and numbers."""
    return " ".join(_VARIABLE.sub(" ", tokenise(text)).split())


def select_english(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in English, and those too short to tell that use the Latin alphabet."""
    languages = pd.Series(identify(frame["text"].tolist()), index=frame.index)
    latin = frame["text"].map(_mostly_ascii).astype(bool)
    return frame[(languages == "en") | ((languages == UNDETERMINED) & latin)]


def resolve(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each `key`: that of the most trusted source; none where the best disagree."""
    best = frame[frame["trust"] == frame.groupby("key")["trust"].transform("max")]
    agreed = best[best.groupby("key")["label"].transform("nunique") == 1]
    return agreed.drop_duplicates("key")


def split_validation(frame: pd.DataFrame, share: float, seed: int) -> pd.DataFrame:
    """Mark about `share` of the training rows as validation, by source and label, in whole groups.

    A group (a video, an author, a tweet) is never split. One that holds several labels may be taken
    for any of them, so a set of such groups gives more than its share.
    """
    generator = np.random.default_rng(seed)
    split = frame["split"].copy()
    for _, rows in frame[frame["split"] == "train"].groupby(["source", "label"], sort=True):
        sizes = rows.groupby("group", sort=True).size()
        order = generator.permutation(len(sizes))
        taken = sizes.iloc[order].cumsum() <= share * len(rows)
        chosen = set(sizes.index[order][taken.to_numpy()])
        split[frame["group"].isin(chosen) & (frame["split"] == "train")] = "validation"
    return frame.assign(split=split)


def prepare(raw: pd.DataFrame, params: Params) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the prepared rows and a report of how many rows each step left, by source.

    Test sets keep every row that people labelled, duplicates included, so that figures compare with
    published ones; what they hold is taken out of training and validation instead.
    """
    report: dict[str, object] = {"raw": _sizes(raw)}
    test = raw[raw["split"] == "test"]
    rows = raw[(raw["split"] != "test") & raw["source"].isin(params.prepare.sources)]
    rows = rows[rows["text"].map(_letters) >= params.prepare.min_letters]
    report["readable"] = _sizes(rows)
    rows = select_english(rows)
    report["English"] = _sizes(rows)
    rows = rows.assign(key=[key_of(text) for text in tqdm(rows["text"], desc="keys", unit="row")])
    rows = resolve(rows[rows["key"] != ""])
    report["one label, seen once"] = _sizes(rows)
    rows = rows[~rows["key"].isin({key_of(text) for text in test["text"]})]
    report["not in a test set"] = _sizes(rows)
    rows = split_validation(rows, params.prepare.validation_share, params.seed)
    prepared = pd.concat([rows, test.assign(key=test["text"].map(key_of))]).drop(columns=["trust"])
    report["prepared"] = _sizes(prepared)
    return prepared.reset_index(drop=True), report


def _letters(text: str) -> int:
    return sum(character.isalpha() or ord(character) >= 0x2190 for character in text)


def _mostly_ascii(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return not letters or sum(character.isascii() for character in letters) >= 0.9 * len(letters)


def _sizes(frame: pd.DataFrame) -> Mapping[str, Mapping[str, int]]:
    table = frame.groupby(["source", "split", "label"], sort=True).size()
    sizes: dict[str, dict[str, int]] = {}
    for row, count in zip(table.index.to_frame(index=False).itertuples(), table, strict=True):
        sizes.setdefault(f"{row.source} {row.split}", {})[str(row.label)] = int(count)
    return sizes


def main() -> None:
    """Write `data/prepared/{train,validation,test}.parquet` and the report."""
    params = read_params()
    raw = pd.concat([read_source(source) for source in SOURCES.values()], ignore_index=True)
    prepared, report = prepare(raw, params)
    PREPARED.mkdir(parents=True, exist_ok=True)
    for split, rows in prepared.groupby("split"):
        aside = PREPARED / f".{split}.parquet"
        rows.drop(columns="split").to_parquet(aside, index=False)
        aside.replace(PREPARED / f"{split}.parquet")
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
