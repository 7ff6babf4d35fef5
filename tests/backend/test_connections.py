"""Slow, silent and hostile clients: they wait, and nobody waits for them."""

from __future__ import annotations

import http.client
import io
import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from tests.backend.client import Client
from tests.server import PATIENCE_SECONDS, running_backend, running_process

REQUEST = b"GET /v1/model HTTP/1.1\r\nHost: localhost\r\n\r\n"
THREADS = 2


@pytest.fixture(scope="module")
def patient() -> Iterator[Client]:
    """Yield a client of a server with few threads that waits long."""
    with running_backend(workers="1", threads=str(THREADS), head_timeout="300") as address:
        yield Client(address)


@pytest.fixture(scope="module")
def hasty() -> Iterator[Client]:
    """Yield a client of a server with few threads that waits for a second."""
    settings = {"head_timeout": "1", "body_timeout": "1", "max_comments": "20000"}
    with running_backend(workers="1", threads=str(THREADS), **settings) as address:
        yield Client(address)


def connect(client: Client) -> socket.socket:
    location = urlsplit(client.address)
    return socket.create_connection((location.hostname, location.port), timeout=30)


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the server closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def read_answer(connection: socket.socket) -> tuple[int, bytes]:
    """Return status and body of the next answer, and take nothing of what comes after it."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        assert byte, head
        head += byte
    status, _, fields = head.partition(b"\r\n")
    length = int(http.client.parse_headers(io.BytesIO(fields))["Content-Length"])
    body = b""
    while len(body) < length:
        body += connection.recv(length - len(body))
    return int(status.split()[1]), body


def test_clients_that_send_nothing_or_half_a_head_shut_nobody_out(patient: Client) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(patient)) for _ in range(10 * THREADS)]
        for number, connection in enumerate(slow):
            connection.sendall(REQUEST[:number])

        assert patient.get("/v1/model").status == 200

        for number, connection in enumerate(slow):
            connection.sendall(REQUEST[number:])
            assert read_answer(connection)[0] == 200


def test_a_head_that_comes_byte_by_byte_is_read(patient: Client) -> None:
    with connect(patient) as connection:
        for byte in REQUEST:
            connection.sendall(bytes([byte]))
        assert read_answer(connection)[0] == 200


def test_requests_in_a_row_are_answered_in_a_row(patient: Client) -> None:
    with connect(patient) as connection:
        connection.sendall(REQUEST.replace(b"/v1/model", b"/health/live") + REQUEST + REQUEST[:20])
        assert json.loads(read_answer(connection)[1]) == {"status": "live"}
        assert "labels" in json.loads(read_answer(connection)[1])
        connection.sendall(REQUEST[20:])
        assert "labels" in json.loads(read_answer(connection)[1])


def test_a_client_that_half_closes_gets_its_answer(patient: Client) -> None:
    with connect(patient) as connection:
        connection.sendall(REQUEST)
        connection.shutdown(socket.SHUT_WR)
        assert read_answer(connection)[0] == 200


def test_a_client_that_leaves_at_any_point_disturbs_nobody(patient: Client) -> None:
    body = b'{"comments": ["Nice video"]}'
    head = (
        b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    for end in range(0, len(head + body), 9):
        with connect(patient) as connection:
            connection.sendall((head + body)[:end])
            if end % 2:
                # A reset instead of an orderly end.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
    assert patient.get("/v1/model").status == 200


def test_as_many_connections_as_there_may_be_do_not_keep_the_next_one_out(patient: Client) -> None:
    with ExitStack() as stack:
        for _ in range(1005):
            stack.enter_context(connect(patient)).sendall(b"GET")

        assert patient.get("/v1/model").status == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x16\x03\x01\x02\x00\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"x" * 70_000, 431),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nA: " + b"x" * 9000 + b"\r\n\r\n", 431),
        (b"GET /" + b"x" * 5000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417),
    ],
    ids=["TLS", "endless field", "long field", "long path", "two lengths", "unknown expectation"],
)
def test_what_is_no_request_is_answered_with_a_problem(
    patient: Client, sent: bytes, status: int
) -> None:
    with connect(patient) as connection:
        connection.sendall(sent)
        given, body = read_answer(connection)

    assert given == status
    assert json.loads(body)["status"] == status


def test_a_head_that_takes_too_long_is_given_up(hasty: Client) -> None:
    with connect(hasty) as begun, connect(hasty) as silent:
        begun.sendall(REQUEST[:-2])

        assert b"HTTP/1.1 408 " in read_all(begun)
        assert read_all(silent) == b""


def test_a_body_that_takes_too_long_is_given_up(hasty: Client) -> None:
    with connect(hasty) as connection:
        connection.sendall(
            b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            b"Content-Length: 1000\r\n\r\n"
        )
        # A byte now and then: each comes in time, all together they don't.
        for _ in range(8):
            connection.sendall(b" ")
            time.sleep(0.2)
        status, body = read_answer(connection)

    assert status == 408
    assert json.loads(body)["type"] == "urn:undertone:problem:slow-body"


def test_clients_that_do_not_take_their_answers_shut_nobody_out(hasty: Client) -> None:
    comments = [{"id": "i" * 200, "text": "x"}] * 20_000
    body = json.dumps({"comments": comments}).encode()
    with ExitStack() as stack:
        for _ in range(THREADS):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            location = urlsplit(hasty.address)
            connection.connect((location.hostname, location.port))
            connection.sendall(
                b"POST /v1/predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
            )

        assert hasty.get("/v1/model").status == 200


def test_connections_that_ask_nothing_do_not_keep_a_server_from_ending() -> None:
    long = str(10 * PATIENCE_SECONDS)
    with running_process(graceful_timeout=long, head_timeout="300", workers="1") as (address, process):
        client = Client(address)
        with connect(client) as silent, connect(client) as begun, connect(client) as kept:
            begun.sendall(REQUEST[:20])
            kept.sendall(REQUEST)
            assert read_answer(kept)[0] == 200
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_SECONDS) == 0
            assert read_all(kept) == read_all(silent) == b""
            assert b" 503 " in read_all(begun)
