from __future__ import annotations

import pandas as pd
import pytest

from backend.bundle import Bundle
from backend.classifier import Classifier
from tests.training.conftest import comments, prepared
from training.baselines import majority, textblob, vader
from training.evaluate import complete, evaluate, judge
from training.metrics import Labels
from training.model_card import model_card
from training.params import Params
from training.slices import slices_of
from training.sources import titled_test_sets


def test_lexicons_know_the_obvious() -> None:
    texts = ["I love this, it is great", "the video has ten minutes", "I hate this, it is terrible"]

    for lexicon in (vader, textblob):
        labels: Labels = lexicon(texts)
        assert labels.tolist() == [2, 1, 0]


def test_slices_find_what_they_name() -> None:
    texts = (
        ["I don't like it"] * 50 + ["WHAT is this?"] * 50 + ["Oh great, another one"] * 50 + ["🔥"] * 49
    )

    masks = slices_of(texts)

    assert masks["all"].all()
    assert masks["negation"].nonzero()[0].tolist() == list(range(50))
    assert masks["question"].nonzero()[0].tolist() == list(range(50, 100))
    assert masks["capitals"].nonzero()[0].tolist() == list(range(50, 100))
    assert masks["sarcasm markers"].nonzero()[0].tolist() == list(range(100, 150))
    assert "emoji" not in masks, "49 rows say nothing"


def test_a_comment_in_another_language_is_in_a_slice_of_its_own() -> None:
    texts = ["This is the best video I have seen in years"] * 50 + ["यह वीडियो बहुत अच्छा है"] * 60

    masks = slices_of(texts)

    assert masks["in English"].nonzero()[0].tolist() == list(range(50))
    assert masks["not in English"].nonzero()[0].tolist() == list(range(50, 110))


def test_every_model_is_judged_on_every_set_and_the_card_says_so(
    linear_bundle: Bundle, params: Params
) -> None:
    names = titled_test_sets()
    test = pd.concat([comments(200, seed=n).assign(source=name) for n, name in enumerate(names)])
    settings = params.evaluate.model_copy(update={"resamples": 100})

    probabilities = Classifier(linear_bundle).probabilities(test["text"].tolist())
    results = evaluate(test, {linear_bundle.card.name: probabilities}, "neutral", settings, seed=0)
    imitation = {"TextBlob": {"their own": results["TextBlob"]["semeval"]["all"]}}
    page = model_card(linear_bundle, results, {linear_bundle.card.name: 0.91}, imitation, "None.")
    completed = complete(linear_bundle, page, results[linear_bundle.card.name])

    assert set(results) == {linear_bundle.card.name, "VADER", "TextBlob", "majority"}
    own = completed.card.metrics["semeval"]["all"]
    assert own["macro_f1"].value > 0.9
    assert own["auc"].low <= own["auc"].value <= own["auc"].high
    assert own["negative_recall"].value > 0.9
    assert 0 <= own["calibration_error"].value < 1
    assert results["majority"]["semeval"]["all"]["macro_recall"].value == pytest.approx(1 / 3, abs=1e-3)
    written = (completed.directory / "model_card.md").read_text(encoding="utf-8")
    assert f"| SemEval 2017 (tweets) | tfidf-logistic | {own['macro_f1'].value:.3f} [" in written
    assert "| YouTube 2020 | TextBlob |" in written
    assert "| their own | TextBlob |" in written


def test_a_candidate_is_compared_with_the_champion_on_the_same_rows(
    linear_bundle: Bundle, params: Params
) -> None:
    alone = judge(linear_bundle, None, prepared("validation"), params.evaluate, seed=0)
    beside_itself = judge(linear_bundle, linear_bundle, prepared("validation"), params.evaluate, seed=0)

    assert alone.macro_f1 > 0.9
    assert alone.versus_champion is None
    assert beside_itself.versus_champion is not None
    assert beside_itself.versus_champion.value == 0
    assert set(beside_itself.slice_drops.values()) == {0.0}
    assert alone.milliseconds > 0
    assert 0 < alone.megabytes < 5


def test_the_majority_is_one_label() -> None:
    assert majority("positive", 3).tolist() == [2, 2, 2]
