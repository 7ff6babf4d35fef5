from __future__ import annotations

import json

import pytest

from tests.backend.client import Client
from tests.backend.command.conftest import Shell, complaint

COMMENTS = [
    {"id": "a", "text": "I love this", "author": "@ada", "likes": 12, "pinned": True,
     "published_at": "2026-03-02T18:00:00Z"},
    {"id": "b", "text": "Worst video ever \x1b[31m", "published_at": "2026-04-02T18:00:00+02:00"},
    {"id": "c", "text": "ok", "reply_to": "a"},
]  # fmt: skip
LINES = "\n".join(map(json.dumps, COMMENTS))
TABLE = (
    "id,text,author,likes,published_at,reply_to,pinned,unknown\n"
    "a,I love this,@ada,12,2026-03-02T18:00:00Z,,true,x\n"
    "b,Worst video ever \x1b[31m,,,2026-04-02T18:00:00+02:00,,no,x\n"
    "c,ok,,,,a,,x\n"
)


@pytest.fixture(scope="module")
def answered(client: Client) -> object:
    options = {"timezone": "Europe/Berlin", "top": 1}
    request = {"video": {"id": "v"}, "comments": COMMENTS, "options": options}
    return client.post("/v1/analyze", request).json


@pytest.mark.parametrize(
    ("kind", "content"),
    [("jsonl", LINES), ("json", json.dumps(COMMENTS)), ("csv", TABLE),
     ("json", json.dumps({"video": {"id": "v"}, "comments": COMMENTS}))],
    ids=["JSON lines", "JSON", "CSV", "a request"],
)  # fmt: skip
def test_it_says_what_the_server_says(
    undertone: Shell, answered: object, kind: str, content: str
) -> None:
    options = ["--input", kind, "--video", "v", "--timezone", "Europe/Berlin", "--top", "1"]
    result = undertone("analyze", *options, stdin=content)

    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout) == answered


def test_lines_of_text_will_do(undertone: Shell) -> None:
    found = json.loads(undertone("analyze", stdin="I love it\nI hate it\n").stdout)

    assert [prediction["id"] for prediction in found["predictions"]] == ["1", "2"]
    assert found["counts"]["total"] == 2


def test_a_summary_is_for_people_and_safe_on_a_terminal(undertone: Shell) -> None:
    options = ["--input", "jsonl", "--title", "A title\x07", "--bucket", "month", "--output", "summary"]
    said = undertone("analyze", *options, stdin=LINES).stdout

    assert said.startswith("A title\n3 comments, mean ")
    assert "positive " in said
    assert "Most negative:\n  -0." in said
    assert "By month, from 2026-03-01: " in said
    assert "\x1b" not in said
    assert "\x07" not in said


@pytest.mark.parametrize(
    ("kind", "content", "said"),
    [
        ("jsonl", '{"text": "a", "likes": -1}', "comments.0.likes"),
        ("csv", "text,likes\na,many\n", "comments.0.likes"),
        ("csv", "text,published_at\na,yesterday\n", "must be an ISO 8601 date"),
        ("jsonl", '{"id": "a", "text": "a"}\n{"id": "a", "text": "b"}', "ids must be unique"),
        ("text", "", "comments: List should have at least 1 item"),
        ("json", '{"comments": 7}', "comments"),
        ("json", '{"comments": [{"id": "a", "text": "a"}], "options": 7}', "options"),
        ("jsonl", "7", "comments.0"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    undertone: Shell, kind: str, content: str, said: str
) -> None:
    assert said in complaint(undertone("analyze", "--input", kind, stdin=content))


def test_an_unknown_time_zone_is_told(undertone: Shell) -> None:
    assert "time zone" in complaint(undertone("analyze", "--timezone", "Berlin", stdin="a"))
