"""What a rollout asks of a server: a real one that asks for a token, and what no good one would say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.tokens import Tokens
from release.health import Check, UnfitError, faults, texts
from tests.server import free_port, running_backend


def test_a_server_that_asks_for_a_token_is_asked_with_one(tmp_path: Path) -> None:
    _, secret = Tokens(tmp_path).create("rollout", ["read"])

    with running_backend(require_token="true", state=str(tmp_path), workers="1") as address:
        Check(60, secret)(address)
        with pytest.raises(UnfitError, match="/v1/predict answers 401: "):
            Check(60)(address)


def test_a_server_that_is_known_by_other_names_is_called_by_one_that_it_answers_to() -> None:
    with running_backend(workers="1") as address:
        Check(60)(address, name="localhost")
        with pytest.raises(UnfitError, match="answers 421: "):
            Check(0)(address, name="elsewhere.example")


def test_where_nobody_listens_the_reason_is_given() -> None:
    with pytest.raises(UnfitError, match=r"not ready in 0 seconds: .* does not answer: .*refused"):
        Check(0)(f"http://127.0.0.1:{free_port()}")


def answer(*labels: str, total: float = 1.0) -> dict[str, Any]:
    return {"predictions": [{"label": label, "probabilities": {label: total}} for label in labels]}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ([], "not of the contract"),
        ({"predictions": [{"label": "neutral"}]}, "not of the contract"),
        (answer("neutral"), "it labels 1 of 12 comments"),
        (answer(*["neutral"] * len(texts())), "it labels 4 of 12 obvious comments as people do"),
        (answer(*["neutral"] * len(texts()), total=0.5), "its probabilities do not sum to 1"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said(said: Any, fault: str) -> None:
    assert fault in faults(said)
