"""A client as plain as HTTP allows, so that a test can send what no well-behaved client would.

Knows how to send bytes and headers and to hold the answer. Knows no route.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

PATIENCE_SECONDS = 120
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    """One answer, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON by the letter: NaN and Infinity are none."""
        return json.loads(self.body, parse_constant=lambda name: 1 / 0)

    @property
    def media_type(self) -> str:
        return self.headers.get_content_type()


class Client:
    """Asks the backend at `address`, each time over a connection of its own."""

    def __init__(self, address: str, source: str = "") -> None:
        """Ask from the address `source` of this machine; from any where none is named."""
        self.address, self.source = address, source

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return self.send("GET", path, None, headers or {})

    def post(self, path: str, document: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Post `document` as JSON in UTF-8."""
        body = json.dumps(document, ensure_ascii=False).encode("utf-8")
        return self.send("POST", path, body, JSON | dict(headers or {}))

    def send(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] = JSON,
    ) -> Answer:
        """Send `body` as it is; an iterable of bytes is sent in chunks, without a length."""
        connection = http.client.HTTPConnection(
            urlsplit(self.address).netloc, timeout=PATIENCE_SECONDS, source_address=(self.source, 0)
        )
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()
