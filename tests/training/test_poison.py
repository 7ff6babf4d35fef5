"""Poisoned feedback, from what was sent to what a model learns: with the guards it does no harm."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

from tests.training import made_up
from tests.training.test_sources import SHARED
from training import feedback
from training.features import Vocabulary, tokens_of, vectoriser
from training.guards import admit
from training.params import read_params
from training.prepare import prepare
from training.sources import read_sources

PARAMS = read_params(Path(__file__).parents[2] / "params.yaml")
TURNED = {"negative": "positive", "positive": "negative", "neutral": "negative"}


def made_up_sets() -> pd.DataFrame:
    """Return made-up tweets, some with another label than they should have: people err."""
    rows = pd.DataFrame(made_up.comments(9000, 21), columns=["text", "label"])
    wrong = rows.sample(frac=0.2, random_state=1).index
    rows.loc[wrong, "label"] = rows.loc[wrong, "label"].map(TURNED)
    return rows


def shared_sets() -> pd.DataFrame:
    """Return comments that people labelled."""
    (address,) = SHARED.glob("raw.*")
    rows = read_sources()["goemotions"].read(address)
    return rows[rows["split"] == "train"].sample(9000, random_state=1)[["text", "label"]]


@pytest.fixture(
    params=[
        made_up_sets,
        pytest.param(
            shared_sets,
            marks=pytest.mark.skipif(
                not SHARED.is_dir(), reason="the shared data sets are not beside this checkout"
            ),
        ),
    ]
)
def rows(request: pytest.FixtureRequest) -> pd.DataFrame:
    """Return 9,000 labelled comments: to train on, to be corrected, to judge by."""
    make: Callable[[], pd.DataFrame] = request.param
    return make().reset_index(drop=True)


def sent(texts: pd.DataFrame) -> pd.DataFrame:
    """Return what honest people, one who turns 5,000 labels over, and a bot of 200 clients sent."""
    generator = random.Random(3)
    honest, turned = texts[:400], texts[400:5400]
    table = [(f"honest {n % 20}", r.text, r.label) for n, r in enumerate(honest.itertuples())]
    table += [("flipper", r.text, TURNED[r.label]) for r in turned.itertuples()]
    slogans = texts["text"][5400:5410].tolist()
    table += [
        (f"bot {n}", f"@viewer{n} {slogan} {generator.randrange(10_000)}", "negative")
        for n in range(200)
        for slogan in slogans
    ]
    frame = pd.DataFrame(table, columns=["client", "text", "label"])
    at = pd.Timestamp("2026-11-25T00:00:00Z") + pd.to_timedelta(range(len(frame)), unit="s")
    return frame.assign(at=at, split="train", group=[f"video {n}" for n in range(len(frame))])


def learned(sets: pd.DataFrame, corrections: pd.DataFrame, judged_by: pd.DataFrame) -> float:
    """Return the macro-F1 of a model that is trained on what `prepare` makes of it."""
    added = corrections[["text", "label", "split", "group"]].assign(
        source=feedback.NAME, trust=feedback.TRUST
    )
    frames = [sets, added] if len(added) else [sets]
    prepared, _ = prepare(pd.concat(frames, ignore_index=True), PARAMS)
    train = prepared[prepared["split"] == "train"]
    words = vectoriser(Vocabulary(ngrams=1, vocabulary=5000, min_frequency=1))
    model = LogisticRegression(max_iter=300)
    model.fit(words.fit_transform(tokens_of(train["text"])), train["label"])
    found = model.predict(words.transform(tokens_of(judged_by["text"])))
    return float(f1_score(judged_by["label"], found, average="macro"))


def test_with_the_guards_a_model_stays_as_good_as_it_was(rows: pd.DataFrame) -> None:
    known, corrected, held_out = rows[:2500], rows[2500:7910], rows[7910:]
    sets = known.assign(
        source="semeval", trust=3, split="train", group=[f"tweet {n}" for n in range(len(known))]
    )
    came = sent(corrected)

    kept, report = admit(came, PARAMS.feedback, lambda: sets, seed=1)

    poison = kept[~kept["client"].str.startswith("honest")]
    assert len(poison) < 0.02 * (len(came) - 400), report
    assert len(kept) - len(poison) > 0.9 * 400
    clean, guarded, open_ = (
        learned(sets, corrections, held_out) for corrections in (came[:0], kept, came)
    )
    assert guarded > clean - 0.02
    assert open_ < clean - 0.1
