"""What the server says of requests: never what a comment says, and never a token."""

from __future__ import annotations

import socket
from pathlib import Path
from urllib.parse import urlsplit

from backend.tokens import Tokens
from tests.backend.client import Client
from tests.server import running_process


def test_neither_texts_nor_tokens_are_logged(tmp_path: Path) -> None:
    state, log = tmp_path / "state", tmp_path / "log"
    _, secret = Tokens(state).create("mine", ["read"])
    token = {"Authorization": f"Bearer {secret}"}
    text = "correct horse battery staple"
    settings = {"require_token": "true", "state": str(state), "log_level": "debug", "rate_limit": "7"}
    with running_process(log=log, **settings) as (address, _):
        client = Client(address)
        for body in (
            {"comments": [text]},
            {"comments": [text], text: 1},
            {"comments": [{"id": text, "text": text, "likes": text}]},
        ):
            client.post("/v1/predict", body, token)
            client.post("/v1/analyze", body, token)
            client.post("/v1/predict", body, {"Authorization": f"Bearer {secret}x"})
        client.send("POST", "/v1/predict", text.encode(), token | {"Content-Type": "application/json"})
        assert client.get("/v1/model", token).status == 429
        location = urlsplit(address)
        for head in (
            f"Authorization Bearer {secret}",
            f"Authorization : Bearer {secret}",
            f" {secret}",
        ):
            with socket.create_connection((location.hostname, location.port)) as connection:
                connection.sendall(f"GET / HTTP/1.1\r\nHost: localhost\r\n{head}\r\n\r\n".encode())
                assert b" 400 " in connection.recv(100)

    said = log.read_text()
    assert "POST /v1/predict 200" in said
    assert "POST /v1/predict 401" in said
    assert "InvalidHeader" in said
    assert "horse" not in said
    assert secret.removeprefix("undertone_") not in said
