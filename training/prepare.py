"""Prepare: from raw rows to train, validation and test sets that share no text.

Knows which comments are fit to learn from (English, one label, seen once), how to split, and that no
correction has a say in what models are chosen and judged by. Knows nothing of file formats or models.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from backend.bundle import LABELS, sha256_of
from backend.language import UNDETERMINED, identify
from backend.text import tokenise
from training import feedback
from training.errors import StageError
from training.params import Params, read_params
from training.paths import FEEDBACK, PREPARED, RAW, REPORTS
from training.sources import Source, read_sources
from training.stage import aside, run
from training.tracking import tracked

REPORT = REPORTS / "prepare.json"

_VARIABLE = re.compile(r"@user|http|\b\d+\b|[!?]+")


class PrepareError(StageError):
    """What is left is not fit to learn from."""


def read_source(source: Source, directory: Path = RAW) -> pd.DataFrame:
    """Return the rows of `source` with the columns of `sources.COLUMNS`, `source` and `trust`."""
    return source.read(directory).assign(source=source.name, trust=source.trust)


def read_raw() -> pd.DataFrame:
    """Return the rows of every source and the feedback, as `read_source` does."""
    corrections = pd.read_parquet(FEEDBACK).assign(source=feedback.NAME, trust=feedback.TRUST)
    sources = [read_source(source) for source in read_sources().values()]
    return pd.concat([*sources, corrections] if len(corrections) else sources, ignore_index=True)


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


def add_corrections(rows: pd.DataFrame, corrections: pd.DataFrame) -> pd.DataFrame:
    """Return `rows`, which are split, with `corrections` among those to train on, whoever is right.

    What is validated on stays as it was: a correction of a text or of a group in there is left out.
    """
    chosen = rows[rows["split"] == "validation"]
    apart = ~(corrections["key"].isin(chosen["key"]) | corrections["group"].isin(chosen["group"]))
    train = resolve(pd.concat([rows.drop(chosen.index), resolve(corrections[apart])]))
    return pd.concat([train, chosen]).sort_index()


def prepare(raw: pd.DataFrame, params: Params) -> tuple[pd.DataFrame, dict[str, object]]:
    """Return the prepared rows and a report of how many rows each step left, by source.

    Test sets keep every row that people labelled, duplicates included, so that figures compare with
    published ones; what they hold is taken out of training and validation instead. Neither validation
    nor test set depends on a correction.
    """
    report: dict[str, object] = {"raw": _sizes(raw)}
    known = {*read_sources(), feedback.NAME}
    if unknown := set(params.prepare.sources) - known:
        raise PrepareError(
            f"prepare.sources: {', '.join(sorted(unknown))} is not among {sorted(known)}"
        )
    corrected = raw["source"] == feedback.NAME
    most, seed = params.prepare.max_rows, params.seed
    raw = pd.concat([draw(raw[~corrected], most, seed), draw(raw[corrected], most, seed)])
    test = raw[raw["split"] == "test"]
    rows = raw[(raw["split"] != "test") & raw["source"].isin(params.prepare.sources)]
    rows = rows[rows["text"].map(_letters) >= params.prepare.min_letters]
    report["readable"] = _sizes(rows)
    rows = select_english(rows)
    report["English"] = _sizes(rows)
    rows = rows.assign(key=[key_of(text) for text in tqdm(rows["text"], desc="keys", unit="row")])
    rows = rows[rows["key"] != ""]
    corrected = rows["source"] == feedback.NAME
    corrections, rows = rows[corrected], resolve(rows[~corrected])
    report["one label, seen once"] = _sizes(rows)
    tested = {key_of(text) for text in test["text"]}
    rows = rows[~rows["key"].isin(tested)]
    report["not in a test set"] = _sizes(rows)
    rows = split_validation(rows, params.prepare.validation_share, params.seed)
    rows = add_corrections(rows, corrections[~corrections["key"].isin(tested)])
    prepared = pd.concat([rows, test.assign(key=test["text"].map(key_of))]).drop(columns=["trust"])
    report["prepared"] = _sizes(prepared)
    return prepared.reset_index(drop=True), report


def draw(raw: pd.DataFrame, most: int | None, seed: int) -> pd.DataFrame:
    """Return at most `most` rows of each source in each split, drawn at random; all for None."""
    if most is None:
        return raw
    shuffled = raw.sample(frac=1, random_state=seed)
    return shuffled.groupby(["source", "split"], sort=True).head(most).sort_index()


def check(prepared: pd.DataFrame) -> None:
    """Raise `PrepareError` where a split, or a label in one, has no row."""
    for split in ("train", "validation", "test"):
        labels = set(prepared.loc[prepared["split"] == split, "label"])
        if lacking := [label for label in LABELS if label not in labels]:
            raise PrepareError(
                f"no {' or '.join(lacking)} comment is left in {split}: {REPORT} says where they went"
            )


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
    with tracked("prepare", params) as tracking:
        prepared, report = prepare(read_raw(), params)
        with aside(REPORT) as path:
            path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        check(prepared)
        with aside(PREPARED) as folder:
            folder.mkdir()
            for split, rows in prepared.groupby("split"):
                rows.drop(columns="split").to_parquet(folder / f"{split}.parquet", index=False)
        tracking.log_metrics({f"{split}_rows": len(rows) for split, rows in prepared.groupby("split")})
        train = prepared[prepared["split"] == "train"]
        for source, rows in train.groupby("source"):
            tracking.log_dataset(str(source), sha256_of(PREPARED / "train.parquet"), len(rows))


if __name__ == "__main__":
    run(main)
