from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from tests.training.conftest import comments
from training import validate
from training.errors import StageError
from training.params import Limits, Params, Validate
from training.schema import GROUPS, failures
from training.sources import FORMATS, Source, read_sources
from training.validate import ValidationError, compare, leaks_between, measure, with_keys

LIMITS = Limits(min_rows=100, min_english=0)


@pytest.fixture
def rows() -> pd.DataFrame:
    numbered = comments(400).assign(split="train")
    # Without a word of its own, half of such short comments are each other's duplicates.
    numbered["text"] += [f" word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(400)]
    return numbered


def figures_of(rows: pd.DataFrame) -> dict[str, float]:
    return measure(with_keys(rows), english=1.0)


def crossed(measured: Mapping[str, float]) -> list[str]:
    return [str(bound) for bound in compare(measured, LIMITS) if bound.crossed]


def test_clean_rows_cross_no_limit(rows: pd.DataFrame) -> None:
    assert crossed(figures_of(rows)) == []


def test_each_limit_is_reported_with_its_value(rows: pd.DataFrame) -> None:
    assert crossed(figures_of(rows.head(50))) == ["rows is 50, min_rows is 100"]


def test_a_class_that_is_missing_is_found(rows: pd.DataFrame) -> None:
    measured = figures_of(rows[rows["label"] != "negative"])

    assert crossed(measured) == ["rarest_label is 0, min_rarest_label is 0.05"]


def test_empty_texts_and_long_ones_are_measured(rows: pd.DataFrame) -> None:
    rows.loc[rows.index[:40], "text"] = "  "
    rows.loc[rows.index[41], "text"] = "a" * 30_000

    measured = figures_of(rows)

    assert measured["empty"] == 0.1
    assert measured["longest"] == 30_000


def test_duplicates_conflicts_and_leaks_are_told_apart(rows: pd.DataFrame) -> None:
    duplicate = rows.head(20)
    conflict = rows.iloc[20:30].assign(label=lambda part: part["label"].replace("neutral", "positive"))
    conflict = conflict[conflict["label"] != rows.loc[conflict.index, "label"]]
    leak = rows.iloc[100:140].assign(split="test")

    measured = figures_of(pd.concat([rows, duplicate, conflict, leak]))

    total = 400 + 20 + len(conflict) + 40
    assert measured["duplicates"] == pytest.approx((20 + len(conflict)) / total)
    assert measured["conflicts"] == pytest.approx(2 * len(conflict) / total)
    assert measured["leaks"] == pytest.approx(40 / (400 + 20 + len(conflict)))


def test_a_text_without_words_is_no_leak(rows: pd.DataFrame) -> None:
    judge = rows.head(1).assign(split="test", text="!!!")
    rows.loc[rows.index[:10], "text"] = "@user 123"

    assert figures_of(pd.concat([rows, judge]))["leaks"] == 0


@pytest.fixture
def source() -> Source:
    return read_sources()["youtube_gpt"]


def test_rows_as_declared_pass(rows: pd.DataFrame, source: Source) -> None:
    assert failures(source, rows) == []


def test_every_format_declares_what_its_groups_look_like() -> None:
    assert set(GROUPS) == set(FORMATS)


def test_an_unknown_label_is_named_with_how_often_it_occurs(rows: pd.DataFrame, source: Source) -> None:
    rows.loc[[0, 1], "label"] = "joyful"

    (said,) = failures(source, rows)

    assert said.startswith("youtube_gpt.label: isin(('negative', 'neutral', 'positive')) fails ")
    assert said.endswith("in 2 of 400 rows, such as 'joyful'")


def test_at_most_three_values_are_shown(rows: pd.DataFrame, source: Source) -> None:
    rows.loc[:9, "label"] = [f"label {number}" for number in range(10)]

    (said,) = failures(source, rows)

    assert said.endswith("in 10 of 400 rows, such as 'label 0', 'label 1', 'label 2'")


@pytest.mark.parametrize("column", ["text", "label", "split", "group"])
def test_a_null_is_named_whichever_column_it_is_in(
    rows: pd.DataFrame, source: Source, column: str
) -> None:
    rows.loc[2, column] = None

    assert failures(source, rows) == [
        f"youtube_gpt.{column}: not_nullable fails in 1 of 400 rows, such as None"
    ]


def test_a_column_that_is_missing_is_named(rows: pd.DataFrame, source: Source) -> None:
    assert failures(source, rows.drop(columns="group")) == ["youtube_gpt.group: the column is missing"]


def test_a_text_that_is_a_number_is_named(rows: pd.DataFrame, source: Source) -> None:
    rows.loc[5, "text"] = 5

    assert failures(source, rows) == [
        "youtube_gpt.text: dtype('str') fails in 1 of 400 rows, such as 5"
    ]


@pytest.mark.parametrize("group", ["", "tweet ", "tweet seven", "tweet 7\n", "author 7"])
def test_a_group_of_another_form_is_named(rows: pd.DataFrame, group: str) -> None:
    rows["group"] = [f"tweet {number}" for number in range(400)]
    rows.loc[3, "group"] = group

    (said,) = failures(read_sources()["semeval"], rows)

    assert said.endswith(f"fails in 1 of 400 rows, such as {group!r}")


def test_a_set_that_nothing_is_judged_by_has_no_test_split(rows: pd.DataFrame, source: Source) -> None:
    rows.loc[4, "split"] = "test"

    (said,) = failures(source, rows)

    assert said == (
        "youtube_gpt.split: isin(['train', 'validation']) fails in 1 of 400 rows, such as 'test'"
    )


def test_texts_that_another_source_is_judged_by_are_counted(rows: pd.DataFrame) -> None:
    judge = rows.head(30).assign(split="test", text=rows["text"].head(30).str.upper())

    assert leaks_between({"learned": with_keys(rows), "judge": with_keys(judge)}) == {
        "learned": {"judge": 30},
        "judge": {"judge": 0},
    }


Stage = Callable[[Mapping[str, pd.DataFrame]], None]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, params: Params) -> Stage:
    """Return the stage: it is given rows in place of the files of the declared sources."""
    monkeypatch.chdir(tmp_path)
    limits = Limits(min_rows=300, min_english=0)
    lenient = params.model_copy(update={"validate_": Validate(limits=limits, exceptions={})})
    monkeypatch.setattr(validate, "read_params", lambda: lenient)

    def run(raw: Mapping[str, pd.DataFrame]) -> None:
        sources = read_sources()
        monkeypatch.setattr(validate, "read_sources", lambda: {name: sources[name] for name in raw})
        monkeypatch.setattr(validate, "read_source", lambda source: raw[source.name])
        validate.main()

    return run


