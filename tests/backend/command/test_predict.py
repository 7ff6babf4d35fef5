from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend.command import predict, records
from tests.backend.client import Client
from tests.backend.command.conftest import Shell, complaint
from tests.server import ROOT, running_backend

TEXTS = ["This made my day 😍", "What a waste of time", "नमस्ते", "line\u2028separator \x9b"]


def rows(output: str) -> list[dict[str, object]]:
    """Return the rows of JSON lines, split as every program splits lines."""
    return [json.loads(line) for line in output.splitlines()]


def test_it_says_what_the_server_says(undertone: Shell, client: Client) -> None:
    result = undertone("predict", *TEXTS)

    answered = client.post("/v1/predict", {"comments": TEXTS}).json["predictions"]
    said = rows(result.output)
    assert [row.pop("text") for row in said] == TEXTS
    assert said == answered


def test_a_line_of_standard_input_is_a_comment(undertone: Shell) -> None:
    result = undertone("predict", stdin='\ufeffgood\r\n\nbad, "quoted"\n  last')

    assert [row["text"] for row in rows(result.output)] == ["good", 'bad, "quoted"', "  last"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "text,id,other\n\"two\nlines, one\",1,x\nb,,\n"),
        ("a.csv", "\ufeffid,text\r\n1,\"two\nlines, one\"\r\n,b\r\n"),
        ("a.jsonl", '{"id": "1", "text": "two\\nlines, one", "likes": 3}\n\n"b"\n'),
        ("a.ndjson", '{"id": "1", "text": "two\\nlines, one"}\n{"text": "b"}'),
        ("a.json", '[{"id": "1", "text": "two\\nlines, one"}, "b"]'),
        ("a.json", '{"video": {}, "comments": [{"id": "1", "text": "two\\nlines, one"}, "b"]}'),
    ],
)  # fmt: skip
def test_files_of_all_kinds_are_read(undertone: Shell, tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_bytes(content.encode())

    said = rows(undertone("predict", "--file", str(tmp_path / name)).output)

    assert [(row.get("id"), row["text"]) for row in said] == [("1", "two\nlines, one"), (None, "b")]


def test_another_column_can_be_the_text(undertone: Shell) -> None:
    result = undertone(
        "predict", "--input", "csv", "--column", "comment", stdin="comment,text\nyes,no\n"
    )

    assert rows(result.output)[0]["text"] == "yes"


def test_csv_and_json_come_out_as_asked(undertone: Shell) -> None:
    comments = '{"id": "=1", "text": "a, \\"b\\"\\nc"}\n{"text": ""}\n'
    as_csv = undertone("predict", "--input", "jsonl", "--output", "csv", stdin=comments).output
    as_json = undertone("predict", "--input", "jsonl", "--output", "json", stdin=comments).output

    table = list(csv.DictReader(io.StringIO(as_csv)))
    assert [(row["id"], row["text"]) for row in table] == [("=1", 'a, "b"\nc'), ("", "")]
    listed = json.loads(as_json)
    assert [row["label"] for row in listed] == [row["label"] for row in table]
    assert float(table[0]["positive"]) == listed[0]["probabilities"]["positive"]


@pytest.mark.parametrize(("output", "nothing"), [("jsonl", ""), ("json", "[]\n")])
def test_nothing_gives_nothing(undertone: Shell, output: str, nothing: str) -> None:
    assert undertone("predict", "--output", output).output == nothing


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("text", b"good\n\xff\n", ":2: not UTF-8"),
        ("text", b"good\nb\x00d\n", ":2: text: must not contain NUL"),
        ("jsonl", b'"good"\n{"text": \n', ":2: not JSON"),
        ("jsonl", b'"good"\n7\n', ":2: neither a string nor an object"),
        ("jsonl", b'"good"\n"\\ud800"\n', ":2: text: must not contain lone surrogates"),
        ("jsonl", b'{"text": 7}\n', ":1: text: Input should be a valid string"),
        ("jsonl", b'{"txt": "a"}\n', ":1: no text, only txt; name one with --column"),
        ("csv", b"a,b\n1,2\n", ":2: no text, only a, b; name one with --column"),
        ("csv", b'text\n"open\n', ":2: not CSV"),
        ("csv", b"text\na,b\n", ":2: more cells than the first line has"),
        ("json", b"{", " is not JSON"),
        ("json", b"7", "holds no list"),
        ("json", b"[" * 100_000, " is not JSON"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    undertone: Shell, kind: str, content: bytes, said: str
) -> None:
    assert said in complaint(undertone("predict", "--input", kind, stdin=content))


def test_a_line_without_end_does_not_fill_memory(
    undertone: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "_LONGEST_LINE", 100)

    assert "at most 100 bytes" in complaint(undertone("predict", stdin="a" * 101))


def test_texts_and_a_file_are_too_much(undertone: Shell, tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()

    complaint(undertone("predict", "x", "--file", str(tmp_path / "a.txt")), code=2)


def test_what_came_before_a_mistake_is_written(
    undertone: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(predict, "_BATCH", 2)
    result = undertone("predict", stdin=b"a\nb\nc\n\xff\n")

    complaint(result)
    assert [row["text"] for row in rows(result.stdout)] == ["a", "b"]


def test_labels_come_while_comments_still_do() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "backend.command", "predict"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        assert process.stderr
        process.stdin.write(b"good\n" * 1000)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["text"] == "good"

        # Who reads has had enough, long before the end of what a pipe does not hold.
        process.stdout.close()
        process.stdin.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


def test_a_running_server_of_the_same_state_does_not_hinder_it(undertone: Shell) -> None:
    with running_backend(state=str(undertone.state)):
        result = undertone("predict", "I love this")

    assert result.exit_code == 0, result.output
