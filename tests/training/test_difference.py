"""What a run changed, as the page that is posted where people decide on it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend.bundle import CARD, Card, Estimate, File, Input
from backend.text import NORMALISER_VERSION
from training.candidates import CANDIDATE_FIGURES, JUDGED, Judged
from training.difference import DifferenceError, champion_of, main, page
from training.paths import CHAMPION
from training.registration import REGISTRATION, Registration


def card(name: str, macro_f1: float) -> Card:
    found = Estimate(value=macro_f1, low=macro_f1 - 0.01, high=macro_f1 + 0.01)
    return Card(
        name=name,
        family="linear",
        version="2026.11.25",
        input=Input(kind="tokens"),
        normaliser_version=NORMALISER_VERSION,
        training_data=(),
        metrics={"semeval": {"all": {"macro_f1": found, "negative_recall": found}}},
        temperature=1,
        reference={},
        files={"model.onnx": File(sha256="0" * 64, size=1)},
    )


def judged(macro_f1: float, versus: Estimate | None) -> Judged:
    return Judged(
        macro_f1=macro_f1,
        is_champion=False,
        versus_champion=versus,
        slice_drops={},
        milliseconds=12.3,
        megabytes=4.56,
    )


CANDIDATES = {
    "logistic": judged(0.61, Estimate(value=0.05, low=0.02, high=0.08)),
    "lightgbm": judged(0.58, None),
}


def test_a_promotion_shows_both_champions_and_every_candidate() -> None:
    promoted = Registration(
        candidate="logistic", model="undertone", version="7", promoted=True, reasons=()
    )

    text = page(promoted, CANDIDATES, card("old", 0.6), card("new", 0.65))

    assert text.splitlines()[0] == "## new 2026.11.25 is the champion now"
    assert "undertone version 7." in text
    assert "| **logistic** | 0.610 | +0.050 [+0.020, +0.080] | 12 ms | 4.6 MB |" in text
    assert "| lightgbm | 0.580 | there is none | 12 ms | 4.6 MB |" in text
    assert "| semeval | macro-F1 | 0.600 [0.590, 0.610] | 0.650 [0.640, 0.660] | +0.050 |" in text
    assert "not promoted" not in text


def test_a_refusal_says_why_and_a_first_champion_is_compared_with_nothing() -> None:
    refused = Registration(
        candidate="lightgbm", model="undertone", version="8", promoted=False, reasons=("it is slow",)
    )

    text = page(refused, CANDIDATES, None, card("new", 0.65))

    assert text.startswith("## The champion stays; new 2026.11.25 is the challenger")
    assert "- it is slow" in text
    assert "before: none" in text
    assert "| semeval | macro-F1 |  | 0.650 [0.640, 0.660] |  |" in text


def test_the_champion_before_is_that_of_the_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-qm", "It"]
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run([*commit, "--allow-empty"], check=True)
    assert champion_of("HEAD") is None
    path = CHAMPION / CARD
    path.parent.mkdir(parents=True)
    path.write_text(card("old", 0.6).model_dump_json(), encoding="utf-8")
    subprocess.run(["git", "add", "."], check=True)
    subprocess.run(commit, check=True)
    path.write_text(card("new", 0.7).model_dump_json(), encoding="utf-8")

    assert champion_of("HEAD") == card("old", 0.6)
    path.write_text('{"schema_version": 2}', encoding="utf-8")
    subprocess.run([*commit, "-a"], check=True)
    assert champion_of("HEAD") is None, "as `evaluate` takes one of another program for none"
    with pytest.raises(DifferenceError, match="nowhere is no commit"):
        champion_of("nowhere")


def test_the_command_writes_the_page_of_the_run_in_this_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    refused = Registration(
        candidate="logistic", model="undertone", version="3", promoted=False, reasons=("it is slow",)
    )
    figures = {name: found.model_dump() for name, found in CANDIDATES.items()}
    for path, text in (
        (REGISTRATION, refused.model_dump_json()),
        (CANDIDATE_FIGURES, json.dumps(figures)),
        (JUDGED / "logistic" / CARD, card("new", 0.65).model_dump_json()),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-qm", "It"]
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run([*commit, "--allow-empty"], check=True)

    monkeypatch.setattr(sys, "argv", ["difference", "--into", "reports/difference.md"])
    main()
    monkeypatch.setattr(sys, "argv", ["difference"])
    main()

    written = Path("reports/difference.md").read_text(encoding="utf-8")
    assert written == capsys.readouterr().out
    assert "The champion stays; new 2026.11.25 is the challenger" in written
    assert "- it is slow" in written
