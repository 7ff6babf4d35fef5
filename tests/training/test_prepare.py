from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.training.conftest import comments
from training.params import read_params
from training.prepare import key_of, prepare, resolve, select_english, split_validation

PARAMS = read_params(Path(__file__).parents[2] / "params.yaml")


def raw(rows: list[tuple[str, str, str, str, int]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["text", "label", "split", "source", "trust"])
    return table.assign(group=[f"row {number}" for number in range(len(table))])


def test_near_duplicates_share_a_key() -> None:
    texts = ("@ann LOVE this!!! 10 times", "love   this 12 times", "Love this http://x.example times!")

    assert len({key_of(text) for text in texts}) == 1
    assert key_of(texts[0]) != key_of("I don't love this times")


def test_the_more_trusted_label_wins_and_equals_that_disagree_both_go() -> None:
    rows = raw(
        [
            ("a", "positive", "train", "people", 3),
            ("a", "negative", "train", "model", 2),
            ("b", "positive", "train", "people", 3),
            ("b", "negative", "train", "people", 3),
            ("c", "neutral", "train", "people", 3),
            ("c", "neutral", "train", "people", 3),
        ]
    )

    resolved = resolve(rows.assign(key=rows["text"]))

    assert resolved[["text", "label"]].to_numpy().tolist() == [["a", "positive"], ["c", "neutral"]]


def test_english_and_short_latin_text_stays() -> None:
    texts = [
        "This is the best video I have seen in years",
        "lol",
        "Das ist wirklich das beste Video, das ich je gesehen habe",
        "यह वीडियो बहुत अच्छा है",
    ]
    rows = raw([(text, "neutral", "train", "semeval", 3) for text in texts])

    assert select_english(rows)["text"].tolist() == texts[:2]


def test_no_text_of_a_test_set_is_learned_from() -> None:
    train = comments(300).assign(split="train", trust=3)
    test = train.head(20).assign(split="test", text=train["text"].head(20).str.upper() + "!!")

    prepared, _ = prepare(pd.concat([train, test], ignore_index=True), PARAMS)

    learned = prepared[prepared["split"] != "test"]
    tested = prepared[prepared["split"] == "test"]
    assert len(tested) == 20
    assert not set(learned["key"]) & set(tested["key"])
    assert set(learned["split"]) == {"train", "validation"}


def test_a_group_is_never_split_and_the_labels_keep_their_shares() -> None:
    rows = comments(4000).assign(split="train", group=[f"author {i % 500}" for i in range(4000)])
    rows["group"] += " " + rows["label"]

    split = split_validation(rows, 0.1, seed=1)

    validation = split[split["split"] == "validation"]
    train = split[split["split"] == "train"]
    assert not set(validation["group"]) & set(train["group"])
    assert len(validation) == pytest.approx(400, rel=0.1)
    shares = validation["label"].value_counts(normalize=True)
    assert shares.to_dict() == pytest.approx(
        rows["label"].value_counts(normalize=True).to_dict(), abs=0.01
    )


def test_the_same_seed_gives_the_same_split() -> None:
    rows = comments(500).assign(split="train")

    first, second = (split_validation(rows, 0.1, seed=3) for _ in range(2))

    assert first.equals(second)
    assert not first.equals(split_validation(rows, 0.1, seed=4))
