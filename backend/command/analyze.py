"""`undertone analyze`: a file of comments in, what they say together out.

Knows how a comment is written in a cell of a table. Knows nothing of how an analysis is made or shown.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import IO, Any, get_args

import click
from pydantic import ValidationError

from backend.command import records
from backend.command.summary import summary
from backend.schemas import AnalyzeRequest, Comment, Options
from backend.settings import load_settings


def _truth(text: str) -> bool | str:
    return {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}.get(
        text.strip().lower(), text
    )


def _number(text: str) -> float | str:
    try:
        return int(text) if text.strip().lstrip("+-").isdecimal() else float(text)
    except ValueError:
        return text


# The fields of a comment that a cell spells in another way than its text.
_CELLS: dict[str, Callable[[str], object]] = {
    "likes": _number,
    "published_at_width": _number,
    "pinned": _truth,
    "hearted": _truth,
}


@click.command
@click.argument("file", type=click.File("rb"), default="-")
@click.option(
    "--input", "kind", type=click.Choice(tuple(records.READERS)),
    help="What the file is; by default what its name says, or a comment a line.",
)  # fmt: skip
@click.option("--video", default="video", show_default=True, help="Id of the video.")
@click.option("--title", help="Title of the video.")
@click.option(
    "--bucket", type=click.Choice(get_args(Options.model_fields["bucket"].annotation)),
    help="Length of the trend's steps.",
)  # fmt: skip
@click.option("--timezone", help="Where days begin, such as Europe/Berlin.")
@click.option("--top", type=int, help="Top comments of each kind.")
@click.option("--words", type=int, help="Words of each kind.")
@click.option(
    "--output", type=click.Choice(("summary", "json")),
    help="What to write; by default a summary to a terminal, and JSON to anything else.",
)  # fmt: skip
def command(
    file: IO[bytes],
    kind: str | None,
    video: str,
    title: str | None,
    output: str | None,
    **options: str | int | None,
) -> None:
    """Analyse the comments of FILE, or of standard input.

    \b
    undertone analyze comments.csv
    undertone analyze --timezone Europe/Berlin --bucket week comments.jsonl > analysis.json

    CSV needs a first line with names of columns, JSON holds objects; both know the fields of
    POST /v1/analyze (id, text, author, likes, published_at, reply_to, pinned, hearted), of which only
    text must be there. A JSON file may also hold a whole such request.
    """  # noqa: D301  the mark of click, not of a raw string
    if file.isatty():
        raise click.UsageError("give a file, or comments on standard input")
    given = {name: value for name, value in options.items() if value is not None}
    request = _request(file, kind or records.kind_of(records.name_of(file)))
    if given:
        in_file = request.get("options", {})
        request["options"] = in_file | given if isinstance(in_file, dict) else in_file
    request.setdefault("video", {"id": video} | ({"title": title} if title else {}))
    asked = _checked(request, records.name_of(file))

    # Only here, so that what is wrong with the command line is said at once.
    from backend.analysis import analyse
    from backend.command.champion import load_labeller

    labeller = load_labeller(load_settings())
    found = analyse(asked, labeller.label([comment.text for comment in asked.comments]), labeller.model)
    if output == "summary" or (output is None and sys.stdout.isatty()):
        click.echo(summary(found))
    else:
        click.echo(found.model_dump_json(exclude_unset=True))


def _request(file: IO[bytes], kind: str) -> dict[str, Any]:
    if kind == "json":
        document = records.read_json(file)
        if isinstance(document, dict):
            return document
        given = document if isinstance(document, list) else [document]
        return {"comments": [_comment(number, record) for number, record in enumerate(given, start=1)]}
    return {"comments": [_comment(number, record) for number, record in records.read(file, kind)]}


def _comment(number: int, record: object) -> object:
    """Return what the request has for a record: with an id, and without the cells that are empty."""
    if isinstance(record, str):
        return {"id": str(number), "text": record}
    if not isinstance(record, Mapping):
        return record
    known = {name: value for name, value in record.items() if name in Comment.model_fields}
    cells = {
        name: _CELLS[name](value) if name in _CELLS and isinstance(value, str) else value
        for name, value in known.items()
        if value != "" or name == "text"
    }
    return {"id": str(number)} | cells


def _checked(request: dict[str, Any], name: str) -> AnalyzeRequest:
    try:
        return AnalyzeRequest.model_validate(request, context={"now": datetime.now(UTC)})
    except ValidationError as error:
        (first, *others) = error.errors(include_url=False, include_input=False)
        place = ".".join(map(str, first["loc"])) or "the comments"
        more = f" (and {len(others)} more)" if others else ""
        raise click.ClickException(f"{name}: {place}: {first['msg']}{more}") from None
