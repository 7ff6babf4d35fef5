"""The stored videos over HTTP: listed, read, compared, deleted; and feedback."""

from __future__ import annotations

import sqlite3
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from backend.history.wire import AnalysisAnswer, FeedbackAnswer, VideoAnswer, VideosAnswer
from backend.query import write_cursor
from tests.backend.client import Client
from tests.backend.conftest import problem
from tests.backend.history.made_up import until
from tests.server import running_backend

GOOD, BAD, PLAIN = "I love it, best video ever!", "Terrible, worst video ever", "part two is on Friday"
UNKNOWN = uuid.UUID(int=7)  # tests shared out among processes must have the same names in all of them


@pytest.fixture
def video() -> str:
    """Return the id of a video that no other test uses."""
    return f"video-{uuid.uuid4().hex}"


def analyse(client: Client, video: str, *texts: str, **of_video: str) -> dict[str, Any]:
    comments = [
        {"id": f"c{n}", "text": text, "author": f"@{text[:5]}", "published_at": "2026-01-01T00:00:00Z"}
        for n, text in enumerate(texts)
    ]
    answer = client.post("/v1/analyze", {"video": {"id": video} | of_video, "comments": comments})
    assert answer.status == 200
    found: dict[str, Any] = answer.json
    return found


def visits(client: Client, video: str, number: int, query: str = "") -> dict[str, Any]:
    """Return what is stored of `video` once that is `number` analyses."""
    until(lambda: len(stored(client, video)) == number)
    answer = client.get(f"/v1/videos/{video}{query}")
    assert answer.status == 200
    found: dict[str, Any] = answer.json
    return found


def stored(client: Client, video: str) -> list[Any]:
    answer = client.get(f"/v1/videos/{quote(video)}?limit=100")
    return list(answer.json["analyses"]) if answer.status == 200 else []


def test_a_video_is_seen_over_time_newest_first(client: Client, video: str) -> None:
    first = analyse(client, video, GOOD, title="Before")
    second = analyse(client, video, BAD, BAD, title="After", channel="A channel")

    found = visits(client, video, 2)

    assert (found["video"]["title"], found["video"]["channel"]) == ("After", "A channel")
    assert [entry["counts"] for entry in found["analyses"]] == [second["counts"], first["counts"]]
    assert [entry["score"] for entry in found["analyses"]] == [second["score"], first["score"]]
    assert found["analyses"][0]["model"] == second["model"]
    assert found["next"] is None


def test_the_videos_are_listed_the_latest_first_in_pages(client: Client, video: str) -> None:
    names = [f"{video}-{n}" for n in range(5)]
    for name in [*names, names[1]]:
        analyse(client, name, PLAIN)
    until(lambda: [len(stored(client, name)) for name in names] == [1, 2, 1, 1, 1])

    listed, cursor = [], ""
    while len(listed) < 5:
        page = client.get(f"/v1/videos?limit=2{cursor}").json
        assert len(page["videos"]) == 2
        listed += page["videos"]
        cursor = f"&cursor={page['next']}"

    assert [entry["video"]["id"] for entry in listed[:5]] == [names[n] for n in (1, 4, 3, 2, 0)]
    assert [entry["analyses"] for entry in listed[:5]] == [2, 1, 1, 1, 1]
    assert listed[0]["latest"] == stored(client, names[1])[0]


def test_pages_of_a_video_hold_though_more_is_stored_meanwhile(client: Client, video: str) -> None:
    for text in (GOOD, BAD, PLAIN):
        analyse(client, video, text)
    first = visits(client, video, 3, "?limit=2")
    analyse(client, video, GOOD)
    visits(client, video, 4)

    second = client.get(f"/v1/videos/{video}?limit=2&cursor={first['next']}").json

    labels = [
        next(label for label in ("negative", "neutral", "positive") if entry["counts"][label])
        for entry in first["analyses"] + second["analyses"]
    ]
    assert labels == ["neutral", "negative", "positive"]
    assert second["next"] is None


def test_a_stored_analysis_says_what_the_answer_said(client: Client, video: str) -> None:
    said = analyse(client, video, GOOD, BAD, PLAIN, title="A title")
    (entry,) = visits(client, video, 1)["analyses"]

    found = client.get(f"/v1/videos/{video}/analyses/{entry['id']}").json

    for name in ("model", "counts", "score", "like_weighted", "bucket", "trend", "undated", "words"):
        assert found[name] == said[name], name
    assert found["languages"] == said["languages"]
    assert found["authors"] == said["authors"]["total"]
    assert [comment["text"] for comment in found["comments"]] == [GOOD, BAD, PLAIN]
    for comment, prediction in zip(found["comments"], said["predictions"], strict=True):
        assert {name: comment[name] for name in prediction} == prediction
    assert len({comment["author"] for comment in found["comments"]}) == 3
    assert not any("@" in comment["author"] for comment in found["comments"])


def test_comments_come_in_pages_in_the_order_given(client: Client, video: str) -> None:
    analyse(client, video, *[PLAIN] * 5)
    (entry,) = visits(client, video, 1)["analyses"]
    path, ids, cursor = f"/v1/videos/{video}/analyses/{entry['id']}", [], ""
    while cursor is not None:
        page = client.get(f"{path}?limit=2{cursor}").json
        ids.append([comment["id"] for comment in page["comments"]])
        cursor = page["next"] and f"&cursor={page['next']}"

    assert ids == [["c0", "c1"], ["c2", "c3"], ["c4"]]


