"""More than there is room for: only 200 and 503, never a hang, and no work for nobody."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from tests.backend.client import Client
from tests.backend.conftest import problem
from tests.backend.load import metric, until
from tests.server import running_backend

CLIENTS = 64


def comments(count: int, mark: object = "") -> list[str]:
    """Return comments that no cache knows yet."""
    return [f"comment {mark} number {number}, with some more words to read" for number in range(count)]


@pytest.fixture(scope="module")
def small() -> Iterator[Client]:
    """Yield a client of a server with little room and little patience."""
    room = {"max_comments": "600", "queue_size": "640", "deadline": "2"}
    with running_backend(workers="1", inference_threads="1", **room) as address:
        yield Client(address)


def batches(client: Client) -> float:
    """Return how many batches went through the model."""
    return metric(client, "undertone_batch_comments_count")


def has_come_to_rest(client: Client) -> bool:
    """Return whether no comment waits for the model."""
    return metric(client, "undertone_waiting_comments") == 0


def test_64_clients_beyond_capacity_get_an_answer_or_a_503(small: Client) -> None:
    with ThreadPoolExecutor(CLIENTS) as pool:
        asked = [{"comments": comments(100, client)} for client in range(CLIENTS)]
        answers = list(pool.map(lambda body: small.post("/v1/predict", body), asked))

    assert {answer.status for answer in answers} == {200, 503}
    for answer in answers:
        if answer.status == 503:
            document = problem(answer, 503)
            assert document["type"] in (
                "urn:undertone:problem:overloaded",
                "urn:undertone:problem:deadline-exceeded",
            )
            assert int(answer.headers["Retry-After"]) >= 1
        else:
            assert len(answer.json["predictions"]) == 100
    assert small.post("/v1/predict", {"comments": ["and now?"]}).status == 200


def test_what_takes_too_long_is_given_up_and_not_computed_to_its_end(small: Client) -> None:
    until(lambda: has_come_to_rest(small), "the others are done")
    before = batches(small)
    long = [f"{'many words and then some more ' * 20} {number}" for number in range(600)]

    answer = small.post("/v1/predict", {"comments": long})

    assert problem(answer, 503)["type"] == "urn:undertone:problem:deadline-exceeded"
    assert small.post("/v1/predict", {"comments": ["next, please"]}).status == 200
    assert before < batches(small) < before + 600 / 8
    assert has_come_to_rest(small)


def test_a_client_that_has_gone_away_costs_nothing_more(small: Client) -> None:
    until(lambda: has_come_to_rest(small), "the others are done")
    before = batches(small)
    body = json.dumps({"comments": comments(600, "gone")}).encode()
    location = urlsplit(small.address)
    with socket.create_connection((location.hostname, location.port)) as connection:
        head = f"POST /v1/predict HTTP/1.1\r\nHost: {location.netloc}\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        until(lambda: batches(small) > before, "it has begun")

    until(lambda: has_come_to_rest(small), "it is given up")
    assert batches(small) < before + 600 / 8
    assert metric(small, "undertone_problems_total", type="client-gone") == 1


def test_small_requests_do_not_wait_for_a_large_one(client: Client) -> None:
    with ThreadPoolExecutor(1) as pool:
        before = batches(client)
        large = pool.submit(client.post, "/v1/predict", {"comments": comments(1000, "large")})
        until(lambda: batches(client) > before, "it has begun")
        small = client.post("/v1/predict", {"comments": ["a small one in between"]})

        assert small.status == 200
        assert not large.done()
        assert large.result().status == 200


def test_slow_and_half_closed_clients_leave_others_their_turn(client: Client) -> None:
    location = urlsplit(client.address)
    connections = []
    try:
        for number in range(40):
            connection = socket.create_connection((location.hostname, location.port))
            connections.append(connection)
            if number % 4:
                connection.sendall(b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Le")
            if number % 2:
                connection.shutdown(socket.SHUT_WR)
        for _ in range(10):
            assert client.post("/v1/predict", {"comments": ["still there?"]}).status == 200
    finally:
        for connection in connections:
            connection.close()
