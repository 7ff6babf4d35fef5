"""The table of labelled sets: where each lies, its checksums, who labelled it, and how to read it.

Knows the file formats of the sets and maps their labels to negative, neutral, positive. Knows nothing
of downloading, cleaning or splitting. A reader returns a frame with the columns of `COLUMNS`.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

COLUMNS = ("text", "label", "split", "group")
ADDRESS = "https://raw.githubusercontent.com/"

Split = Literal["train", "validation", "test"]


class SourceError(ValueError):
    """A source does not hold what its format promises."""


@dataclass(frozen=True)
class Source:
    """One labelled set.

    `files` maps a path below `ADDRESS` (or a mirror of it) to its sha256. `trust` ranks sets where they
    disagree on one text: people 3, a large language model 2, an unknown labeller 1.
    """

    name: str
    labelled_by: str
    licence: str
    trust: int
    files: Mapping[str, str]
    read: Callable[[Mapping[str, Path]], pd.DataFrame]


_SEMEVAL = "cbaziotis/datastories-semeval2017-task4/faeee5fd1c2cf38e32179a4676dff53ae01adfa8/dataset/Subtask_A/"
_GOEMOTIONS = "monologg/GoEmotions-pytorch/b75f9d3a8b76bc1060687925b04ca98a1b8ea66b/data/original/"
_YOUTUBE_GPT = (
    "Betty112510210/Introduction_to_AI_Group_5/0a32ca0c08548dd431a58c4e097104eeaec4b953/label_data/"
)
_YOUTUBE_STATISTICS = "cdwangco/SentimentAnalysisProject/25253f40a26b0b3fe55465b2e881392dea69734e/data/"
_YOUTUBE_PEOPLE = "pranaykmr/YouTubeSentimentAnalysisandPredictingTrends/ed958388ab4f2e01433aa5f3e7964fbf7b6efb35/data/"

_SEMEVAL_2017 = "gold/SemEval2017-task4-test.subtask-A.english.txt"

# The usual grouping of Demszky et al. 2020; confusion, curiosity, realization and surprise are neither.
_EMOTIONS = {
    "positive": "admiration amusement approval caring desire excitement gratitude joy love optimism pride"
    " relief",
    "negative": "anger annoyance disappointment disapproval disgust embarrassment fear grief nervousness"
    " remorse sadness",
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
        split = "test" if name.endswith(_SEMEVAL_2017) else "train"
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


SOURCES = {
    source.name: source
    for source in (
        Source(
            name="semeval",
            labelled_by="people, tweets of 2013-2017",
            licence="research use, no redistribution of text",
            trust=3,
            files={
                _SEMEVAL
                + "downloaded/twitter-2013dev-A.tsv": "e402ab2e9bad766275ef5af490e2c3b0edca8236d60e6e69227589186bffd896",
                _SEMEVAL
                + "downloaded/twitter-2013test-A.tsv": "eb98d2342016eefda22dd563aa1ccde18aed399eeba572d8c963bbc56c196164",
                _SEMEVAL
                + "downloaded/twitter-2013train-A.tsv": "111969d156c516b40bd504fcedcca52bbd44ec24add6f59290eb94df9b9c392c",
                _SEMEVAL
                + "downloaded/twitter-2014sarcasm-A.tsv": "8321459374f88fc32b0b93da76c8740e7a3f30256886dbe9fcebb04b0ae8906f",
                _SEMEVAL
                + "downloaded/twitter-2014test-A.tsv": "d6aa09ca41031e3deefb7e5b2f74f53260ab374f993e2275d8e4ccec6b210253",
                _SEMEVAL
                + "downloaded/twitter-2015test-A.tsv": "54b3481924c025d31ac9669c049603b91035b40e8becd6629fb9476a6d9a62f4",
                _SEMEVAL
                + "downloaded/twitter-2015train-A.tsv": "29780e613f562a511fa427196503c3f95fea6c0298470e157deab88a0e0ed65e",
                _SEMEVAL
                + "downloaded/twitter-2016dev-A.tsv": "47bda81cb91db2bf92222a5f20742b5e3edc14eb391e74b882b284e5afd0c8bb",
                _SEMEVAL
                + "downloaded/twitter-2016devtest-A.tsv": "c16686ebaa3b61770f4d4d2a60d051715146950faa93e039bb0aefb3523c3b38",
                _SEMEVAL
                + "downloaded/twitter-2016test-A.tsv": "c90ee3e9cca3c4b019cc45169190c0bcc1c9e2eda938527e31d12040798dc453",
                _SEMEVAL
                + "downloaded/twitter-2016train-A.tsv": "f49f65cf5e94b47d077ab7715d3d0a656c09b5c71608678a672d7378ef79c932",
                _SEMEVAL
                + _SEMEVAL_2017: "ba92a90426d19ead3930e241e7babdb1ba8b57b6c34aada236d53d242ae38cd1",
            },
            read=_read_semeval,
        ),
        Source(
            name="goemotions",
            labelled_by="people, Reddit comments",
            licence="Apache-2.0",
            trust=3,
            files={
                _GOEMOTIONS
                + "labels.txt": "45c3ef86782d2a4d7fedcd6d8c111aa0d0e94720689bd164fac94fefb4495a89",
                _GOEMOTIONS
                + "train.tsv": "1c254a142be5c00e80d819b9ae1bbd36d94b2eeb8f4b1271846508d57e57d9c5",
                _GOEMOTIONS
                + "dev.tsv": "575489c079c9de1097062a01738f998590d6b7ead66dd1c9fd1d2ba01fd8bc62",
                _GOEMOTIONS
                + "test.tsv": "0587b2dd8b27b97352adbfc3fb083d46005c8946657fdc2b1ca8b1cc7f1f8be4",
            },
            read=_read_goemotions,
        ),
        Source(
            name="youtube_gpt",
            labelled_by="GPT-4o; equals a person on 89 of 100",
            licence="none stated",
            trust=2,
            files={
                _YOUTUBE_GPT
                + "@daily_data_label.csv": "bebebe12eb3dba52cc2f3770f4f476158e05b9dec53720d331cb708856cac940",
                _YOUTUBE_GPT
                + "@entertain_data_label.csv": "1fc0fc9710ad97cfe4ed58bc2d98b52b8945c0806f152ec09da254857c4d43d1",
                _YOUTUBE_GPT
                + "@news_data_label.csv": "720a3c977d6701182aeb6ff9a03e7fa370fae5a124a6e94fc55a102f2655e487",
            },
            read=_read_youtube_gpt,
        ),
        Source(
            name="youtube_statistics",
            labelled_by="undocumented, almost surely a model",
            licence="CC0",
            trust=1,
            files={
                _YOUTUBE_STATISTICS
                + "comments.csv": "bc78f5fbddcf57cfcde8609ce35a23658c2eb98fca05d1ffe62fff65a20f651b"
            },
            read=_read_youtube_statistics,
        ),
        Source(
            name="youtube_people",
            labelled_by="people, YouTube comments of 2020",
            licence="none stated",
            trust=3,
            files={
                _YOUTUBE_PEOPLE
                + "labeled_comments.csv": "31463d95a2edc4f1c3a85e9ec1bc8177c37a4784cc2663058efc1c3f5180d586"
            },
            read=_read_youtube_people,
        ),
    )
}

# The sets that models are judged by, and what they are called in tables.
TEST_SETS = {
    "semeval": "SemEval 2017 (tweets)",
    "goemotions": "GoEmotions (Reddit)",
    "youtube_people": "YouTube 2020",
}
