"""The labelled sets: the table in `sources.yaml`, and a reader for each of their file formats.

Knows the file formats of the sets and maps their labels to negative, neutral, positive. Knows nothing
of downloading, cleaning or splitting. A reader returns a frame with the columns of `COLUMNS`.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from backend.bundle import Sha256
from training.errors import StageError

COLUMNS = ("text", "label", "split", "group")
TABLE = Path(__file__).with_name("sources.yaml")

Split = Literal["train", "validation", "test"]


class SourceError(StageError):
    """A source, or the table of sources, does not hold what its format promises."""


class Source(BaseModel):
    """One labelled set.

    `files` maps a path below the table's address (or a mirror of it) to its sha256. `trust` ranks sets
    where they disagree on one text: people 3, a large language model 2, an unknown labeller 1. A set
    whose role is ``reference`` is only there to compare with those who train on it. `test_set` is what
    the set's test split is called in tables; without it nothing is judged by this set.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    format: str
    labelled_by: str
    licence: str
    trust: int = Field(ge=0, le=3)
    role: Literal["learn", "reference"] = "learn"
    test_set: str | None = None
    folder: str = Field(pattern="/$")
    files: Mapping[str, Sha256]

    def paths(self, directory: Path) -> dict[str, Path]:
        """Return where each of the files lies below `directory`."""
        return {name: directory / self.folder / name for name in self.files}

    def read(self, directory: Path) -> pd.DataFrame:
        """Return the rows of the files below `directory`, with the columns of `COLUMNS`.

        Raises:
            SourceError: a file is not what its format promises.
        """
        return FORMATS[self.format](self.paths(directory))


