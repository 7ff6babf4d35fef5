"""Label: `python -m training.label FILE` shows comments one by one and keeps what a person says.

Knows the file of `training.active_learning`, keys at a terminal, and the folder that `ingest` reads
corrections from. Knows nothing of models: what one guessed is shown with `--show` alone, for a guess
that is seen first becomes the answer.

Every answer is a line at the end of `labelled.jsonl` there, on the disk before the next comment is
shown. Who comes back goes on with what has no answer; of two answers to one comment the later counts.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shutil
import sys
import termios
import textwrap
import tty
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from training.errors import StageError
from training.feedback import LABELLER, read_lines
from training.params import read_params
from training.paths import TO_LABEL
from training.stage import run

LABELLED = "labelled.jsonl"

_LABELS = {"n": "negative", "u": "neutral", "p": "positive"}
_HELP = "n negative, u neutral, p positive, s skip, b back, q quit"
_WIDEST = 100
_JOINER = "\u200d"  # not printable by itself, but it makes one emoji of several
_ESCAPE, _END = b"\x1b", "\x04"

Comment = Mapping[str, object]


class LabelError(StageError):
    """The file of comments is none, or somebody else is labelling."""


class Answers:
    """The file of answers, which nobody else may write to meanwhile."""

    def __init__(self, path: Path, now: Callable[[], datetime]) -> None:
        """Open the file, made if it isn't there; what a crash has left of a line is cut off.

        Raises:
            LabelError: another process has it open.
            SourceError: a line of it is no JSON object.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._now = now
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._mend(path.read_bytes())
            self.labels = {str(row.get("text")): str(row.get("label")) for _, row in read_lines(path)}
        except BlockingIOError:
            self.close()
            raise LabelError(f"somebody else is labelling into {path}") from None
        except BaseException:
            self.close()
            raise

    def _mend(self, content: bytes) -> None:
        """Cut off a last line that a crash cut short; end one that is whole."""
        whole = content.rfind(b"\n") + 1
        try:
            json.loads(content[whole:] or "null")
        except ValueError:
            os.ftruncate(self._file, whole)
        else:
            if whole < len(content):
                os.write(self._file, b"\n")

    def add(self, comment: Comment, label: str) -> None:
        """Keep that `comment` is `label`, through a power cut too."""
        row = {
            "text": comment["text"],
            "label": label,
            "comment_id": comment.get("comment_id"),
            "video_id": comment.get("video_id"),
            "client": LABELLER,
            "received_at": self._now().isoformat(),
        }
        os.write(self._file, (json.dumps(row, ensure_ascii=False) + "\n").encode("utf-8"))
        os.fsync(self._file)
        self.labels[str(comment["text"])] = label

    def close(self) -> None:
        os.close(self._file)


def read_comments(path: Path) -> list[Comment]:
    """Return the comments in `path`, each text once.

    Raises:
        LabelError: a row has no text.
        SourceError: a row is no JSON object.
    """
    found: dict[str, Comment] = {}
    for number, row in read_lines(path):
        text = row.get("text")
        if not isinstance(text, str) or not text.strip():
            raise LabelError(f"{path}: row {number} has no text")
        # Half of an emoji, as other programs cut texts, can't be written.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        found.setdefault(text, {**row, "text": text})
    return list(found.values())


def ask(
    comments: Sequence[Comment], answers: Answers, keys: Iterator[str], out: TextIO, show: bool
) -> None:
    """Show each of `comments` that has no answer, and do what the key says that is pressed then."""
    left = [comment for comment in comments if comment["text"] not in answers.labels]
    position = 0
    out.write(f"{len(comments) - len(left)} of {len(comments)} are labelled. {_HELP}\n")
    while position < len(left):
        comment = left[position]
        out.write(page(comment, f"{position + 1}/{len(left)}", answers, show))
        out.flush()
        key = next(keys, "q")
        if key in ("q", _END):
            break
        out.write(f"{_LABELS.get(key, key) if key.isprintable() else ''}\n")
        if key in _LABELS:
            answers.add(comment, _LABELS[key])
        if key in _LABELS or key == "s":
            position += 1
        elif key == "b":
            position = max(0, position - 1)
        else:
            out.write(f"{_HELP}\n")
    done = sum(comment["text"] in answers.labels for comment in comments)
    out.write(f"\n{done} of {len(comments)} are labelled.\n")


def page(comment: Comment, where: str, answers: Answers, show: bool) -> str:
    """Return what is shown of `comment`: its text, what was answered before, the guess where wanted."""
    text = str(comment["text"])
    width = min(_WIDEST, shutil.get_terminal_size().columns)
    lines = [f"\n[{where}]", *(textwrap.fill(line, width) for line in readable(text).splitlines())]
    if show and (why := comment.get("why")):
        lines.append(f"(the model: {readable(str(why))})")
    if answered := answers.labels.get(text):
        lines.append(f"(you: {answered})")
    return "\n".join([*lines, "> "])


def readable(text: str) -> str:
    """Return `text` without what a terminal would obey instead of showing it."""
    kept = ("\n", _JOINER)
    return "".join(each if each.isprintable() or each in kept else " " for each in text)


@contextmanager
def keys_of(source: TextIO) -> Iterator[Iterator[str]]:
    """Yield the keys that are pressed: at a terminal without Enter, from a pipe all but spaces."""
    if not source.isatty():
        yield (key for line in source for key in line if not key.isspace())
        return
    terminal = source.fileno()
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal, termios.TCSADRAIN)
        yield _pressed(terminal)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _pressed(terminal: int) -> Iterator[str]:
    while pressed := os.read(terminal, 64):
        # An arrow, say, comes as several characters, of which one may be a letter.
        yield from "?" if pressed.startswith(_ESCAPE) else pressed.decode("utf-8", "replace")


def main() -> None:
    """Have a person label the comments of a file."""
    parser = argparse.ArgumentParser(prog="python -m training.label", description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=TO_LABEL, help="(%(default)s)")
    parser.add_argument("--show", action="store_true", help="show what the model thinks, too")
    words = parser.parse_args()
    comments = read_comments(words.file)
    answers = Answers(read_params().ingest.feedback / LABELLED, lambda: datetime.now(UTC))
    try:
        with keys_of(sys.stdin) as keys:
            ask(comments, answers, keys, sys.stdout, words.show)
    finally:
        answers.close()


if __name__ == "__main__":
    run(main)
