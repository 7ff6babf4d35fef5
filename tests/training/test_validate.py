from __future__ import annotations

import pandas as pd
import pytest

from tests.training.conftest import comments
from training.params import Limits
from training.validate import check, measure

LIMITS = Limits(min_rows=100, min_english=0)


@pytest.fixture
def rows() -> pd.DataFrame:
    numbered = comments(400).assign(split="train")
    # Without a word of its own, half of such short comments are each other's duplicates.
    numbered["text"] += [f" word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(400)]
    return numbered


def test_clean_rows_cross_no_limit(rows: pd.DataFrame) -> None:
    assert check("set", measure(rows, seed=0), LIMITS) == []


def test_each_limit_is_reported_with_its_value(rows: pd.DataFrame) -> None:
    measured = measure(rows.head(50), seed=0)

    assert check("set", measured, LIMITS) == ["set: rows is 50, min_rows is 100"]


def test_a_class_that_is_missing_is_found(rows: pd.DataFrame) -> None:
    measured = measure(rows[rows["label"] != "negative"], seed=0)

    assert measured["rarest_label"] == 0
    assert "rarest_label is 0" in check("set", measured, LIMITS)[0]


def test_empty_texts_and_long_ones_are_measured(rows: pd.DataFrame) -> None:
    rows.loc[rows.index[:40], "text"] = "  "
    rows.loc[rows.index[41], "text"] = "a" * 30_000

    measured = measure(rows, seed=0)

    assert measured["empty"] == 0.1
    assert measured["longest"] == 30_000


def test_duplicates_conflicts_and_leaks_are_told_apart(rows: pd.DataFrame) -> None:
    duplicate = rows.head(20)
    conflict = rows.iloc[20:30].assign(label=lambda part: part["label"].replace("neutral", "positive"))
    conflict = conflict[conflict["label"] != rows.loc[conflict.index, "label"]]
    leak = rows.iloc[100:140].assign(split="test")

    measured = measure(pd.concat([rows, duplicate, conflict, leak]), seed=0)

    total = 400 + 20 + len(conflict) + 40
    assert measured["duplicates"] == pytest.approx((20 + len(conflict)) / total)
    assert measured["conflicts"] == pytest.approx(2 * len(conflict) / total)
    assert measured["leaks"] == pytest.approx(40 / (400 + 20 + len(conflict)))