class Table(BaseModel):
    """The whole of `sources.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    address: str = Field(pattern="^https?://.*/$")
    sources: Mapping[str, Source]


def read_table(path: Path = TABLE) -> Table:
    """Return the table of sources.

    Raises:
        SourceError: names what is missing, unknown or malformed.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, source in values["sources"].items():
            source["name"] = name
        table = Table.model_validate(values)
    except (OSError, yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise SourceError(f"{path} can't be read: {error}") from error
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SourceError(f"{path}: {reasons}") from error
    for name, source in table.sources.items():
        if source.format not in FORMATS:
            known = ", ".join(FORMATS)
            raise SourceError(f"{path}: {name}.format: {source.format} is not one of {known}")
    return table


def read_sources() -> dict[str, Source]:
    """Return the sets to learn from and to be judged by, by name."""
    return {name: source for name, source in read_table().sources.items() if source.role == "learn"}


def titled_test_sets() -> dict[str, str]:
    """Return the sets that models are judged by, and what they are called in tables."""
    return {name: source.test_set for name, source in read_sources().items() if source.test_set}


# The usual grouping of Demszky et al. 2020; confusion, curiosity, realization and surprise are neither.
_EMOTIONS = {
    "positive": "admiration amusement approval caring desire excitement gratitude joy love optimism "
    "pride relief",
    "negative": "anger annoyance disappointment disapproval disgust embarrassment fear grief "
    "nervousness remorse sadness",
    "neutral": "neutral",
}
_SENTIMENT_OF = {emotion: label for label, names in _EMOTIONS.items() for emotion in names.split()}

_LABELS = {"negative", "neutral", "positive"}
_BACKSLASH_U = re.compile(r"\\u([0-9a-fA-F]{4})")


def _frame(rows: list[tuple[str, str, str, str]], path: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    if frame.empty:
        raise SourceError(f"{path} holds no row")
    if unknown := set(frame["label"]) - _LABELS:
        raise SourceError(f"{path} holds unknown labels: {', '.join(sorted(map(str, unknown)))[:200]}")
    return frame


def _text(path: Path) -> str:
    try:
        # Not read_text: it would turn the "\r\n" inside quotes into "\n".
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(f"{path} is not UTF-8: {error.reason} at byte {error.start}") from error


def _tab_separated(path: Path, at_least: int) -> list[list[str]]:
    lines = _text(path).split("\n")
    rows = [line.rstrip("\r").split("\t") for line in lines if line.strip()]
    for number, row in enumerate(rows, 1):
        if len(row) < at_least:
            raise SourceError(f"{path}: row {number} has {len(row)} columns, expected {at_least}")
    return rows


def _comma_separated(path: Path, columns: set[str]) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise SourceError(f"{path}: after line {reader.line_num}: {error}") from error
    if missing := columns - set(reader.fieldnames or ()):
        raise SourceError(f"{path} lacks the columns {', '.join(sorted(missing))}")
    return rows


def _read_semeval(paths: Mapping[str, Path]) -> pd.DataFrame:
    """Tweets as `id, label, text`; quoted as in CSV in places, some characters as escapes."""
    rows = []
    for name, path in paths.items():
        split = "test" if name.startswith("gold/") else "train"
        for tweet, label, quoted, *_ in _tab_separated(path, 3):
            text = quoted.strip()
            if text.startswith('"') and text.endswith('"') and len(text) > 1:
                text = text[1:-1]
            text = _BACKSLASH_U.sub(lambda match: chr(int(match[1], 16)), text.replace('""', '"'))
            rows.append((html.unescape(text), label, split, f"tweet {tweet}"))
    return _frame(rows, "SemEval")


def _read_goemotions(paths: Mapping[str, Path]) -> pd.DataFrame:
    """Reddit comments as `text, emotion numbers, id`; mixed and ambiguous ones are dropped."""
    names = next(path for name, path in paths.items() if name.endswith("labels.txt"))
    emotions = names.read_text(encoding="utf-8").split()
    rows = []
    for name, path in paths.items():
        if not name.endswith(".tsv"):
            continue
        split = {"train.tsv": "train", "dev.tsv": "validation", "test.tsv": "test"}[Path(name).name]
        for text, numbers, comment, *_ in _tab_separated(path, 3):
            felt = {_SENTIMENT_OF.get(emotions[int(number)], "mixed") for number in numbers.split(",")}
            if len(felt) == 1 and felt <= _LABELS:
                rows.append((text, felt.pop(), split, f"reddit {comment}"))
    return _frame(rows, "GoEmotions")


def _read_youtube_gpt(paths: Mapping[str, Path]) -> pd.DataFrame:
    rows = []
    for path in paths.values():
        for row in _comma_separated(path, {"Author", "Comment", "label"}):
            label = row["label"].strip().lower()
            if label:
                rows.append((row["Comment"], label, "train", f"author {row['Author']}"))
    return _frame(rows, "YouTube 2015-2025")


def _read_youtube_statistics(paths: Mapping[str, Path]) -> pd.DataFrame:
    labels = {"0.0": "negative", "1.0": "neutral", "2.0": "positive"}
    rows = []
    for path in paths.values():
        for row in _comma_separated(path, {"Video ID", "Comment", "Sentiment"}):
            if row["Comment"]:
                label = labels.get(row["Sentiment"], row["Sentiment"])
                rows.append((row["Comment"], label, "train", f"video {row['Video ID']}"))
    return _frame(rows, "YouTube Statistics")


def _read_youtube_people(paths: Mapping[str, Path]) -> pd.DataFrame:
    """One-hot labels; rows with none or several, and rows of mojibake, are left out."""
    rows = []
    for path in paths.values():
        table = _comma_separated(path, {"Comments", "Positive", "Neutral", "Negative"})
        for number, row in enumerate(table):
            chosen = [name for name in ("Positive", "Neutral", "Negative") if row[name] == "1"]
            if len(chosen) == 1 and not re.search("[\ufffdâÃð][\x80-\xbf€™Ÿ˜‚]", row["Comments"]):
                rows.append((row["Comments"], chosen[0].lower(), "test", f"row {number}"))
    return _frame(rows, "YouTube 2020")


def _read_reddit_textblob(paths: Mapping[str, Path]) -> pd.DataFrame:
    labels = {"-1": "negative", "0": "neutral", "1": "positive"}
    rows = []
    for path in paths.values():
        for number, row in enumerate(_comma_separated(path, {"clean_comment", "category"})):
            if row["clean_comment"] and row["category"]:
                label = labels.get(row["category"], row["category"])
                rows.append((row["clean_comment"], label, "train", f"row {number}"))
    return _frame(rows, "Reddit, labelled by TextBlob")


FORMATS: Mapping[str, Callable[[Mapping[str, Path]], pd.DataFrame]] = {
    "semeval": _read_semeval,
    "goemotions": _read_goemotions,
    "youtube_gpt": _read_youtube_gpt,
    "youtube_statistics": _read_youtube_statistics,
    "youtube_people": _read_youtube_people,
    "reddit_textblob": _read_reddit_textblob,
}
