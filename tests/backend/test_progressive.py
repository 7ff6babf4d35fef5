"""An analysis that comes in lines: the first soon, the last as if there had been no other."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.backend.client import JSON, PATIENCE_SECONDS, Client
from tests.backend.conftest import problem
from tests.backend.load import metric, until
from tests.server import running_backend, running_process

LINES = {"Accept": "application/x-ndjson"}
SENTENCES = ("I love this, best video ever!", "This is terrible, I hate it", "part two is on Friday")


def request_of(number: int) -> dict[str, Any]:
    comments = [
        {"id": f"c{n}", "text": f"{SENTENCES[n % 3]} {n}", "likes": n % 7} for n in range(number)
    ]
    return {"video": {"id": "progressive"}, "comments": comments}


def lines_of(client: Client, number: int) -> list[dict[str, Any]]:
    answer = client.post("/v1/analyze", request_of(number), LINES)
    assert (answer.status, answer.media_type) == (200, "application/x-ndjson")
    return [json.loads(line) for line in answer.body.splitlines()]


def begin(client: Client, number: int) -> tuple[HTTPConnection, HTTPResponse]:
    """Ask for the lines of an analysis and return once the head of the answer has come."""
    connection = HTTPConnection(urlsplit(client.address).netloc, timeout=PATIENCE_SECONDS)
    body = json.dumps(request_of(number))
    connection.request("POST", "/v1/analyze", body, JSON | LINES)
    return connection, connection.getresponse()


@pytest.fixture(scope="module")
def slow() -> Iterator[Client]:
    """Yield a server that remembers nothing, so that every comment takes its time."""
    with running_backend(workers="1", inference_threads="1", cache_size="0") as address:
        yield Client(address)


def test_lines_are_about_ever_more_comments_and_at_last_about_all(client: Client) -> None:
    lines = lines_of(client, 500)

    said = [(line["kind"], line["analysed"], line["of"]) for line in lines]
    assert said == [("partial", 100, 500), ("partial", 400, 500), ("final", 500, 500)]
    assert [line["analysis"]["counts"]["total"] for line in lines] == [100, 400, 500]


def test_the_last_line_is_the_answer_that_others_get(client: Client) -> None:
    asked = request_of(130)

    whole = client.post("/v1/analyze", asked)
    last = client.post("/v1/analyze", asked, LINES).body.splitlines()[-1]

    assert whole.media_type == "application/json"
    assert json.loads(last)["analysis"] == whole.json


@pytest.mark.parametrize("number", [1, 100])
def test_what_is_soon_done_is_one_line(client: Client, number: int) -> None:
    assert [line["kind"] for line in lines_of(client, number)] == ["final"]


@pytest.mark.parametrize("accept", ["*/*", "application/json, application/x-ndjson", "text/html"])
def test_who_does_not_prefer_lines_gets_none(client: Client, accept: str) -> None:
    assert (
        client.post("/v1/analyze", request_of(1), {"Accept": accept}).media_type == "application/json"
    )


def test_the_first_line_is_there_while_the_rest_is_computed(slow: Client) -> None:
    connection, response = begin(slow, 2000)

    first = json.loads(response.readline())
    still_worked_on = metric(slow, "undertone_waiting_comments")
    rest = [json.loads(line) for line in response.read().splitlines()]
    connection.close()

    assert (first["kind"], first["analysed"], still_worked_on) == ("partial", 100, 2000)
    assert [line["analysed"] for line in rest] == [400, 1600, 2000]


def test_who_leaves_half_way_frees_what_was_held(slow: Client) -> None:
    connection, response = begin(slow, 5000)
    response.readline()

    response.close()
    connection.close()

    until(lambda: metric(slow, "undertone_waiting_comments") == 0, "nothing is worked on")
    assert slow.post("/v1/predict", {"comments": ["next, please"]}).status == 200


def test_what_is_wrong_from_the_start_has_its_status(client: Client) -> None:
    asked = request_of(1) | {"comments": [{"id": "c0"}]}

    refused = client.post("/v1/analyze", asked, LINES)

    assert problem(refused, 422)["errors"][0]["field"] == "comments.0.text"


def test_what_goes_wrong_half_way_is_the_last_line() -> None:
    with running_backend(
        workers="1", inference_threads="1", cache_size="0", deadline="4", max_comments="20000"
    ) as address:
        lines = lines_of(Client(address), 8000)

        assert lines[0]["kind"] == "partial"
        assert lines[-1]["kind"] == "problem"
        assert lines[-1]["problem"]["type"] == "urn:undertone:problem:deadline-exceeded"
        assert lines[-1]["problem"]["request_id"]


def test_a_server_that_is_told_to_end_sends_all_lines() -> None:
    with running_process(workers="1", inference_threads="1", cache_size="0") as (address, process):
        connection, response = begin(Client(address), 2000)
        response.readline()

        process.terminate()
        lines = [json.loads(line) for line in response.read().splitlines()]
        connection.close()

    assert lines[-1]["kind"] == "final"


def test_it_is_stored_once_and_whole(client: Client) -> None:
    asked = request_of(450)
    asked["video"] = {"id": "stored-once"}

    client.post("/v1/analyze", asked, LINES)

    until(lambda: client.get("/v1/videos/stored-once").status == 200, "it is stored")
    stored = client.get("/v1/videos/stored-once").json["analyses"]
    assert [analysis["counts"]["total"] for analysis in stored] == [450]


def test_clients_at_once_get_their_own(slow: Client) -> None:
    found: dict[int, int] = {}

    def ask(number: int) -> None:
        found[number] = lines_of(slow, number)[-1]["analysis"]["counts"]["total"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in (120, 130, 140, 150)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {number: number for number in (120, 130, 140, 150)}
