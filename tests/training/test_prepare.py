from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.training.conftest import comments
from training import feedback
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


def corrections(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    """Return corrections of (text, label, group) as `read_raw` gives them."""
    table = pd.DataFrame(rows, columns=["text", "label", "group"])
    return table.assign(split="train", source=feedback.NAME, trust=feedback.TRUST)


def test_corrections_are_trained_on_and_change_neither_validation_nor_test() -> None:
    sets = comments(1500).assign(
        split="train", trust=1, group=[f"video {i % 300}" for i in range(1500)]
    )
    sets.loc[1300:, "split"] = "test"
    alone, _ = prepare(sets, PARAMS)
    by_split = dict(iter(alone.groupby("split")))
    turned = {"negative": "positive", "neutral": "negative", "positive": "negative"}
    poison = corrections(
        [(row.text, turned[row.label], row.group) for row in alone.itertuples()]
        + [(f"{text} again", "negative", f"video {i}") for i, text in enumerate(sets["text"][:300])]
    )

    together, _ = prepare(pd.concat([sets, poison], ignore_index=True), PARAMS)

    columns = ["text", "label", "source", "group", "key"]
    for split in ("validation", "test"):
        rows = together.loc[together["split"] == split, columns].reset_index(drop=True)
        assert len(rows) > 20
        assert rows.equals(by_split[split][columns].reset_index(drop=True))
    learned = together[together["split"] == "train"]
    assert (learned["source"] == feedback.NAME).sum() > 500
    assert not set(learned["key"]) & {*by_split["validation"]["key"], *by_split["test"]["key"]}
    assert not set(learned["group"]) & set(by_split["validation"]["group"])


def test_a_correction_outweighs_a_model_s_label_and_takes_nothing_from_what_people_labelled() -> None:
    sets = comments(300).assign(split="train", trust=[2, 3] * 150)
    held_out = set(prepare(sets, PARAMS)[0].query("split == 'validation'")["text"])
    by_model, by_people = (
        next(r for r in sets[sets["trust"] == trust].itertuples() if r.text not in held_out)
        for trust in (2, 3)
    )
    other = {"negative": "positive", "neutral": "positive", "positive": "negative"}
    given = corrections([(row.text, other[row.label], "video 1") for row in (by_model, by_people)])

    prepared, _ = prepare(pd.concat([sets, given], ignore_index=True), PARAMS)

    labels = prepared.set_index("text")["label"]
    assert labels[by_model.text] == other[by_model.label]
    assert labels[by_people.text] == by_people.label
