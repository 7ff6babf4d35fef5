"""The routes of the usual Flask tutorials, called as the plugins written against them call them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.backend.client import Answer, Client

EXTENSION = "chrome-extension://" + "abcdefghijklmnop" * 2
GOOD, BAD, PLAIN = (
    "I love this, best video ever!",
    "This is terrible, I hate it",
    "part two is on Friday",
)
SENTIMENTS = [("1", GOOD), ("-1", BAD), ("0", PLAIN)]


def refusal(answer: Answer, status: int = 400) -> str:
    """Return the sentence that a refusal must be."""
    assert (answer.status, answer.media_type) == (status, "application/json"), answer.body
    assert list(answer.json) == ["error"]
    return str(answer.json["error"])


def picture(answer: Answer) -> Image.Image:
    assert (answer.status, answer.media_type) == (200, "image/png"), answer.body[:300]
    return Image.open(io.BytesIO(answer.body))


def test_predict_gives_each_comment_with_its_sentiment(client: Client) -> None:
    answer = client.post("/predict", {"comments": [text for _, text in SENTIMENTS]})

    assert answer.json == [{"comment": text, "sentiment": label} for label, text in SENTIMENTS]


@pytest.mark.parametrize(
    "comments", [GOOD, [{"text": GOOD, "authorId": "UC1"}]], ids=["one", "objects"]
)
def test_predict_takes_the_other_forms_that_plugins_send(client: Client, comments: object) -> None:
    answer = client.post("/predict", {"comments": comments, "video_id": "v"})

    assert answer.json == [{"comment": GOOD, "sentiment": "1"}]


def test_timestamps_come_back_as_they_were(client: Client) -> None:
    stamps: list[Any] = ["2024-10-25T10:00:00Z", "2 weeks ago (edited)", 1729850400, None]
    comments = [{"text": GOOD, "timestamp": stamp, "authorId": "Unknown"} for stamp in stamps]

    answer = client.post("/predict_with_timestamps", {"comments": comments})

    assert answer.json == [{"comment": GOOD, "sentiment": "1", "timestamp": stamp} for stamp in stamps]


def test_half_an_emoji_where_a_plugin_cut_a_text_is_no_error(client: Client) -> None:
    body = rb'{"comments": [{"text": "I love this \ud83d", "timestamp": "\udc00"}]}'

    answer = client.send("POST", "/predict_with_timestamps", body)

    assert answer.json == [{"comment": "I love this \ufffd", "sentiment": "1", "timestamp": "\ufffd"}]


@pytest.mark.parametrize(
    "counts", [{"1": 5, "0": 3, "-1": 2}, {"1": 5}, {"1": 0, "0": None, "-1": 0}], ids=str
)
def test_counts_become_a_picture(client: Client, counts: dict[str, int | None]) -> None:
    drawn = picture(client.post("/generate_chart", {"sentiment_counts": counts}))

    assert "Description" in drawn.info
    assert ("Positive: 5" in drawn.info["Description"]) == (counts["1"] == 5)


def test_comments_become_a_word_cloud(client: Client) -> None:
    drawn = picture(client.post("/generate_wordcloud", {"comments": [GOOD, BAD, ""]}))

    assert "love (1)" in drawn.info["Description"]


@pytest.mark.parametrize(
    "timestamps",
    [
        ["2024-09-25T10:00:00Z", "2024-11-25T10:00:00Z"],
        ["2024-09-25 10:00:00", "2024-11-26 14:00:00.5"],
        ["2024-09-01", "2024-11-02"],
        ["2024-09-25T10:00:00+05:30", "2024-11-25"],
    ],
    ids=str,
)
@pytest.mark.parametrize("sentiment", [1, "1"])
def test_sentiments_become_a_trend(client: Client, timestamps: list[str], sentiment: object) -> None:
    data = [{"sentiment": sentiment, "timestamp": stamp} for stamp in timestamps]

    drawn = picture(client.post("/generate_trend_graph", {"sentiment_data": data}))

    assert drawn.info["Description"].count("2024: +1.00") == 2
    assert "2 comments" in drawn.info["Description"]


def test_pictures_come_in_the_theme_asked_for(client: Client) -> None:
    drawn = picture(client.post("/generate_chart?theme=dark&scale=1", {"sentiment_counts": {"1": 1}}))

    assert drawn.size == (800, 400)
    assert drawn.getpixel((0, 0)) == (0x1D, 0x1D, 0x27)


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/predict", {}, "comments: Field required"),
        ("/predict", {"comments": []}, "comments: "),
        ("/predict", {"comments": [7]}, "comments.0: "),
        ("/predict", {"comments": ["x"] * 5001}, "at most 5000"),
        ("/predict_with_timestamps", {"comments": [{"timestamp": "2024-01-01"}]}, "comments.0.text"),
        ("/generate_chart", {}, "sentiment_counts: Field required"),
        ("/generate_chart", {"sentiment_counts": {}}, '"1", "0" and "-1"'),
        ("/generate_chart", {"sentiment_counts": {"2": 1}}, '"1", "0" and "-1"'),
        ("/generate_chart", {"sentiment_counts": {"1": -1}}, "sentiment_counts.1: "),
        ("/generate_chart?theme=sepia", {"sentiment_counts": {"1": 1}}, "theme: "),
        ("/generate_wordcloud", {"comments": None}, "comments: "),
        ("/generate_trend_graph", {"sentiment_data": []}, "sentiment_data: "),
        (
            "/generate_trend_graph",
            {"sentiment_data": [{"sentiment": 2, "timestamp": "2024-01-01"}]},
            "sentiment_data.0.sentiment: ",
        ),
        (
            "/generate_trend_graph",
            {"sentiment_data": [{"sentiment": 1, "timestamp": "yesterday"}]},
            "sentiment_data.0.timestamp: must be an ISO 8601",
        ),
        (
            "/generate_trend_graph",
            {"sentiment_data": [{"sentiment": 1, "timestamp": "0001-01-01"}]},
            "sentiment_data.0.timestamp: must not be before",
        ),
    ],
    ids=str,
)
def test_a_bad_request_is_told_in_the_tutorials_shape(
    client: Client, path: str, body: object, said: str
) -> None:
    assert said in refusal(client.post(path, body))


def test_other_refusals_have_the_same_shape(client: Client) -> None:
    refusal(client.send("POST", "/predict", b"{"))
    refusal(client.send("POST", "/predict", b"comments=x", {"Content-Type": "text/plain"}), 415)
    refusal(client.send("POST", "/predict", b" " * (8 * 2**20 + 1)), 413)


def test_a_failure_inside_has_the_same_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    from backend import create_app
    from backend.labelling import Labeller

    client = create_app().test_client()

    def fail(self: Labeller, texts: list[str]) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Labeller, "label", fail)
    answer = client.post("/predict", json={"comments": ["a"]})

    assert (answer.status_code, answer.json) == (500, {"error": "Internal server error"})


@pytest.mark.parametrize("path", ["/predict", "/predict_with_timestamps", "/generate_chart"])
def test_an_extension_may_call(client: Client, path: str) -> None:
    asked = {"Origin": EXTENSION, "Access-Control-Request-Method": "POST"}
    asked |= {"Access-Control-Request-Headers": "content-type"}

    preflight = client.send("OPTIONS", path, None, asked)
    answer = client.post(path, {}, {"Origin": EXTENSION})

    assert preflight.headers["Access-Control-Allow-Origin"] == EXTENSION
    assert answer.headers["Access-Control-Allow-Origin"] == EXTENSION
