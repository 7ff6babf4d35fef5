"""The bench's clients: they ask as many at once as they say, and see what became of each request."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.bench import load
from tests.bench.load import ask
from tests.bench.plan import Cell


@dataclass
class Seen:
    """What the little server was asked."""

    bodies: list[bytes] = field(default_factory=list)
    connections: set[tuple[str, int]] = field(default_factory=set)


Reply = Callable[[BaseHTTPRequestHandler, bytes], None]


@contextmanager
def little_server(reply: Reply) -> Iterator[tuple[int, Seen]]:
    """Yield the port of a server that answers with `reply`, and what it has seen."""
    seen = Seen()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.bodies.append(body)
            seen.connections.add(self.client_address)
            reply(self, body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server.server_port, seen
        finally:
            server.shutdown()
            thread.join()


def whole(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200) -> None:
    """Answer with what was asked."""
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def requests(port: int, count: int) -> list[bytes]:
    """Return as many different requests."""
    return [load.request(port, "/", json.dumps(number).encode()) for number in range(count)]


def many(clients: int, count: int) -> Cell:
    """Return a cell whose time is not over before all is sent."""
    return Cell(size=1, clients=clients, seconds=60, requests=count)


def test_sends_each_request_once_over_a_connection_for_each_client() -> None:
    with little_server(whole) as (port, seen):
        run = ask(port, requests(port, 40), many(clients=4, count=40))

    assert sorted(map(int, seen.bodies)) == list(range(40))
    assert len(seen.connections) == 4
    assert [answer.status for answer in run.answers] == [200] * 40
    assert all(0 < answer.first_byte <= answer.seconds <= run.seconds for answer in run.answers)


def test_really_has_all_clients_ask_at_once() -> None:
    together = threading.Barrier(16, timeout=30)

    def wait_for_the_others(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        together.wait()
        whole(handler, body)

    with little_server(wait_for_the_others) as (port, _):
        run = ask(port, requests(port, 16), many(clients=16, count=16))

    assert run.failed == 0


def test_stops_when_the_time_is_over_and_not_before_each_client_has_asked() -> None:
    with little_server(whole) as (port, seen):
        ask(port, requests(port, 100), Cell(size=1, clients=3, seconds=0, requests=100))

    assert len(seen.bodies) == 3


def test_counts_refusals_as_failures() -> None:
    def refuse_odd_ones(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        whole(handler, body, status=503 if int(body) % 2 else 200)

    with little_server(refuse_odd_ones) as (port, _):
        run = ask(port, requests(port, 10), many(clients=2, count=10))

    assert run.failed == 5


def test_reads_answers_in_chunks() -> None:
    def in_chunks(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"5\r\nhello\r\n3;of=three\r\nyou\r\n0\r\n\r\n")

    with little_server(in_chunks) as (port, seen):
        run = ask(port, requests(port, 6), many(clients=1, count=6))

    assert run.failed == 0
    assert len(seen.connections) == 1


def test_times_the_first_byte_apart_from_the_last() -> None:
    def slowly(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "2")
        handler.end_headers()
        handler.wfile.write(b"a")
        threading.Event().wait(0.5)
        handler.wfile.write(b"b")

    with little_server(slowly) as (port, _):
        (answer,) = ask(port, requests(port, 1), many(clients=1, count=1)).answers

    assert answer.seconds - answer.first_byte > 0.1


def test_connects_anew_when_the_server_hangs_up_between_requests() -> None:
    def hang_up(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        whole(handler, body)
        # Without a word of it in the answer.
        handler.close_connection = True

    with little_server(hang_up) as (port, seen):
        run = ask(port, requests(port, 5), many(clients=1, count=5))

    assert run.failed == 0
    assert len(seen.connections) == 5


def test_takes_half_an_answer_for_a_failure() -> None:
    def half(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    with little_server(half) as (port, _):
        run = ask(port, requests(port, 3), many(clients=1, count=3))

    assert [answer.status for answer in run.answers] == [0, 0, 0]
