from __future__ import annotations

import pandas as pd

from backend.bundle import Bundle, read_bundle
from tests.training.conftest import comments
from training.baselines import textblob, vader
from training.evaluate import complete, evaluate
from training.metrics import Labels
from training.slices import slices_of
from training.sources import TEST_SETS


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


def test_every_model_is_judged_on_every_set_and_the_card_says_so(linear_bundle: Bundle) -> None:
    test = pd.concat([comments(200, seed=n).assign(source=name) for n, name in enumerate(TEST_SETS)])

    results = evaluate(test, [linear_bundle], resamples=100, seed=0)
    complete(linear_bundle, results, {linear_bundle.card.name: 0.91})

    assert set(results) == {linear_bundle.card.name, "VADER", "TextBlob"}
    completed = read_bundle(linear_bundle.directory)
    own = completed.card.metrics["semeval"]["all"]
    assert own["macro_f1"].value > 0.9
    assert 0 <= own["calibration_error"].value < 1
    page = (linear_bundle.directory / "model_card.md").read_text(encoding="utf-8")
    assert f"| SemEval 2017 (tweets) | tfidf-logistic | {own['macro_f1'].value:.3f} [" in page
    assert "| YouTube 2020 | TextBlob |" in page
