"""What an application that was told to end does with what comes after."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backend import create_app, draining
from backend.inference.deadline import ARRIVED
from backend.settings import Settings
from tests.backend.tiny import tiny_bundle


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """Return a client of an application that was told to end just now."""
    bundle = tiny_bundle(tmp_path / "bundle", "1").directory
    client = create_app(Settings(bundle=bundle, poll=0)).test_client()
    assert client.get("/health/ready").status_code == 200
    monkeypatch.setattr(draining, "_begun_at", float("inf"))
    draining.begin()
    return client


def test_it_is_not_ready_but_lives(told: FlaskClient) -> None:
    assert told.get("/health/ready").status_code == 503
    assert told.get("/health/live").status_code == 200


def test_what_is_new_is_refused_with_the_advice_to_ask_again(told: FlaskClient) -> None:
    answer = told.post("/v1/predict", json={"comments": ["new"]})

    assert answer.status_code == 503
    assert answer.json["type"] == "urn:undertone:problem:shutting-down"
    assert answer.headers["Retry-After"] == "1"


def test_what_waited_for_a_thread_already_is_answered(told: FlaskClient) -> None:
    waiting = {ARRIVED: time.monotonic() - 1}

    answer = told.post("/v1/predict", json={"comments": ["old"]}, environ_base=waiting)

    assert answer.status_code == 200
