"""When two looks at comments differ: each measure by itself, and what is made of them."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest

from backend.bundle import LABELS, Histogram
from tests.training.conftest import ROOT
from tests.training.made_up import comments
from training.drift.comparison import Comparison, compare
from training.drift.quantities import OTHER, Comments, look, reference_of
from training.params import Drift, read_params

SETTINGS = read_params(ROOT / "params.yaml").drift


def of(*counts: int) -> dict[str, Histogram]:
    """Return a look at labels alone."""
    return {"label": Histogram(bins=LABELS, counts=counts)}


def only(
    before: dict[str, Histogram], now: dict[str, Histogram], settings: Drift = SETTINGS
) -> Comparison:
    (found,) = compare(before, now, settings)
    return found


def made_up(rows: int, seed: int, *, loud: bool = False, states: float | None = None) -> Comments:
    """Look at made-up comments, of three words more if they are `loud`, with states around `states`."""
    pairs = comments(rows, seed)
    texts = [f"{text} LOUDER louder LOUDEST" if loud else text for text, _ in pairs]
    generator = np.random.default_rng(seed)
    probabilities = np.full((rows, 3), 0.1)
    probabilities[range(rows), [LABELS.index(label) for _, label in pairs]] = 0.8
    vectors = None if states is None else generator.normal(states, 1, (rows, 3))
    return Comments.of(texts, probabilities, ["en"] * rows, vectors)


def test_the_index_and_the_divergence_are_those_of_their_formulas() -> None:
    before, now = (50_000, 30_000, 20_000), (40_000, 30_000, 30_000)

    found = only(of(*before), of(*now))

    shares = [(a / 1e5, b / 1e5) for a, b in zip(before, now, strict=True)]
    chance = 2 * (1 / 1e5 + 1 / 1e5)
    psi = sum((a - b) * math.log(a / b) for a, b in shares) - chance
    entropies = [-sum(p * math.log2(p) for p in side) for side in zip(*shares, strict=True)]
    middle = [(a + b) / 2 for a, b in shares]
    divergence = -sum(p * math.log2(p) for p in middle) - sum(entropies) / 2
    assert found.psi == pytest.approx(psi, rel=1e-3)
    assert found.divergence == pytest.approx(divergence, rel=1e-2)
    assert [round(move.before, 9) for move in found.moves] == [0.5, 0.3, 0.2]
    assert [round(move.now, 9) for move in found.moves] == [0.4, 0.3, 0.3]


def test_the_same_shares_differ_by_nothing() -> None:
    found = only(of(500, 300, 200), of(50, 30, 20))

    assert (found.psi, found.divergence, found.p, found.drifted) == (0, 0, pytest.approx(1), False)


@pytest.mark.parametrize(
    ("before", "now", "why"),
    [
        (
            (500_000, 300_000, 200_000),
            (495_000, 300_000, 205_000),
            "nobody would mind",
        ),
        ((5, 3, 2), (2, 3, 5), "chance would do"),
    ],
)
def test_drift_is_what_matters_and_is_beyond_chance(
    before: tuple[int, int, int], now: tuple[int, int, int], why: str
) -> None:
    assert not only(of(*before), of(*now)).drifted, why
    assert only(of(500, 300, 200), of(200, 300, 500)).drifted


def test_an_empty_bin_and_one_that_was_never_seen_are_no_infinity() -> None:
    bins = ("en", "und", OTHER)
    before = {"language": Histogram(bins=bins, counts=(900, 100, 0))}
    now = {"language": Histogram(bins=bins, counts=(0, 100, 900))}

    found = only(before, now)

    assert found.drifted
    assert math.isfinite(found.psi)
    assert found.p < 1e-100


def test_bins_of_other_models_are_not_compared() -> None:
    other = {"label": Histogram(bins=("bad", "so so", "good"), counts=(1, 1, 1))}

    with pytest.raises(ValueError, match="bins of label"):
        compare(of(1, 1, 1), other, SETTINGS)


def test_only_what_changed_drifts_and_words_say_which() -> None:
    reference = reference_of(made_up(1500, 1, states=0))
    bins = {name: histogram.bins for name, histogram in reference.items()}

    same = compare(reference, look(made_up(1500, 2, states=0), bins), SETTINGS)
    words = compare(reference, look(made_up(1500, 2, loud=True, states=0), bins), SETTINGS)
    moved = compare(reference, look(made_up(1500, 2, states=0.6), bins), SETTINGS)

    assert [each.quantity for each in same if each.drifted] == []
    assert {each.quantity for each in words if each.drifted} >= {"length", "vocabulary"}
    (vocabulary,) = (each for each in words if each.quantity == "vocabulary")
    assert vocabulary.moves[0].bin == OTHER
    assert vocabulary.moves[0].now > 0.99
    assert [each.quantity for each in moved if each.drifted] == ["embedding"]


def test_what_a_comment_lacks_is_left_out_and_the_rest_is_compared() -> None:
    pairs = comments(800, 3)
    texts = [text if place % 2 else None for place, (text, _) in enumerate(pairs)]
    probabilities = np.tile([0.2, 0.3, 0.5], (800, 1))
    half = Comments.of(texts, probabilities, ["en"] * 800)
    reference = reference_of(made_up(800, 4))

    found = look(half, {name: histogram.bins for name, histogram in reference.items()})

    assert sum(found["label"].counts) == 800
    assert sum(found["length"].counts) == 400
    assert max(found["vocabulary"].counts) <= 400
    none = Comments.of([None] * 9, probabilities[:9], ["en"] * 9)
    assert look(none, {"length": ("0", "10"), "vocabulary": ("the", OTHER)}) == {}


def test_without_change_alarms_are_as_rare_as_alpha_says() -> None:
    # Of labels alone, without the limit of what matters, at a level that can be counted.
    settings = SETTINGS.model_copy(update={"alpha": 0.1, "psi": 1e-9, "divergence": 1e-9})
    generator = random.Random(5)

    def draw() -> dict[str, Histogram]:
        drawn = generator.choices(range(3), (5, 3, 2), k=400)
        return of(*(drawn.count(label) for label in range(3)))

    alarms = sum(only(draw(), draw(), settings).p < settings.alpha for _ in range(2000))

    # Six standard deviations around 200.
    assert 120 < alarms < 280
