"""The job as it is run: on what a server exported, with its report, metrics and exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from mlflow import MlflowClient

from backend.bundle import LABELS, read_bundle
from backend.classifier import Classifier
from tests.backend.client import Client
from tests.pushgateway import MISSING, PROGRAM, running_pushgateway
from tests.registry import register, running_registry
from tests.server import ROOT, running_backend
from tests.training.made_up import comments
from training.drift.__main__ import main
from training.paths import CHAMPION
from training.stage import run

LAST = date(2026, 11, 20)
CARD = read_bundle(ROOT / CHAMPION).card


def drift(
    log: Path | str, report: Path, *words: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run the job on `log` as a person would, for the week up to LAST unless told otherwise."""
    return subprocess.run(
        [sys.executable, "-m", "training.drift", "--until", str(LAST), "--report", str(report), *words],
        cwd=ROOT,
        env=os.environ | {"TRAINING_LOG": str(log)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def found(report: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((report / "drift.json").read_text(encoding="utf-8"))
    return read


def write_day(log: Path, day: date, rows: int, seed: int, **changes: Any) -> None:
    """Log made-up comments and their labels as `undertone export` does; `changes` are columns."""
    texts = [text for text, _ in comments(rows, seed)]
    frame = pd.DataFrame(
        {
            "analysed_at": datetime.combine(day, datetime.min.time(), UTC),
            "model_name": CARD.name,
            "model_version": CARD.version,
            "video_id": [f"video {number % 20}" for number in range(rows)],
            "comment_id": [f"{day} {number}" for number in range(rows)],
            "text": texts,
            "language": "en",
        }
    )
    frame[list(LABELS)] = Classifier(read_bundle(ROOT / CHAMPION), 2).probabilities(texts)
    file = log / "predictions" / f"day={day}" / "a1.parquet"
    file.parent.mkdir(parents=True)
    frame.assign(**changes).to_parquet(file, index=False)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a log of two like days, a day apart from the window's end and ten days before."""
    folder = tmp_path_factory.mktemp("log")
    write_day(folder, LAST - timedelta(days=1), 400, 1)
    write_day(folder, LAST - timedelta(days=10), 400, 2)
    corrections = pd.DataFrame(
        {
            "received_at": datetime.combine(LAST, datetime.min.time(), UTC),
            "comment_id": ["1", "2", "3", "3"],
            "video_id": "video 1",
            "text": "so it is",
            "label": ["positive", "negative", "neutral", "positive"],
            "predicted": ["negative", "negative", "negative", "negative"],
        }
    )
    file = folder / "feedback" / f"day={LAST}" / "a1.parquet"
    file.parent.mkdir(parents=True)
    corrections.to_parquet(file, index=False)
    return folder


@pytest.fixture
def gateway() -> Iterator[str]:
    """Yield the host and port of a Pushgateway."""
    if PROGRAM is None:
        pytest.skip(MISSING)
    with running_pushgateway() as address:
        yield address


def metrics_in(text: str) -> dict[str, float]:
    lines = (line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in lines}


def test_like_days_raise_no_alarm_and_say_what_people_corrected(log: Path, tmp_path: Path) -> None:
    done = drift(log, tmp_path, "--baseline", "7")

    assert done.returncode == 0, done.stderr
    told = found(tmp_path)
    assert told["drifted"] == []
    assert told["comments"] == 400
    assert set(told["quantities"]) == {
        *("label", "confidence", "length", "language", "vocabulary", "embedding")
    }
    said = told["corrections"]
    assert said["answers"] == 3
    assert (said["corrected"]["count"], said["corrected"]["of"]) == (2, 400)
    assert said["corrected"]["low"] < 0.005 < said["corrected"]["high"]
    assert said["into"]["negative"] == {"negative": 1, "neutral": 0, "positive": 2}
    page = (tmp_path / "drift.html").read_text(encoding="utf-8")
    assert "No drift" in page
    assert "2 of 400 labels were changed" in page


def test_what_the_champion_was_not_made_with_is_drift(log: Path, tmp_path: Path, gateway: str) -> None:
    done = drift(log, tmp_path, TRAINING_PUSHGATEWAY=gateway)

    assert done.returncode == 3, done.stderr
    told = found(tmp_path)
    assert {"vocabulary", "embedding"} <= set(told["drifted"])
    assert "label" not in told["drifted"]
    written = metrics_in((tmp_path / "drift.prom").read_text(encoding="utf-8"))
    assert written['undertone_drift_found{quantity="vocabulary"}'] == 1
    assert written['undertone_drift_found{quantity="label"}'] == 0
    assert written["undertone_drift_comments"] == 400
    with urllib.request.urlopen(f"http://{gateway}/metrics", timeout=5) as answer:
        pushed = answer.read().decode()
    assert 'undertone_drift_found{instance="",job="undertone_drift",quantity="vocabulary"} 1' in pushed


@pytest.mark.parametrize(
    ("words", "environment", "says"),
    [
        (("--until", "2020-01-01"), {}, "0 comments were labelled by"),
        (("--baseline", "1"), {}, "0 comments were labelled by"),
        ((), {"TRAINING_LOG": ""}, "TRAINING_LOG names no place"),
        ((), {"TRAINING_LOG": "nosuch://place"}, "nosuch://place can't be read"),
        (("--bundle", "docs"), {}, "no bundle card"),
        ((), {"TRAINING_PUSHGATEWAY": "127.0.0.1:9"}, "127.0.0.1:9 does not take the metrics"),
    ],
)
def test_what_can_t_be_told_is_an_error_of_one_line(
    log: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    environment: Mapping[str, str],
    says: str,
) -> None:
    for name, value in ({"TRAINING_LOG": str(log)} | dict(environment)).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.argv", ["drift", "--until", str(LAST), "--report", str(tmp_path), *words])

    with pytest.raises(SystemExit) as ended:
        run(main)

    assert says in str(ended.value.code)
    assert "\n" not in str(ended.value.code)


def test_a_wrong_word_is_explained(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["drift", "--days", "0"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 2
    assert "'0' is no number of days from 1 to 3650" in capsys.readouterr().err


def test_comments_are_counted_once_and_those_of_other_models_and_of_one_video_are_not_all(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    write_day(log, LAST, 350, 1)
    write_day(log, LAST - timedelta(days=1), 350, 1, comment_id=[f"{LAST} {n}" for n in range(350)])
    write_day(log, LAST - timedelta(days=2), 300, 3, video_id="one that everybody opens", text=None)
    write_day(log, LAST - timedelta(days=3), 50, 4, model_version="another")

    done = drift(log, tmp_path / "report")

    assert done.returncode == 3, done.stderr
    told = found(tmp_path / "report")
    assert told["comments"] == 350 + told["limits"]["most_of_video"]
    assert told["comments_of_other_models"] == 50


def test_without_a_video_an_id_is_a_place_in_a_list_and_without_texts_the_rest_is_compared(
    tmp_path: Path,
) -> None:
    log = tmp_path / "log"
    for back, seed in ((0, 1), (1, 2), (2, 1)):
        places = [str(number) for number in range(350)]
        write_day(log, LAST - timedelta(days=back), 350, seed, comment_id=places, video_id=None)
    for back in (10, 11):
        write_day(log, LAST - timedelta(days=back), 350, back, text=None)

    done = drift(log, tmp_path / "report", "--baseline", "14")

    assert done.returncode in (0, 3), done.stderr
    told = found(tmp_path / "report")
    # The third of the days holds what the first does.
    assert told["comments"] == 700
    assert set(told["quantities"]) == {"label", "confidence", "language"}


def test_what_a_server_was_asked_and_exports_is_read(tmp_path: Path) -> None:
    asked = [{"id": str(number), "text": text} for number, (text, _) in enumerate(comments(320, 9))]
    state, log = tmp_path / "state", tmp_path / "log"
    with running_backend(state=str(state)) as address:
        client = Client(address)
        assert client.post("/v1/analyze", {"video": {"id": "v"}, "comments": asked}).status == 200
        correction = {"comment_id": "1", "video_id": "v", "text": "so", "label": "neutral"}
        assert client.post("/v1/feedback", correction | {"predicted": "positive"}).status == 202
        # What a server has not yet handed to the database, it does at its end.
    subprocess.run(
        [sys.executable, "-m", "backend.command", "export", str(log)],
        cwd=ROOT,
        env=os.environ | {"UNDERTONE_STATE": str(state)},
        check=True,
    )

    done = drift(log, tmp_path / "report", "--until", str(datetime.now(UTC).date()))

    assert done.returncode == 3, done.stderr
    told = found(tmp_path / "report")
    assert told["comments"] == told["limits"]["most_of_video"]
    assert told["corrections"]["answers"] == 1


def test_what_went_wrong_is_said_by_the_job_s_name(tmp_path: Path) -> None:
    done = drift(tmp_path, tmp_path / "report")

    assert done.returncode == 1
    assert done.stderr == (
        f"drift: 0 comments were labelled by {CARD.name} {CARD.version} in this time, 300 are needed\n"
    )
    assert not (tmp_path / "report").exists()


def test_the_registry_s_champion_is_what_is_compared_with(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "registry").mkdir()
    with running_registry(tmp_path / "registry") as registry:
        client = MlflowClient(registry)
        version = register(client, ROOT / CHAMPION)
        client.set_registered_model_alias("undertone", "champion", version)
        monkeypatch.setenv("MLFLOW_TRACKING_URI", registry)
        monkeypatch.setenv("TRAINING_LOG", str(log))
        words = ("--until", str(LAST), "--report", str(tmp_path), "--bundle")

        monkeypatch.setattr("sys.argv", ["drift", *words, "models:/undertone@champion"])
        with pytest.raises(SystemExit) as drifted:
            run(main)
        monkeypatch.setattr("sys.argv", ["drift", *words, "models:/undertone@nobody"])
        with pytest.raises(SystemExit) as unknown:
            run(main)

    assert drifted.value.code == 3
    assert "models:/undertone@nobody can't be had" in str(unknown.value.code)
