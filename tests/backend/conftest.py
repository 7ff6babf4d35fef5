"""What the backend's tests share: one real server with the real champion, and a client of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from backend.bundle import Bundle, read_bundle
from backend.settings import Settings
from tests.backend.client import Answer, Client
from tests.server import running_backend


@pytest.fixture(scope="session")
def client() -> Iterator[Client]:
    """Yield a client of the real backend with its default settings."""
    with running_backend() as address:
        yield Client(address)


@pytest.fixture(scope="session")
def champion() -> Bundle:
    """Return the bundle that the backend comes with."""
    return read_bundle(Settings().bundle)


def problem(answer: Answer, status: int) -> dict[str, Any]:
    """Return the problem document that `answer` must be."""
    assert answer.status == status, answer.body[:500]
    assert answer.media_type == "application/problem+json"
    document: dict[str, Any] = answer.json
    assert document["status"] == status
    assert document["title"]
    assert document["request_id"] == answer.headers["X-Request-ID"]
    return document