def test_a_deleted_video_is_gone_and_may_come_again(client: Client, video: str) -> None:
    analyse(client, video, GOOD)
    visits(client, video, 1)
    other = analyse(client, f"{video}-other", GOOD)["video"]["id"]
    visits(client, other, 1)

    assert client.send("DELETE", f"/v1/videos/{video}", None, {}).json == {"status": "deleted"}

    problem(client.get(f"/v1/videos/{video}"), 404)
    assert len(stored(client, other)) == 1
    assert client.send("DELETE", f"/v1/videos/{video}", None, {}).status == 200
    analyse(client, video, BAD)
    assert visits(client, video, 1)["analyses"][0]["counts"]["negative"] == 1


@pytest.mark.parametrize("name", ["a/b", "ü 😂", "a%b", "a?b#c", "x" * 200])
def test_any_id_can_be_read_and_deleted(client: Client, name: str) -> None:
    analyse(client, name, PLAIN)
    until(lambda: len(stored(client, name)) == 1)

    assert client.send("DELETE", f"/v1/videos/{quote(name)}", None, {}).status == 200
    assert stored(client, name) == []


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("?limit=0", "limit"), ("?limit=101", "limit"), ("?limit=x", "limit"), ("?limit=1e2", "limit"),
        ("?cursor=%00", "cursor"), ("?cursor=abc", "cursor"), ("?cursor=Lg", "cursor"),
        ("?cursor=" + "x" * 3000, "cursor"), ("?page=2", "page"), ("/%00", "video"),
        ("/" + "x" * 201, "video"), ("/v?limit=0", "limit"), ("/v?cursor=!", "cursor"),
        (f"/v/analyses/{UNKNOWN}?limit=1001", "limit"),
    ],
)  # fmt: skip
def test_what_can_t_be_asked_for_is_named(client: Client, path: str, field: str) -> None:
    (error,) = problem(client.get(f"/v1/videos{path}"), 422)["errors"]
    assert error["field"] == field


@pytest.mark.parametrize(
    "path", ["/unknown", f"/unknown/analyses/{UNKNOWN}", "/unknown/analyses/nonsense"]
)
def test_what_is_not_stored_is_not_found(client: Client, path: str) -> None:
    problem(client.get(f"/v1/videos{path}"), 404)


@pytest.mark.parametrize("number", [0, 2**31, 2**63 - 1])
def test_a_cursor_of_another_list_is_harmless(client: Client, video: str, number: int) -> None:
    analyse(client, video, PLAIN)
    (entry,) = visits(client, video, 1)["analyses"]
    for path in ("", f"/{video}", f"/{video}/analyses/{entry['id']}"):
        for key in ("", "no uuid", str(uuid.uuid4())):
            assert client.get(f"/v1/videos{path}?cursor={write_cursor(number, key)}").status == 200


def test_answers_are_as_declared(client: Client, video: str) -> None:
    analyse(client, video, GOOD)
    (entry,) = visits(client, video, 1)["analyses"]

    feedback = client.post("/v1/feedback", {"text": GOOD, "label": "positive"})

    VideosAnswer.model_validate_json(client.get("/v1/videos").body)
    VideoAnswer.model_validate_json(client.get(f"/v1/videos/{video}").body)
    AnalysisAnswer.model_validate_json(client.get(f"/v1/videos/{video}/analyses/{entry['id']}").body)
    assert feedback.status == 202
    FeedbackAnswer.model_validate_json(feedback.body)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"label": "positive"}, "text"),
        ({"text": " ", "label": "positive"}, "text"),
        ({"text": "a\x00", "label": "positive"}, "text"),
        ({"text": "a"}, "label"),
        ({"text": "a", "label": "happy"}, "label"),
        ({"text": "a", "label": "positive", "predicted": "?"}, "predicted"),
        ({"text": "a", "label": "positive", "video_id": ""}, "video_id"),
        ({"text": "a", "label": "positive", "more": 1}, "more"),
    ],
)
def test_feedback_that_is_none_is_refused(client: Client, given: object, field: str) -> None:
    (error,) = problem(client.post("/v1/feedback", given), 422)["errors"]
    assert error["field"] == field


def test_without_a_history_nothing_is_stored_and_all_else_works(tmp_path: Path) -> None:
    with running_backend(history="false", state=str(tmp_path / "state")) as address:
        client = Client(address)
        analyse(client, "v", GOOD)
        assert client.post("/v1/predict", {"comments": [GOOD]}).status == 200
        for answer in (
            client.get("/v1/videos"),
            client.get("/v1/videos/v"),
            client.send("DELETE", "/v1/videos/v", None, {}),
            client.post("/v1/feedback", {"text": GOOD, "label": "positive"}),
        ):
            assert problem(answer, 404)["type"] == "urn:undertone:problem:history-off"

    # A champion may be kept there all the same.
    assert {path.name for path in (tmp_path / "state").iterdir()} <= {"champions"}


def test_two_workers_share_one_history(tmp_path: Path) -> None:
    with running_backend(workers="2", state=str(tmp_path)) as address:
        client = Client(address)
        for n in range(20):
            client.post("/v1/predict", {"comments": [f"comment {n}"]})

    database = sqlite3.connect(tmp_path / "history.db")
    texts = [row[0] for row in database.execute("SELECT text FROM predictions")]
    database.close()
    assert sorted(texts) == sorted(f"comment {n}" for n in range(20))
