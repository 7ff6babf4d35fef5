"""Log lines for programs: one JSON object each, with the request's id and without its comments."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend import create_app
from backend.log_lines import JsonLines, configuration
from backend.settings import Settings
from tests.backend.tiny import tiny_bundle


@pytest.fixture
def client(tmp_path: Path) -> FlaskClient:
    """Return a client of an application with a tiny champion."""
    bundle = tiny_bundle(tmp_path / "bundle", "1").directory
    return create_app(Settings(bundle=bundle, poll=0)).test_client()


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """Yield what the backend logs, as JSON."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("backend")
    level = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    yield said
    logger.removeHandler(handler)
    logger.setLevel(level)


def parsed(said: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_a_request_is_a_line_with_its_figures(client: FlaskClient, lines: io.StringIO) -> None:
    client.post("/v1/predict", json={"comments": ["my secret", "x"]}, headers={"X-Request-ID": "r-1"})

    (line,) = parsed(lines)
    wanted = {
        "request_id": "r-1",
        "method": "POST",
        "path": "/v1/predict",
        "status": 200,
        "comments": 2,
    }
    assert wanted.items() <= line.items()
    assert line["message"].startswith("r-1 POST /v1/predict 200 ")
    assert line["level"] == "info"
    assert line["milliseconds"] > 0
    assert "secret" not in lines.getvalue()


def test_a_failure_inside_is_a_line_with_its_trace(
    client: FlaskClient, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken\nin two lines")

    monkeypatch.setattr("backend.classifier.Classifier.run", fail)
    client.post("/v1/predict", json={"comments": ["my secret"]}, headers={"X-Request-ID": "r-2"})

    failure = next(line for line in parsed(lines) if line.get("request_id") == "r-2")
    assert failure["level"] == "error"
    assert "broken\nin two lines" in failure["error"]
    assert "my secret" not in lines.getvalue()


def test_the_setting_chooses_the_format() -> None:
    chosen = [configuration("info", style)["formatters"]["line"] for style in ("text", "json")]

    assert "format" in chosen[0]
    assert chosen[1] == {"()": JsonLines}
