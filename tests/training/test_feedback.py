from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from training.feedback import read, write
from training.sources import COLUMNS, SourceError


def test_a_moment_that_is_empty_is_none(tmp_path: Path) -> None:
    file = tmp_path / "by_hand.jsonl"
    file.write_text('{"text": "so good", "label": "positive", "received_at": ""}\n', encoding="utf-8")

    assert read(file)["client"].tolist() == ["unknown"]


def test_corrections_of_every_file_become_one_table(tmp_path: Path) -> None:
    folder = tmp_path / "feedback"
    (folder / "day=2").mkdir(parents=True)
    line = {"text": "so good", "label": "positive", "predicted": "neutral", "video_id": "v1"}
    (folder / "one.jsonl").write_text(f"{json.dumps(line)}\n\n{json.dumps(line)}\n", encoding="utf-8")
    rows = pd.DataFrame({"text": ["meh"], "label": ["neutral"], "comment_id": ["c9"]})
    rows.to_parquet(folder / "day=2" / "part.parquet")
    (folder / ".gitkeep").touch()

    found = read(folder)
    assert len(found) == 3
    write(found, tmp_path / "feedback.parquet")

    kept = pd.read_parquet(tmp_path / "feedback.parquet")
    assert list(kept.columns) == list(COLUMNS)
    assert sorted(kept.itertuples(index=False, name=None)) == [
        ("meh", "neutral", "train", "video c9"),
        ("so good", "positive", "train", "video v1"),
    ]


@pytest.mark.parametrize("exists", [True, False])
def test_no_correction_is_an_empty_table(tmp_path: Path, exists: bool) -> None:
    if exists:
        (tmp_path / "feedback").mkdir()

    found = read(tmp_path / "feedback")
    write(found, tmp_path / "feedback.parquet")

    assert len(found) == 0
    assert list(pd.read_parquet(tmp_path / "feedback.parquet").columns) == list(COLUMNS)


def test_who_gave_it_and_when_are_read_and_those_without_a_name_are_one_client_a_day(
    tmp_path: Path,
) -> None:
    moment = pd.Timestamp("2026-11-25T23:00:00+00:00")
    for name, rows in {
        "new": {"client": ["c1", None], "received_at": [moment, moment]},
        "old": {"received_at": [moment]},
        "by_hand": {},
    }.items():
        texts = {"text": ["so good"] * max(map(len, rows.values()), default=1)}
        pd.DataFrame(texts | {"label": "positive"} | rows).to_parquet(tmp_path / f"{name}.parquet")
    line = {"text": "so good", "label": "positive", "received_at": "2026-11-26T01:00:00+02:00"}
    (tmp_path / "lines.jsonl").write_text(json.dumps(line), encoding="utf-8")

    found = read(tmp_path)

    assert list(found["client"]) == [
        "unknown", "unknown 2026-11-25", "c1", "unknown 2026-11-25", "unknown 2026-11-25",
    ]  # fmt: skip
    assert list(found["at"])[1:] == [moment] * 4
    assert found["at"].isna().tolist() == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b'{"text": "a", "label": "happy"}', "row 1: label 'happy' is not one of"),
        (b'{"text": " ", "label": "neutral"}', "row 1 has no text"),
        (b'{"text": "a", "label": "neutral"}\n{"text"', "row 2 is not JSON"),
        (b'{"text": "a", "label": "neutral", "received_at": "soon"}', "row 1: received_at 'soon'"),
        (b"[1]", "row 1 is not an object"),
        (b'{"text": "\xff"}', "is not UTF-8"),
    ],
)
def test_a_broken_file_is_an_error_that_names_file_and_row(
    tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = tmp_path / "today.jsonl"
    path.write_bytes(content)

    with pytest.raises(SourceError, match=rf"today\.jsonl.*{complaint}"):
        read(path)


def test_what_is_not_parquet_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "today.parquet"
    path.write_bytes(b"nothing of the kind")

    with pytest.raises(SourceError, match=r"today\.parquet is not a Parquet file"):
        read(path)
