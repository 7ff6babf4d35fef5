"""The package is handed to a store that answers as Google's does, and what it refuses is said."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from release.webstore import SECRETS, Store, StoreError
from tests.server import ROOT, serving

ITEM = f"publishers/p1/items/{'a' * 32}"


class Shop(ThreadingHTTPServer):
    """Answers each path with the next of its answers, and keeps what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.asked: list[tuple[str, str, bytes]] = []
        self.answers: dict[str, list[tuple[int, object]]] = {
            "/token": [(200, {"access_token": "t0"})],
            f"/upload/v2/{ITEM}:upload": [(200, {"uploadState": "IN_PROGRESS"})],
            f"/v2/{ITEM}:fetchStatus": [
                (200, {"lastAsyncUploadState": "IN_PROGRESS"}),
                (200, {"lastAsyncUploadState": "SUCCEEDED"}),
            ],
            f"/v2/{ITEM}:publish": [(200, {"state": "PENDING_REVIEW"})],
        }

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Counter(BaseHTTPRequestHandler):
    server: Shop

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.path, self.headers.get("Authorization", ""), body))
        status, document = self.server.answers[self.path].pop(0)
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop() as server, serving(server):
        yield server


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "undertone-extension-1.zip"
    path.write_bytes(b"zip")
    return path


def store(shop: Shop) -> Store:
    secrets = {name: name.lower() for name in SECRETS}
    return Store(ITEM, secrets, f"{shop.address}/token", shop.address, sleep=lambda seconds: None)


def test_a_package_is_uploaded_waited_for_and_handed_in(shop: Shop, package: Path) -> None:
    assert store(shop).hand_in(package) == "PENDING_REVIEW"

    (_, _, form), upload, *looks, publish = shop.asked
    assert parse_qs(form.decode())["refresh_token"] == ["webstore_refresh_token"]
    assert upload == (f"/upload/v2/{ITEM}:upload", "Bearer t0", b"zip")
    assert len(looks) == 2
    assert publish == (f"/v2/{ITEM}:publish", "Bearer t0", b"{}")


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("/token", (400, {"error": "invalid_grant"}), "/token is answered 400: .*invalid_grant"),
        (
            f"/upload/v2/{ITEM}:upload",
            (200, {"uploadState": "FAILED"}),
            "the upload of .*zip is FAILED",
        ),
        (f"/upload/v2/{ITEM}:upload", (200, []), "not answered with an object"),
        (f"/v2/{ITEM}:publish", (403, {"error": "not yours"}), "answered 403: .*not yours"),
    ],
)
def test_what_the_store_refuses_is_said(
    shop: Shop, package: Path, path: str, answer: tuple[int, object], said: str
) -> None:
    shop.answers[path] = [answer]

    with pytest.raises(StoreError, match=said) as raised:
        store(shop).hand_in(package)

    assert "webstore_client_secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "WEBSTORE_CLIENT_ID, WEBSTORE_CLIENT_SECRET, WEBSTORE_REFRESH_TOKEN must be set"),
        (dict.fromkeys(SECRETS, "x") | {"WEBSTORE_ITEM": "../x"}, "WEBSTORE_ITEM must be publishers/"),
    ],
)
def test_without_who_hands_it_in_nothing_is_sent(settings: dict[str, str], said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "release.webstore", "package.zip"],
        cwd=ROOT, env=os.environ | settings, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert said in done.stderr
