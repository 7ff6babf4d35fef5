"""`undertone predict`: texts in, labels out, as many as there are.

Knows how comments come in and go out, a bounded number at a time. Knows nothing of models.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, TextIO

import click
from pydantic import ValidationError
from tqdm import tqdm

from backend.command import records
from backend.schemas import BareComment
from backend.settings import load_settings

if TYPE_CHECKING:
    from backend.labelling import Labeller

_BATCH = 1000
# A batch ends here too: a comment may be as long as a line.
_BATCH_CHARACTERS = 4 * 2**20

_COLUMNS = (
    "id", "text", "label", "score", "negative", "neutral", "positive", "language", "truncated"
)  # fmt: skip
# What JSON lets stand, but a terminal obeys and some programs take for the end of a line.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True)
class Asked:
    """A comment to label."""

    text: str
    id: str | None = None


@click.command
@click.argument("texts", nargs=-1, metavar="[TEXT]...")
@click.option(
    "--file", "file", type=click.File("rb"), help="File of comments, not texts; - is standard input."
)  # fmt: skip
@click.option(
    "--input", "kind", type=click.Choice(tuple(records.READERS)),
    help="What the file is; by default what its name says, or a comment a line.",
)  # fmt: skip
@click.option(
    "--column", default="text", show_default=True, help="Name of the text in CSV and objects."
)
@click.option(
    "--output", type=click.Choice(("jsonl", "json", "csv")), default="jsonl", show_default=True,
    help="What to write.",
)  # fmt: skip
def command(
    texts: tuple[str, ...], file: IO[bytes] | None, kind: str | None, column: str, output: str
) -> None:
    """Label comments: the TEXTs, those of a file, or those of standard input.

    \b
    undertone predict "This made my day"
    undertone predict --file comments.csv --output csv > labelled.csv
    zcat comments.txt.gz | undertone predict | jq -r .label | sort | uniq -c

    CSV needs a first line with names of columns. Of CSV, and of objects in JSON, the text and, where
    there is one, the `id` are read. Everything but JSON is labelled as it comes, however long it is.
    """  # noqa: D301  the mark of click, not of a raw string
    if texts and file is not None:
        raise click.UsageError("give either texts or --file")
    if not texts and file is None:
        if sys.stdin.isatty():
            raise click.UsageError("give texts, --file, or comments on standard input")
        file = sys.stdin.buffer
    if file is None:
        asked: Iterable[Asked] = (_checked(text, None, f"{text!r}") for text in texts)
    else:
        asked = _read(file, kind or records.kind_of(records.name_of(file)), column)
    _write(_predict(asked), output, sys.stdout)


def _read(file: IO[bytes], kind: str, column: str) -> Iterator[Asked]:
    for number, record in records.read(file, kind):
        where = records.place(file, number)
        if isinstance(record, str):
            yield _checked(record, None, where)
        elif not isinstance(record, dict):
            raise click.ClickException(f"{where}: neither a string nor an object")
        elif column not in record:
            known = ", ".join(list(record)[:20])
            raise click.ClickException(f"{where}: no {column}, only {known}; name one with --column")
        else:
            yield _checked(record[column], record.get("id"), where)


def _checked(text: object, id_: object, where: str) -> Asked:
    """Return the comment, if it is one that the server would take."""
    given = {"text": text} if id_ in (None, "") else {"text": text, "id": id_}
    try:
        comment = BareComment.model_validate(given)
    except ValidationError as error:
        (first, *_) = error.errors(include_url=False, include_input=False)
        raise click.ClickException(f"{where}: {first['loc'][0]}: {first['msg']}") from None
    return Asked(comment.text, comment.id or None)


def _predict(asked: Iterable[Asked]) -> Iterator[Mapping[str, Any]]:
    """Return a row for each comment, labelled a batch at a time."""
    # Only here, so that what is wrong with the command line is said at once.
    from backend.command.champion import load_labeller

    labeller = load_labeller(load_settings())
    # Two things on one terminal would write over each other.
    silent = not sys.stderr.isatty() or sys.stdout.isatty()
    with tqdm(unit=" comments", disable=silent, file=sys.stderr) as progress:
        for batch in _batches(asked):
            yield from _label(labeller, batch)
            progress.update(len(batch))


def _batches(asked: Iterable[Asked]) -> Iterator[list[Asked]]:
    batch: list[Asked] = []
    characters = 0
    for comment in asked:
        batch.append(comment)
        characters += len(comment.text)
        if len(batch) == _BATCH or characters > _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch


def _label(labeller: Labeller, batch: Sequence[Asked]) -> Iterator[Mapping[str, Any]]:
    found = labeller.label([comment.text for comment in batch])
    for comment, prediction in zip(
        batch, found.predictions([comment.id for comment in batch]), strict=True
    ):
        yield {"id": comment.id, "text": comment.text} | prediction.model_dump(exclude={"id"})


def _write(rows: Iterator[Mapping[str, Any]], output: str, stream: TextIO) -> None:
    if output == "csv":
        writer = csv.DictWriter(stream, _COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | row["probabilities"] for row in rows)
        return
    if output == "jsonl":
        stream.writelines(_json(row) + "\n" for row in rows)
        return
    before = "["
    for row in rows:
        stream.write(before + _json(row))
        before = ",\n"
    stream.write("[]\n" if before == "[" else "]\n")


def _json(row: Mapping[str, Any]) -> str:
    shown = {name: value for name, value in row.items() if name != "id" or value is not None}
    text = json.dumps(shown, ensure_ascii=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
