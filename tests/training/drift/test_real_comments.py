"""Drift of real comments: between halves of a source there is none, between sources there is.

`python -m pytest -s` shows how many of the resamplings raised a false alarm; with DRIFT_ROWS=1500, of
every set that there is, which takes minutes.
"""

from __future__ import annotations

import json
import os
from itertools import combinations

import numpy as np
import pytest

from backend.bundle import read_bundle
from backend.classifier import Classifier
from backend.language import identify
from tests.training.conftest import ROOT
from training.drift.comparison import Comparison, compare
from training.drift.quantities import Comments, Histograms, look, reference_of
from training.drift.states import states_of
from training.params import read_params
from training.paths import CHAMPION
from training.sources import read_table

SHARED = ROOT.parent / "shared" / "data"
SETTINGS = read_params(ROOT / "params.yaml").drift
ROWS, RESAMPLINGS = int(os.environ.get("DRIFT_ROWS", "500")), 200
NAMES = ["semeval", "english_johnlewis2025", "goemotions"]
HALVED = NAMES[:2]
if "DRIFT_ROWS" in os.environ:
    NAMES += ["youtube_gpt", "youtube_statistics", "english_apology", "english_jdvance"]
    HALVED = NAMES = [*NAMES, "turkish_mixed_navigator95"]

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data sets are not beside this checkout"
)


def texts_of(source: str) -> list[str]:
    """Return the texts of a labelled set by its name, or of a dump by that of its file."""
    dump = SHARED / "unlabelled" / f"{source}.jsonl"
    if dump.exists():
        return [json.loads(line)["text"] for line in dump.read_text(encoding="utf-8").splitlines()]
    return list(read_table().sources[source].read(SHARED / "raw.githubusercontent.com")["text"])


@pytest.fixture(scope="module")
def sources() -> dict[str, Comments]:
    """Return comments of tweets, of Reddit, and of YouTube, as the champion sees them."""
    bundle = read_bundle(ROOT / CHAMPION)
    classifier = Classifier(bundle, threads=2)
    found = {}
    for name in NAMES:
        everything = texts_of(name)
        rows = np.random.default_rng(7).permutation(len(everything))[:ROWS]
        texts = [everything[row] for row in rows]
        probabilities = classifier.probabilities(texts)
        found[name] = Comments.of(texts, probabilities, identify(texts), states_of(bundle, texts))
    return found


def against(reference: Histograms, comments: Comments) -> list[Comparison]:
    bins = {name: histogram.bins for name, histogram in reference.items()}
    return compare(reference, look(comments, bins), SETTINGS)


def test_halves_of_a_source_raise_no_more_alarms_than_alpha(sources: dict[str, Comments]) -> None:
    generator = np.random.default_rng(0)
    for name in HALVED:
        comments, alarms = sources[name], 0
        for _ in range(RESAMPLINGS):
            mixed = generator.permutation(len(comments))
            half = len(mixed) // 2
            one, other = comments.take(mixed[:half]), comments.take(mixed[half:])
            alarms += any(each.drifted for each in against(reference_of(one), other))

        print(f"{name}, {len(comments)}: {alarms} of {RESAMPLINGS} raise a false alarm")  # noqa: T201
        # At a rate of `alpha`, 2 are expected; 8 or more have a probability of 0.001.
        assert alarms < 8, name


def test_between_sources_there_is_an_alarm(sources: dict[str, Comments]) -> None:
    for one, other in combinations(sources, 2):
        drifted = {
            each.quantity
            for each in against(reference_of(sources[one]), sources[other])
            if each.drifted
        }

        print(f"{one}, {other}: {', '.join(sorted(drifted))}")  # noqa: T201
        assert drifted, (one, other)


def test_a_source_is_told_from_what_the_champion_was_chosen_by(sources: dict[str, Comments]) -> None:
    reference = read_bundle(ROOT / CHAMPION).card.reference

    for name, comments in sources.items():
        assert any(each.drifted for each in against(reference, comments)), name