def report() -> str:
    return validate.PAGE.read_text(encoding="utf-8")


def figures() -> dict[str, float]:
    found: dict[str, float] = json.loads(validate.FIGURES.read_text(encoding="utf-8"))
    return found


def test_sources_within_their_limits_pass_and_are_described(rows: pd.DataFrame, stage: Stage) -> None:
    stage({"youtube_gpt": rows})

    positive = int((rows["label"] == "positive").sum())
    assert "Every schema and every limit holds." in report()
    assert "| rows | 400 | at least 300 |  |" in report()
    assert "| nulls | 0 |  |  |" in report()
    assert f"| positive | {positive} | {positive / 400:.1%} |" in report()
    assert "| share of texts | 5 % | 25 % | 50 % | 75 % | 95 % | 99 % |" in report()
    assert "Languages of a sample: " in report()
    assert "No source that could be read has a test set." in report()


def test_the_figures_are_flat_numbers(rows: pd.DataFrame, stage: Stage) -> None:
    stage({"youtube_gpt": rows})

    assert {type(value) for value in figures().values()} == {int, float}
    assert figures()["youtube_gpt/rows"] == 400
    assert figures()["youtube_gpt/label_positive"] == (rows["label"] == "positive").sum()
    assert figures()["youtube_gpt/characters_50"] == rows["text"].str.len().median() // 1


def test_the_report_is_written_before_every_limit_that_is_crossed_is_named(
    rows: pd.DataFrame, stage: Stage
) -> None:
    few = rows.head(200)
    blank = rows.assign(text=[" "] * 200 + list(rows["text"][200:]))

    with pytest.raises(ValidationError) as found:
        stage({"youtube_gpt": few, "youtube_statistics": blank.assign(group="video a")})

    said = str(found.value)
    assert "youtube_gpt: rows is 200, min_rows is 300" in said
    assert "youtube_statistics: empty is 0.5, max_empty is 0.01" in said
    assert said.endswith("see reports/validate.md")
    assert "    youtube_gpt: rows is 200, min_rows is 300" in report()
    assert "| rows | 200 | at least 300 | **crossed** |" in report()
    assert "| empty | 0.5 | at most 0.01 | **crossed** |" in report()
    assert figures()["youtube_gpt/rows"] == 200


def test_a_source_that_is_not_as_declared_is_reported_beside_the_others(
    rows: pd.DataFrame, stage: Stage
) -> None:
    broken = rows.assign(text=[None, *rows["text"][1:]])

    with pytest.raises(StageError, match=r"youtube_gpt\.text: not_nullable fails in 1 of 400 rows"):
        stage({"youtube_gpt": broken, "youtube_statistics": rows.assign(group="video a")})

    assert "    youtube_gpt.text: not_nullable fails in 1 of 400 rows, such as None" in report()
    assert figures()["youtube_gpt/nulls"] == 1 / 400
    assert "youtube_gpt/leaks" not in figures()
    assert figures()["youtube_statistics/leaks"] == 0


def test_what_leaks_into_another_set_is_in_the_report_and_crosses_no_limit(
    rows: pd.DataFrame, stage: Stage
) -> None:
    judged = rows.assign(split="test", group="row 1")

    stage({"youtube_gpt": rows, "youtube_people": judged})

    assert "|  | youtube_people |\n| --- | --- |\n| youtube_gpt | 400 |" in report()
    assert "| youtube_people | 0 |" in report()
    assert figures()["youtube_gpt/leaks"] == 0


def test_what_a_file_holds_is_no_markup_in_the_report(rows: pd.DataFrame, stage: Stage) -> None:
    rows.loc[0, "label"] = "<b>\n# fine |"

    with pytest.raises(ValidationError):
        stage({"youtube_gpt": rows})

    (line,) = (line for line in report().splitlines() if "<b>" in line)
    assert line.startswith("    youtube_gpt.label: ")
    assert r"such as '<b>\n# fine |'" in line
