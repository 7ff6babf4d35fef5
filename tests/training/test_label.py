"""Labelling at a terminal: a real pseudo-terminal, a pipe, and what is on the disk in between."""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.conftest import ROOT
from training import feedback
from training.feedback import LABELLER
from training.label import readable

PATIENCE_SECONDS = 60
TEXTS = ["first of all", "second, so so", "third time lucky"]
GUESS = "neutral 0.41 or positive 0.39; like none before"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder in which three comments are to be labelled."""
    shutil.copy(ROOT / "params.yaml", tmp_path)
    (tmp_path / "data").mkdir()
    lines = ({"text": text, "video_id": f"v{n}", "why": GUESS} for n, text in enumerate(TEXTS))
    to_label = "".join(json.dumps(line) + "\n" for line in lines)
    (tmp_path / "data" / "to_label.jsonl").write_text(to_label, encoding="utf-8")
    return tmp_path


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "training.label", *words]


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "TERM": "dumb", "COLUMNS": "80"}


def piped(folder: Path, keys: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words),
        cwd=folder,
        env=environment(),
        input=keys,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_SECONDS,
    )


def answers(folder: Path) -> list[tuple[str, str]]:
    """Return texts and labels in the order in which they were answered."""
    path = folder / "data" / "feedback" / "labelled.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["text"], row["label"]) for row in rows]


class Terminal:
    """The command at a terminal of its own, without the keyboard's echo."""

    def __init__(self, folder: Path) -> None:
        self.master, slave = pty.openpty()
        self.before = termios.tcgetattr(slave)
        # A shell has what it runs in the background ignore Ctrl-C, and what that runs in turn.
        self.process = subprocess.Popen(
            ["env", "--default-signal=INT", *command()],
            cwd=folder,
            env=environment(),
            stdin=slave,
            stdout=slave,
            stderr=slave,
        )
        self.slave, self.said = slave, ""

    def until(self, words: str) -> str:
        """Return what is said from now on up to `words`."""
        deadline, said = time.monotonic() + PATIENCE_SECONDS, ""
        while words not in said:
            assert select.select([self.master], [], [], max(0, deadline - time.monotonic()))[0], said
            said += os.read(self.master, 4096).decode("utf-8")
        return said

    def press(self, key: str) -> None:
        os.write(self.master, key.encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.slave)
        os.close(self.master)


@pytest.fixture
def terminal(folder: Path) -> Iterator[Terminal]:
    """Yield the command as it waits for the first key."""
    opened = Terminal(folder)
    yield opened
    opened.close()


def test_a_key_is_an_answer_and_is_on_the_disk_at_once_though_the_process_is_killed(
    folder: Path, terminal: Terminal
) -> None:
    first = terminal.until("> ")
    terminal.press("p")
    terminal.until("[2/3]")

    terminal.process.send_signal(signal.SIGKILL)
    terminal.process.wait()

    assert TEXTS[0] in first
    assert "neutral 0.41" not in first
    assert answers(folder) == [(TEXTS[0], "positive")]
    again = piped(folder, "n")
    assert "1 of 3 are labelled" in again.stdout
    assert answers(folder) == [(TEXTS[0], "positive"), (TEXTS[1], "negative")]


def test_one_may_go_back_skip_and_press_a_wrong_key(folder: Path, terminal: Terminal) -> None:
    terminal.until("> ")
    for key, then in (
        ("p", "[2/3]"),
        ("b", f"[1/3]\r\n{TEXTS[0]}\r\n(you: positive)\r\n> "),
        ("u", "[2/3]"),
        ("s", "[3/3]"),
        ("\x1bOp", "s skip, b back, q quit"),
        ("n", "2 of 3 are labelled."),
    ):
        terminal.press(key)
        terminal.until(then)

    assert terminal.process.wait(PATIENCE_SECONDS) == 0
    assert answers(folder) == [
        (TEXTS[0], "positive"), (TEXTS[0], "neutral"), (TEXTS[2], "negative"),
    ]  # fmt: skip


@pytest.mark.parametrize(("key", "status"), [("q", 0), ("\x04", 0), ("\x03", 130)])
def test_who_leaves_has_the_terminal_as_it_was(terminal: Terminal, key: str, status: int) -> None:
    terminal.until("> ")
    assert termios.tcgetattr(terminal.slave) != terminal.before

    if key == "\x03":
        terminal.process.send_signal(signal.SIGINT)
    else:
        terminal.press(key)

    assert terminal.process.wait(PATIENCE_SECONDS) == status
    assert termios.tcgetattr(terminal.slave) == terminal.before


def test_what_is_labelled_is_read_as_corrections_of_the_labeller(folder: Path) -> None:
    done = piped(folder, "n\nu\np\n")

    assert done.returncode == 0, done.stderr
    found = feedback.read(folder / "data" / "feedback")
    assert found[["text", "label", "group", "client"]].to_numpy().tolist() == [
        [TEXTS[0], "negative", "video v0", LABELLER],
        [TEXTS[1], "neutral", "video v1", LABELLER],
        [TEXTS[2], "positive", "video v2", LABELLER],
    ]
    assert found["at"].notna().all()


def test_the_guess_is_shown_to_who_asks_for_it_alone(folder: Path) -> None:
    assert GUESS not in piped(folder, "").stdout
    assert piped(folder, "", "--show").stdout.count(GUESS) == 1


def test_half_a_line_that_a_crash_has_left_is_cut_off_and_asked_again(folder: Path) -> None:
    piped(folder, "n")
    path = folder / "data" / "feedback" / "labelled.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write('{"text": "second, so so", "lab')

    piped(folder, "p")

    assert answers(folder) == [(TEXTS[0], "negative"), (TEXTS[1], "positive")]


def test_a_last_line_that_is_whole_but_for_its_end_is_kept(folder: Path) -> None:
    kept = folder / "data" / "feedback" / "labelled.jsonl"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps({"text": TEXTS[0], "label": "neutral"}), encoding="utf-8")

    done = piped(folder, "n\n")

    assert done.returncode == 0, done.stderr
    assert answers(folder) == [(TEXTS[0], "neutral"), (TEXTS[1], "negative")]


def test_half_an_emoji_can_be_labelled(folder: Path) -> None:
    (folder / "half.jsonl").write_text('{"text": "so good \\ud83d"}\n', encoding="utf-8")

    done = piped(folder, "p\n", "half.jsonl")

    assert done.returncode == 0, done.stderr
    assert answers(folder) == [("so good \ufffd", "positive")]


def test_two_can_not_label_at_once(folder: Path, terminal: Terminal) -> None:
    terminal.until("> ")

    done = piped(folder, "n")

    assert done.returncode == 1
    assert "somebody else is labelling into data/feedback/labelled.jsonl" in done.stderr
    assert answers(folder) == []


@pytest.mark.parametrize(
    ("content", "complaint"), [('{"text": " "}', "row 1 has no text"), ("[]", "row 1 is not an object")]
)
def test_a_file_that_is_none_is_an_error(folder: Path, content: str, complaint: str) -> None:
    (folder / "other.jsonl").write_text(content, encoding="utf-8")

    done = piped(folder, "n", "other.jsonl")

    assert done.returncode == 1
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


def test_a_comment_can_not_command_the_terminal() -> None:
    assert readable("a\x1b[2Jb\r\u202ec\n👩‍👧 é") == "a [2Jb  c\n👩‍👧 é"
