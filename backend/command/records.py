"""Records of comments, from files and pipes.

Knows lines of text, CSV, JSON lines and JSON, and says of what is wrong in which line it is. All but
JSON is read as it comes, however long. Knows nothing of what a comment must hold.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any

import click

# Longer than any line that is not a mistake: without a limit, a file without line ends fills memory.
_LONGEST_LINE = 16 * 2**20

Record = tuple[int, Any]
"""The number of the line, or in JSON of the element, and what is there: a string or an object."""


def kind_of(path: str) -> str:
    """Return the format that the name `path` speaks of; lines of text where it speaks of none."""
    suffix = Path(path).suffix.lower().lstrip(".")
    return {"ndjson": "jsonl"}.get(suffix, suffix) if suffix in (*READERS, "ndjson") else "text"


def read(file: IO[bytes], kind: str) -> Iterator[Record]:
    """Return the records of `file`, which is of a `kind` of `READERS`.

    Raises:
        click.ClickException: names the file and the line that is wrong, and says what is.
    """
    return READERS[kind](file)


def place(file: IO[bytes], number: int) -> str:
    """Return where record `number` of `file` is."""
    return f"{name_of(file)}:{number}"


def name_of(file: IO[bytes]) -> str:
    """Return what to call `file`."""
    name = getattr(file, "name", "")
    return name if isinstance(name, str) and name not in ("", "-", "<stdin>") else "standard input"


def _wrong(file: IO[bytes], number: int, what: str) -> click.ClickException:
    return click.ClickException(f"{place(file, number)}: {what}")


def _lines(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Return the lines of `file` with their ends; a byte order mark is no part of the first."""
    number = 0
    while raw := file.readline(_LONGEST_LINE + 1):
        number += 1
        if len(raw) > _LONGEST_LINE:
            raise _wrong(file, number, f"a line may have at most {_LONGEST_LINE:,} bytes")
        try:
            line = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _wrong(file, number, f"not UTF-8, see byte {error.start} of the line") from None
        yield number, line.removeprefix("\ufeff") if number == 1 else line


def _read_text(file: IO[bytes]) -> Iterator[Record]:
    for number, line in _lines(file):
        if text := line.strip("\r\n"):
            yield number, text


def _read_json_lines(file: IO[bytes]) -> Iterator[Record]:
    for number, line in _lines(file):
        if line.strip():
            try:
                yield number, json.loads(line)
            except (ValueError, RecursionError) as error:
                raise _wrong(file, number, f"not JSON: {error}") from None


def _read_csv(file: IO[bytes]) -> Iterator[Record]:
    csv.field_size_limit(_LONGEST_LINE)
    reader = csv.reader((line for _, line in _lines(file)), strict=True)
    try:
        header = next(reader, [])
        for row in reader:
            if len(row) > len(header):
                raise _wrong(file, reader.line_num, "more cells than the first line has")
            if row:
                yield reader.line_num, dict(zip(header, row, strict=False))
    except csv.Error as error:
        raise _wrong(file, reader.line_num, f"not CSV: {error}") from None


def _read_json(file: IO[bytes]) -> Iterator[Record]:
    document = read_json(file)
    if isinstance(document, dict):
        document = document.get("comments")
    if not isinstance(document, list):
        raise click.ClickException(f"{name_of(file)} holds no list, and no object with `comments`")
    yield from enumerate(document, start=1)


def read_json(file: IO[bytes]) -> Any:
    """Return what the whole of `file` spells.

    Raises:
        click.ClickException: it is not JSON.
    """
    try:
        return json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{name_of(file)} is not JSON: {error}") from None


READERS: dict[str, Callable[[IO[bytes]], Iterator[Record]]] = {
    "text": _read_text,
    "csv": _read_csv,
    "jsonl": _read_json_lines,
    "json": _read_json,
}
