"""Bad input over real HTTP: a problem that names the place and the limit, and a server that goes on."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest

from backend.body import parse_json
from backend.errors import MalformedBody
from tests.backend.client import Client
from tests.backend.conftest import problem

MIB = 2**20
COMMENT = {"id": "a", "text": "Nice video"}


@pytest.fixture(autouse=True)
def _still_answers(client: Client) -> Iterator[None]:
    """After whatever a test sends, the same server answers the next request as before."""
    yield
    assert client.post("/v1/predict", {"comments": ["Nice video"]}).status == 200


def analysis(*comments: object, video: object = None, **options: object) -> dict[str, object]:
    """Return a request of an analysis."""
    return {
        "video": {"id": "v"} if video is None else video,
        "comments": list(comments),
        "options": options,
    }


def places(document: dict[str, Any]) -> list[str]:
    """Return the fields that a problem names."""
    return [error["field"] for error in document["errors"]]


@pytest.mark.parametrize("path", ["/v1/predict", "/v1/analyze"])
def test_an_empty_list_of_comments_is_refused_with_its_limit(client: Client, path: str) -> None:
    request = {"comments": []} if path == "/v1/predict" else analysis()
    document = problem(client.post(path, request), 422)
    (error,) = document["errors"]
    assert (error["field"], error["limit"]) == ("comments", 1)


@pytest.mark.parametrize("path", ["/v1/predict", "/v1/analyze", "/v1/feedback"])
@pytest.mark.parametrize("document", [None, [], "text", 1])
def test_what_is_no_object_is_refused_in_json_s_words(
    client: Client, path: str, document: object
) -> None:
    assert problem(client.post(path, document), 422)["errors"] == [
        {"field": "body", "message": "Input should be an object"}
    ]


def test_an_object_that_should_be_one_is_named(client: Client) -> None:
    assert problem(client.post("/v1/analyze", analysis(COMMENT, video="v")), 422)["errors"] == [
        {"field": "video", "message": "Input should be an object"}
    ]


@pytest.mark.parametrize("path", ["/v1/predict", "/v1/analyze"])
def test_5001_comments_are_refused_with_their_limit(client: Client, path: str) -> None:
    comments = [{"id": str(number), "text": "x"} for number in range(5001)]
    request = {"comments": comments} if path == "/v1/predict" else analysis(*comments)
    (error,) = problem(client.post(path, request), 422)["errors"]
    assert (error["field"], error["limit"]) == ("comments", 5000)
    assert "5001" in error["message"]


def test_5000_comments_are_answered(client: Client) -> None:
    answer = client.post("/v1/predict", {"comments": ["x"] * 5000})
    assert answer.status == 200
    assert len(answer.json["predictions"]) == 5000


def test_a_body_of_9_mib_is_refused_with_its_limit(client: Client) -> None:
    (error,) = problem(client.post("/v1/predict", {"comments": ["x" * 9 * MIB]}), 413)["errors"]
    assert (error["field"], error["limit"]) == ("body", 8 * MIB)


def test_a_body_of_9_mib_in_chunks_is_refused_with_its_limit(client: Client) -> None:
    chunks = [b'{"comments": ["', *[b"x" * MIB] * 9, b'"]}']
    (error,) = problem(client.send("POST", "/v1/predict", chunks), 413)["errors"]
    assert (error["field"], error["limit"]) == ("body", 8 * MIB)


def test_a_body_of_exactly_the_limit_is_read(client: Client) -> None:
    body = b'{"comments": ["' + b"x" * (8 * MIB - 18) + b'"]}'
    assert len(body) == 8 * MIB
    assert client.send("POST", "/v1/predict", body).json["predictions"][0]["truncated"]


def test_a_small_body_in_chunks_is_read(client: Client) -> None:
    answer = client.send("POST", "/v1/predict", [b'{"comm', b'ents": ["x"]', b"}"])
    assert answer.status == 200


def test_a_malformed_chunk_is_refused(client: Client) -> None:
    head = (
        "POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Transfer-Encoding: chunked\r\n\r\nnot a length\r\n"
    )
    location = urlsplit(client.address)
    with socket.create_connection((location.hostname, location.port), timeout=60) as connection:
        connection.sendall(head.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 400 ")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        pytest.param(b"", "line 1, column 1", id="empty"),
        pytest.param(b"comments=x", "line 1, column 1", id="a form"),
        pytest.param(b'{"comments": ["x"]', "line 1, column 19", id="cut short"),
        pytest.param(b'{"comments": ["x"]}}', "Extra data", id="goes on"),
        pytest.param(b'{"comments": ["\x00"]}', "control character", id="raw NUL"),
        pytest.param(b'{"comments": ["\xff"]}', "not UTF-8: see byte 15", id="not UTF-8"),
        pytest.param(b'{"comments": ["\xed\xa0\x80"]}', "not UTF-8", id="a surrogate as bytes"),
        pytest.param('{"comments": ["x"]}'.encode("utf-16"), "not UTF-8", id="UTF-16"),
        pytest.param(b'\xef\xbb\xbf{"comments": ["x"]}', "BOM", id="byte order mark"),
        pytest.param(b'{"comments": [NaN]}', "NaN is not", id="NaN"),
        pytest.param(b'{"comments": [-Infinity]}', "-Infinity is not", id="Infinity"),
        pytest.param(b"[" * 100_000, "too deeply", id="deep lists"),
        pytest.param(b'{"comments":' * 100_000, "too deeply", id="deep objects"),
        pytest.param(b'{"comments": [' + b"9" * 5000 + b"]}", "too many digits", id="5,000 digits"),
    ],
)
def test_what_is_not_json_is_refused(client: Client, body: bytes, said: str) -> None:
    assert said in problem(client.send("POST", "/v1/predict", body), 400)["detail"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
    ids=str,
)
def test_what_is_not_declared_as_plain_json_is_refused(client: Client, headers: dict[str, str]) -> None:
    answer = client.send("POST", "/v1/predict", b'{"comments": ["x"]}', headers)
    assert problem(answer, 415)["detail"]


def test_json_with_a_charset_of_utf_8_is_read(client: Client) -> None:
    headers = {"Content-Type": "application/json; charset=UTF-8"}
    assert client.send("POST", "/v1/predict", b'{"comments": ["x"]}', headers).status == 200


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        pytest.param([], ["body"], id="a list"),
        pytest.param("x", ["body"], id="a string"),
        pytest.param(None, ["body"], id="null"),
        pytest.param({}, ["comments"], id="no comments"),
        pytest.param({"comments": None}, ["comments"], id="comments are null"),
        pytest.param({"comments": "x"}, ["comments"], id="comments are a string"),
        pytest.param({"comments": {"0": "x"}}, ["comments"], id="comments are an object"),
        pytest.param({"comments": [1]}, ["comments.0"], id="a number"),
        pytest.param({"comments": ["x", None]}, ["comments.1"], id="a null"),
        pytest.param({"comments": [["x"]]}, ["comments.0"], id="a list in the list"),
        pytest.param({"comments": [{}]}, ["comments.0.text"], id="no text"),
        pytest.param({"comments": [{"text": 5}]}, ["comments.0.text"], id="text is a number"),
        pytest.param({"comments": [{"text": "", "id": ""}]}, ["comments.0.id"], id="an empty id"),
        pytest.param({"comments": [{"text": "", "id": 7}]}, ["comments.0.id"], id="id is a number"),
        pytest.param({"comments": [{"text": "", "id": "x" * 201}]}, ["comments.0.id"], id="a long id"),
        pytest.param({"comments": ["x"], "model": "y"}, ["model"], id="unknown field"),
        pytest.param(
            {"comments": [{"text": "x", "like": 1}]}, ["comments.0.like"], id="unknown field inside"
        ),
        pytest.param({"comments": ["a\x00b"]}, ["comments.0"], id="NUL"),
        pytest.param({"comments": [{"text": "\x00"}]}, ["comments.0.text"], id="NUL in a text"),
    ],
)
def test_fields_that_predict_does_not_take_are_named(
    client: Client, document: object, fields: list[str]
) -> None:
    assert places(problem(client.post("/v1/predict", document), 422)) == fields


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        pytest.param({"comments": [COMMENT]}, ["video"], id="no video"),
        pytest.param(analysis(COMMENT, video={}), ["video.id"], id="no video id"),
        pytest.param(
            analysis(COMMENT, video={"id": "v", "title": "x" * 301}), ["video.title"], id="a long title"
        ),
        pytest.param(analysis({"text": "x"}), ["comments.0.id"], id="no id"),
        pytest.param(analysis("x"), ["comments.0"], id="a bare string"),
        pytest.param(analysis(COMMENT, COMMENT), ["comments.1.id"], id="the same id twice"),
        pytest.param(analysis(COMMENT | {"likes": -1}), ["comments.0.likes"], id="-1 likes"),
        pytest.param(analysis(COMMENT | {"likes": 10**30}), ["comments.0.likes"], id="10^30 likes"),
        pytest.param(analysis(COMMENT | {"likes": 1.5}), ["comments.0.likes"], id="1.5 likes"),
        pytest.param(analysis(COMMENT | {"likes": "1"}), ["comments.0.likes"], id="'1' likes"),
        pytest.param(analysis(COMMENT | {"likes": True}), ["comments.0.likes"], id="true likes"),
        pytest.param(analysis(COMMENT | {"pinned": 1}), ["comments.0.pinned"], id="pinned is 1"),
        pytest.param(analysis(COMMENT | {"author": 1}), ["comments.0.author"], id="author is 1"),
        pytest.param(analysis(COMMENT | {"reply_to": ""}), ["comments.0.reply_to"], id="reply to ''"),
        pytest.param(
            analysis(COMMENT | {"published_at_width": -1}),
            ["comments.0.published_at_width"],
            id="a negative width",
        ),
        pytest.param(analysis(COMMENT, bucket="minute"), ["options.bucket"], id="unknown bucket"),
        pytest.param(analysis(COMMENT, top=51), ["options.top"], id="too many top comments"),
        pytest.param(analysis(COMMENT, words=-1), ["options.words"], id="-1 words"),
        pytest.param(analysis(COMMENT, colour="red"), ["options.colour"], id="unknown option"),
    ],
)
def test_fields_that_analyze_does_not_take_are_named(
    client: Client, document: object, fields: list[str]
) -> None:
    assert places(problem(client.post("/v1/analyze", document), 422)) == fields


@pytest.mark.parametrize(
    "written",
    [
        "yesterday", "", "2025", "1700000000", "2025-02-30T00:00:00Z", "2025-01-01T25:00:00Z",
        "2025-01-01", "2025-01-01T00:00:00", "2025-01-01T00:00:00+99:99", "2003-12-31T00:00:00Z",
        "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "٢٠٢٥-01-01T00:00:00Z", "x" * 10_000, 0, True,
    ],
)  # fmt: skip
def test_a_bad_date_is_refused(client: Client, written: object) -> None:
    answer = client.post("/v1/analyze", analysis(COMMENT | {"published_at": written}))
    assert places(problem(answer, 422)) == ["comments.0.published_at"]


@pytest.mark.parametrize(
    "zone",
    ["", "Mars/Olympus", "Europe", "../../etc/passwd", "/etc/passwd", "posixrules", "UTC\x00", "xyz"],
)  # fmt: skip
def test_a_bad_time_zone_is_refused(client: Client, zone: str) -> None:
    answer = client.post("/v1/analyze", analysis(COMMENT, timezone=zone))
    assert places(problem(answer, 422)) == ["options.timezone"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (rb'{"comments": ["\ud800"]}', "comments.0"),
        (rb'{"comments": [{"text": "x", "id": "\udc00"}]}', "comments.0.id"),
        (rb'{"comments": [{"text": "\ud83d and \ude00"}]}', "comments.0.text"),
    ],
)
def test_a_lone_surrogate_is_refused(client: Client, body: bytes, field: str) -> None:
    (error,) = problem(client.send("POST", "/v1/predict", body), 422)["errors"]
    assert error["field"] == field
    assert "surrogate" in error["message"]


def test_a_lone_surrogate_in_the_name_of_a_field_is_refused(client: Client) -> None:
    body = rb'{"comments": ["x"], "\ud800\u0000": 1}'
    assert problem(client.send("POST", "/v1/predict", body), 422)["errors"]


def test_infinity_in_disguise_is_refused(client: Client) -> None:
    comment = json.dumps(analysis(COMMENT | {"published_at_width": 1})).replace(
        '"published_at_width": 1', '"published_at_width": 1e999'
    )
    document = problem(client.send("POST", "/v1/analyze", comment.encode()), 422)
    assert places(document) == ["comments.0.published_at_width"]


def test_a_million_unknown_fields_make_a_short_answer(client: Client) -> None:
    many = {str(number): 0 for number in range(500_000)}
    answer = client.post("/v1/predict", {"comments": ["x"]} | many)
    (error,) = problem(answer, 422)["errors"]
    assert error["message"].startswith("too many fields")


def test_thousands_of_mistakes_make_a_short_answer(client: Client) -> None:
    answer = client.post("/v1/predict", {"comments": [7] * 5000})
    document = problem(answer, 422)
    assert document["detail"] == "5000 values are not valid; the first 20 are listed."
    assert len(document["errors"]) == 20


def test_a_long_field_name_is_cut(client: Client) -> None:
    answer = client.post("/v1/predict", {"comments": ["x"], "y" * 100_000: 1})
    assert len(answer.body) < 1000


def test_a_problem_never_repeats_a_value(client: Client) -> None:
    secret = "correct horse"
    comment = {"id": secret, "text": secret, "likes": secret, "published_at": secret}
    request = analysis(comment, comment, timezone=secret, bucket=secret)
    answer = client.post("/v1/analyze", request, {"Origin": "https://example.com"})
    assert secret not in json.dumps(problem(answer, 422))


def test_a_comment_over_the_limit_is_cut_and_says_so(client: Client) -> None:
    texts = ["x" * 10_000, "x" * 10_001]
    predictions = client.post("/v1/predict", {"comments": texts}).json["predictions"]
    assert [prediction["truncated"] for prediction in predictions] == [False, True]
    assert predictions[0]["score"] == predictions[1]["score"]


@pytest.mark.parametrize(
    "text",
    ["", " ", "😂" * 500, "\u202eevil\u202c", "नमस्ते", "<script>x</script>", "\x1b[31m", "\ufffe"],
)  # fmt: skip
def test_an_odd_text_is_labelled(client: Client, text: str) -> None:
    answer = client.post("/v1/analyze", analysis({"id": "a", "text": text}))
    assert answer.status == 200
    assert answer.json["counts"]["total"] == 1


def test_an_unknown_route_and_a_wrong_method_are_problems(client: Client) -> None:
    problem(client.get("/v1/nothing"), 404)
    wrong = client.get("/v1/predict")
    problem(wrong, 405)
    assert "POST" in wrong.headers["Allow"]


def test_numbers_are_read_as_rfc_8259_has_them() -> None:
    assert parse_json(b"[1, -2.5e3, 0]") == [1, -2500.0, 0]
    with pytest.raises(MalformedBody):
        parse_json(b"[Infinity]")
