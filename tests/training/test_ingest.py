"""Downloads from a real local server that truncates, fails and changes its mind."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from training.errors import IngestError
from training.ingest import fetch as fetch_with_pauses
from training.ingest import locate
from training.params import Ingest, read_params

DECLARED = Path(__file__).parents[2] / "params.yaml"

CONTENT = bytes(range(256)) * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


ADDRESS = "https://raw.githubusercontent.com/"


def fetch(name: str, sha256: str, settings: Ingest, directory: Path) -> Path:
    return fetch_with_pauses(name, sha256, ADDRESS, settings, directory, sleep=lambda seconds: None)


def settings(mirror: str, retries: int) -> Ingest:
    declared = read_params(DECLARED).ingest
    return declared.model_copy(update={"mirror": mirror, "timeout": 5.0, "retries": retries})


class Origin(ThreadingHTTPServer):
    """Serves `content`, after answering each of `troubles` in turn; keeps the ranges asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.troubles: list[int | str] = []
        self.ranges: list[str | None] = []

    def settings(self, retries: int = 3) -> Ingest:
        mirror = f"http://127.0.0.1:{self.server_port}"
        return settings(mirror, retries)


class Handler(BaseHTTPRequestHandler):
    server: Origin

    def do_GET(self) -> None:
        self.server.ranges.append(self.headers.get("Range"))
        trouble = self.server.troubles.pop(0) if self.server.troubles else None
        if isinstance(trouble, int):
            self.send_error(trouble)
            return
        asked = self.headers.get("Range")
        start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
        body = self.server.content[start:]
        self.send_response(206 if asked else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if trouble == "truncate" else body)

    def log_message(self, *args: object) -> None:
        """Say nothing; what was asked is in `ranges`."""


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_file_arrives_whole(origin: Origin, tmp_path: Path) -> None:
    path = fetch("owner/set.csv", SHA256, origin.settings(), tmp_path)

    assert path == tmp_path / "owner" / "set.csv"
    assert path.read_bytes() == CONTENT


def test_a_file_that_is_there_is_not_fetched_again(origin: Origin, tmp_path: Path) -> None:
    fetch("set.csv", SHA256, origin.settings(), tmp_path)
    fetch("set.csv", SHA256, origin.settings(), tmp_path)

    assert len(origin.ranges) == 1


def test_a_truncated_download_is_continued(origin: Origin, tmp_path: Path) -> None:
    origin.troubles = ["truncate"]

    path = fetch("set.csv", SHA256, origin.settings(), tmp_path)

    assert path.read_bytes() == CONTENT
    assert origin.ranges == [None, f"bytes={len(CONTENT) // 2}-"]


def test_what_a_killed_run_left_is_continued(origin: Origin, tmp_path: Path) -> None:
    (tmp_path / "set.csv.part").write_bytes(CONTENT[:1000])

    assert fetch("set.csv", SHA256, origin.settings(), tmp_path).read_bytes() == CONTENT
    assert origin.ranges == ["bytes=1000-"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_trouble_is_waited_out(origin: Origin, tmp_path: Path, status: int) -> None:
    origin.troubles = [status, status]

    assert fetch("set.csv", SHA256, origin.settings(), tmp_path).read_bytes() == CONTENT


def test_lasting_trouble_is_an_error_that_names_the_address(origin: Origin, tmp_path: Path) -> None:
    origin.troubles = [503, 503]

    with pytest.raises(IngestError, match=r"set\.csv could not be had after 2 tries.*503"):
        fetch("set.csv", SHA256, origin.settings(retries=1), tmp_path)


def test_a_missing_file_is_not_asked_for_twice(origin: Origin, tmp_path: Path) -> None:
    origin.troubles = [404]

    with pytest.raises(IngestError, match="404"):
        fetch("set.csv", SHA256, origin.settings(), tmp_path)
    assert len(origin.ranges) == 1


def test_a_changed_file_is_refused_and_not_kept(origin: Origin, tmp_path: Path) -> None:
    origin.content = b"something else"

    with pytest.raises(IngestError, match=f"has changed.*pinned is {SHA256}"):
        fetch("set.csv", SHA256, origin.settings(), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_directory_is_a_mirror(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    original = mirror / "raw.githubusercontent.com" / "owner" / "set.csv"
    original.parent.mkdir(parents=True)
    original.write_bytes(CONTENT)
    local = settings(str(mirror), retries=0)

    assert fetch("owner/set.csv", SHA256, local, tmp_path / "raw").read_bytes() == CONTENT
    with pytest.raises(IngestError, match=r"other\.csv can't be copied: No such file"):
        fetch("owner/other.csv", SHA256, local, tmp_path / "raw")


def test_without_a_mirror_a_file_lies_at_its_own_address() -> None:
    assert locate("owner/a b.csv", ADDRESS, None) == "https://raw.githubusercontent.com/owner/a%20b.csv"
