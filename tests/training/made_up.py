"""Made-up labelled sets in the formats of real ones, and a mirror that has them.

A word of a label's own in each comment says which label it has, so a model that works finds it.
"""

from __future__ import annotations

import csv
import hashlib
import random
from pathlib import Path

WORDS = {
    "negative": ["awful", "terrible", "boring", "hate", "worst", "disgusting", "stupid"],
    "neutral": ["camera", "minute", "today", "channel", "upload", "question", "subtitle"],
    "positive": ["love", "great", "awesome", "beautiful", "best", "wonderful", "amazing"],
}
_FILLERS = """
the a this is so and it was I think that
you we they what with for your one more here there
when then just still very really video song part time people
thing make watch every first second last new old
"""
FILLERS = _FILLERS.split()
HOST = "raw.githubusercontent.com"


def comment(generator: random.Random, label: str) -> str:
    """Return a made-up comment with `label`."""
    words = [generator.choice(FILLERS) for _ in range(generator.randint(4, 14))]
    words.insert(generator.randint(0, len(words)), generator.choice(WORDS[label]))
    return " ".join(words)


def comments(rows: int, seed: int) -> list[tuple[str, str]]:
    """Return `rows` pairs of a comment and its label."""
    generator = random.Random(seed)
    labels = [generator.choice(list(WORDS)) for _ in range(rows)]
    return [(comment(generator, label), label) for label in labels]


def write_mirror(folder: Path, rows: int = 2500) -> None:
    """Write a mirror with a set of tweets, one of comments, and one that a lexicon labelled."""
    made_up = folder / HOST / "made" / "up"
    (made_up / "gold").mkdir(parents=True)
    for name, number, seed in (("train.tsv", rows, 1), ("gold/test.tsv", 600, 2)):
        lines = (f"{i}\t{label}\t{text}\n" for i, (text, label) in enumerate(comments(number, seed)))
        (made_up / name).write_text("".join(lines), encoding="utf-8")
    with (made_up / "comments.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Author", "Comment", "label"))
        for i, (text, label) in enumerate(comments(rows // 2, 3)):
            writer.writerow((f"author {i % 400}", text, label))
    with (made_up / "lexicon.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("clean_comment", "category"))
        for text, label in comments(600, 4):
            writer.writerow((text, {"negative": "-1", "neutral": "0", "positive": "1"}[label]))


def table(mirror: Path) -> dict[str, object]:
    """Return the table of the sets in `mirror`."""
    about = {"labelled_by": "their maker", "licence": "none", "folder": "made/up/"}
    sources = {
        "tweets": about
        | {
            "format": "semeval",
            "trust": 3,
            "test_set": "Made-up tweets",
            "files": ["train.tsv", "gold/test.tsv"],
        },
        "comments": about | {"format": "youtube_gpt", "trust": 2, "files": ["comments.csv"]},
        "lexicon": about
        | {"format": "reddit_textblob", "trust": 0, "role": "reference", "files": ["lexicon.csv"]},
    }
    for source in sources.values():
        source["files"] = {
            name: hashlib.sha256((mirror / HOST / "made" / "up" / name).read_bytes()).hexdigest()
            for name in source["files"]
        }
    return {"address": f"https://{HOST}/", "sources": sources}
