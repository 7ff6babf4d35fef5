"""What is chosen to be labelled: doubtful, unlike each other, and not judged yet."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pandas as pd
import pytest
from sqlalchemy.engine import URL

from backend.export import export
from backend.history.database import Database
from backend.history.migrate import migrate
from backend.history.records import Recorder, parse
from backend.history.store import Placed, store
from tests.backend.history import made_up
from training.active_learning import NothingToLabelError, candidates, choose, main, read_predictions
from training.params import read_params

DECLARED = Path(__file__).parents[2] / "params.yaml"
SETTINGS = read_params(DECLARED).active_learning
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)

SURE, TORN = (0.01, 0.01, 0.98), (0.1, 0.44, 0.46)


def predicted(rows: list[tuple[str, tuple[float, float, float]]], language: str = "en") -> pd.DataFrame:
    """Return predictions as `undertone export` writes them, each a day after the one before."""
    table = pd.DataFrame(
        [(text, *probabilities) for text, probabilities in rows],
        columns=["text", "negative", "neutral", "positive"],
    )
    table["analysed_at"] = pd.Timestamp(NOON) + pd.to_timedelta(range(len(table)), unit="D")
    return table.assign(language=language, video_id="v", comment_id="c")


def write(log: Path, rows: pd.DataFrame, name: str = "a") -> None:
    folder = log / "predictions" / "day=2026-11-25"
    folder.mkdir(parents=True, exist_ok=True)
    rows.to_parquet(folder / f"{name}.parquet")


def test_what_the_server_exports_is_read_the_latest_of_each_text(tmp_path: Path) -> None:
    database = Database(URL.create("sqlite", database=str(tmp_path / "history.db")))
    migrate(database)
    kept, bare = (Recorder(b"key", keep_text=text, max_characters=100) for text in (True, False))
    records = [
        kept.predictions(*made_up.predictions("one", "two"), at=NOON),
        kept.analysis(*made_up.analysis("v", "two", "three"), at=NOON.replace(hour=13)),
        bare.predictions(*made_up.predictions("of which no text is kept"), at=NOON),
    ]
    with database.writing() as connection:
        store(connection, [Placed(n, parse(record)) for n, record in enumerate(records)])
    export(database, str(tmp_path / "log"))
    database.close()

    found = read_predictions(str(tmp_path / "log"))

    assert sorted(found["text"]) == ["one", "three", "two"]
    assert found.set_index("text").loc["two", "video_id"] == "v"
    assert found.loc[0, ["negative", "neutral", "positive"]].tolist() == [0.1, 0.2, 0.7]


@pytest.mark.usefixtures("s3")
def test_predictions_in_s3_are_read(tmp_path: Path) -> None:
    write(tmp_path, predicted([("so so", TORN)]))
    boto3.client("s3").upload_file(
        str(tmp_path / "predictions/day=2026-11-25/a.parquet"),
        "lake",
        "log/predictions/day=1/a.parquet",
    )

    assert read_predictions("s3://lake/log")["text"].tolist() == ["so so"]


def test_the_most_doubtful_come_first_and_what_is_judged_or_foreign_not_at_all() -> None:
    rows = pd.concat(
        [
            predicted([("a sure thing", SURE), ("torn about this", TORN), ("judged before", TORN)]),
            predicted([("ganz unentschieden", TORN)], language="de"),
            predicted([("no idea what", TORN)], language="und"),
        ]
    )

    found = candidates(rows, {"judged before"}, SETTINGS)

    assert found["text"].tolist() == ["torn about this", "a sure thing"]
    assert found["doubt"].tolist() == pytest.approx([0.98, 0.03])


def test_near_duplicates_are_chosen_once_and_what_is_unlike_them_before_what_is_like_them() -> None:
    rows = predicted(
        [
            ("the second part was rather long", TORN),
            ("the second part was rather long indeed", TORN),
            ("the second part came out", TORN),
            ("nobody understands this joke", (0.1, 0.5, 0.4)),
        ]
    )

    chosen, distances = choose(candidates(rows, (), SETTINGS), 3, SETTINGS.least_distance)

    found = candidates(rows, (), SETTINGS)["text"].iloc[chosen].tolist()
    assert found[1] == "nobody understands this joke"
    assert len(found) == 3
    assert len([text for text in found if "rather long" in text]) == 1
    assert distances[0] == distances[1] == 1
    assert SETTINGS.least_distance <= distances[2] < 1


def run(monkeypatch: pytest.MonkeyPatch, folder: Path, *words: str) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TRAINING_LOG", str(folder / "log"))
    monkeypatch.setattr(sys, "argv", ["active_learning", *words])
    shutil.copy(DECLARED, folder)
    main()


def test_the_file_says_what_each_is_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        ("wait and see 😐", TORN),
        ("what a song", SURE),
        ("already learned", TORN),
        ("corrected", TORN),
    ]
    write(tmp_path / "log", predicted(rows))
    write(tmp_path / "log", predicted([("ok then", (0.3, 0.35, 0.35)), *rows[:1]]), "b")
    (tmp_path / "data" / "prepared").mkdir(parents=True)
    pd.DataFrame({"key": ["already learned"]}).to_parquet(tmp_path / "data/prepared/train.parquet")
    (tmp_path / "data" / "feedback").mkdir()
    correction = {"text": "Corrected!", "label": "neutral"}
    (tmp_path / "data/feedback/today.jsonl").write_text(json.dumps(correction), encoding="utf-8")

    run(monkeypatch, tmp_path, "--most", "2", "--into", "some.jsonl")

    lines = [json.loads(line) for line in (tmp_path / "some.jsonl").read_text("utf-8").splitlines()]
    assert [line["text"] for line in lines] == ["ok then", "wait and see 😐"]
    assert lines[1] == {
        "text": "wait and see 😐",
        "comment_id": "c",
        "video_id": "v",
        "language": "en",
        "probabilities": {"negative": 0.1, "neutral": 0.44, "positive": 0.46},
        "why": "positive 0.46 or neutral 0.44; like none before",
    }


def test_a_log_of_which_all_is_judged_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NothingToLabelError, match="holds no comment in en that nobody has judged"):
        run(monkeypatch, tmp_path)
    assert not (tmp_path / "data" / "to_label.jsonl").exists()
