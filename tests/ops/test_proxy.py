"""The proxy before real servers: what it hands on, and that no request fails while a server goes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.backend.client import Client
from tests.backend.load import Load, until
from tests.ops.programs import ROOT, needs_programs, program, run
from tests.server import free_port, running_backend, serving

CADDYFILE = ROOT / "docker" / "proxy" / "Caddyfile"

pytestmark = needs_programs


def before(servers: list[str], folder: Path) -> Path:
    """Return the Caddyfile with `servers` in place of the name that only Docker's network knows."""
    text = CADDYFILE.read_text(encoding="utf-8")
    start = text.index("dynamic a backend 8000 {")
    block = text[start : text.index("}", start) + 1]
    path = folder / "Caddyfile"
    hosts = " ".join(urlsplit(server).netloc for server in servers)
    path.write_text(text.replace(block, f"to {hosts}"), encoding="utf-8")
    return path


@contextmanager
def proxy(servers: list[str], folder: Path) -> Iterator[Client]:
    """Yield a client of the proxy before `servers`, one of which must answer."""
    address = f"http://127.0.0.1:{free_port()}"
    config = str(before(servers, folder))
    caddy = subprocess.Popen(
        [program("caddy"), "run", "--config", config, "--adapter", "caddyfile"],
        env={"SITE": address, "HOME": str(folder)},
        stderr=subprocess.DEVNULL,
    )
    try:
        client = Client(address)
        until(lambda: answers(client), "the proxy does not answer")
        yield client
    finally:
        caddy.terminate()
        caddy.wait()


@pytest.fixture
def front(tmp_path: Path) -> Iterator[tuple[Client, ExitStack]]:
    """Yield a client of the proxy before two servers, and what ends one of these."""
    with ExitStack() as stack:
        one = stack.enter_context(ExitStack())
        servers = [one.enter_context(running_backend()), stack.enter_context(running_backend())]
        yield stack.enter_context(proxy(servers, tmp_path)), one


class Silent(ThreadingHTTPServer):
    """A server that closes the connection of every POST and DELETE when it has read it."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[str] = []
        super().__init__(("127.0.0.1", 0), Hanging)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Hanging(BaseHTTPRequestHandler):
    server: Silent

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(f"{self.command} {self.path}")

    def do_DELETE(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        """Keep pytest's output as it is."""


@pytest.fixture
def silent() -> Iterator[Silent]:
    with Silent() as server, serving(server):
        yield server


def answers(client: Client) -> bool:
    """Return whether somebody answers `client`."""
    try:
        return client.get("/health/ready").status == 200
    except OSError:
        return False


def test_caddy_takes_the_file_as_it_is() -> None:
    done = run("caddy", "validate", "--config", str(CADDYFILE), "--adapter", "caddyfile")
    assert done.returncode == 0, done.stderr

    adapted = run("caddy", "adapt", "--config", str(CADDYFILE), "--adapter", "caddyfile")
    assert '"source":"a"' in adapted.stdout
    assert '"name":"backend"' in adapted.stdout
    assert '"listen":[":8000"]' in adapted.stdout


def test_no_request_fails_while_a_server_goes(front: tuple[Client, ExitStack]) -> None:
    client, one = front
    with Load(client, clients=4, comments=["This made my day", "Awful"]) as load:
        until(lambda: len(load.answers) > 50, "the servers don't answer")
        one.close()
        answered = len(load.answers)
        until(lambda: len(load.answers) > answered + 50, "the other server doesn't answer")

    assert load.failures == []
    assert {answer.status for answer in load.answers} == {200}


def test_a_question_whose_server_hangs_up_is_answered_by_another(
    silent: Silent, tmp_path: Path
) -> None:
    comments = [f"This made my day {number}" for number in range(500)]
    with running_backend() as server, proxy([silent.address, server], tmp_path) as client:
        # One that failed is not asked for some seconds, so it is asked once.
        found = [client.post("/v1/predict", {"comments": comments}) for _ in range(12)]

    assert silent.asked == ["POST /v1/predict"]
    assert {answer.status for answer in found} == {200}
    assert {len(answer.json["predictions"]) for answer in found} == {500}


@pytest.mark.parametrize(("method", "path"), [("POST", "/v1/feedback"), ("DELETE", "/v1/videos/v")])
def test_what_would_be_done_twice_is_not_asked_twice(
    silent: Silent, tmp_path: Path, method: str, path: str
) -> None:
    with proxy([silent.address], tmp_path) as client:
        answer = client.send(method, path, b"{}")

    assert answer.status == 502
    assert silent.asked == [f"{method} {path}"]


def test_lines_of_an_answer_are_handed_on(front: tuple[Client, ExitStack]) -> None:
    client, _ = front
    comments = [{"id": str(number), "text": f"This is nice {number}"} for number in range(400)]

    answer = client.post(
        "/v1/analyze",
        {"video": {"id": "v"}, "comments": comments},
        {"Accept": "application/x-ndjson"},
    )

    totals = [json.loads(line)["analysis"]["counts"]["total"] for line in answer.body.splitlines()]
    assert totals[0] == 100
    assert totals[-1] == 400
