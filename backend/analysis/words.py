"""Which words people use, and which set the negative, neutral and positive comments apart.

Knows counts of terms by label. How a text falls into terms is the business of `terms`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np

from backend.analysis.terms import terms
from backend.fields import LABELS
from backend.labelling import Labelling
from backend.schemas import Word, Words


def words(labelling: Labelling, limit: int) -> Words:
    """Return up to `limit` words of each kind; a word counts once in each comment that holds it.

    `all` is ranked by that count, which is the weight as well. The list of a label is ranked by how
    much more its comments use the word than the others do (see `distinctiveness`); where there are
    no others, by count.
    """
    total: Counter[str] = Counter()
    by_label: dict[str, Counter[str]] = {label: Counter() for label in LABELS}
    scores: defaultdict[str, float] = defaultdict(float)
    rows = zip(
        labelling.texts, labelling.languages, labelling.labels, labelling.scores.tolist(), strict=True
    )
    for text, language, label, score in rows:
        found = terms(text, language)
        total.update(found)
        by_label[label].update(found)
        for term in found:
            scores[term] += score

    def ranked(counts: Counter[str], weights: Mapping[str, float]) -> list[Word]:
        best = sorted(
            (term for term in counts if weights[term] > 0),
            key=lambda term: (-weights[term], -counts[term], term),
        )
        return [
            Word(
                term=term,
                count=counts[term],
                weight=round(float(weights[term]), 4),
                mean=max(-1.0, min(1.0, round(scores[term] / total[term], 6))),
            )
            for term in best[:limit]
        ]

    return Words(
        all=ranked(total, total),
        **{label: ranked(by_label[label], _weights(by_label[label], total)) for label in LABELS},
    )


def distinctiveness(inside: Counter[str], total: Counter[str]) -> dict[str, float]:
    """Return for each term of `inside` how much it is over-represented there, in standard errors.

    This is the z-score of the log-odds ratio between `inside` and the rest of `total` with an
    informative Dirichlet prior, the prior being the frequencies in `total` (Monroe, Colaresi & Quinn
    2008, "Fightin' Words", equations 16, 20 and 22). Rare words are drawn to zero by it.
    """
    names = list(inside)
    counted = np.array([inside[name] for name in names], dtype=np.float64)
    prior = np.array([total[name] for name in names], dtype=np.float64)
    elsewhere = prior - counted
    everything, counted_sum = total.total(), inside.total()
    log_odds = _log_odds(counted, prior, counted_sum, everything) - _log_odds(
        elsewhere, prior, everything - counted_sum, everything
    )
    error = np.sqrt(1 / (counted + prior) + 1 / (elsewhere + prior))
    return dict(zip(names, (log_odds / error).tolist(), strict=True))


def _log_odds(
    counted: np.ndarray[tuple[int], np.dtype[np.float64]],
    prior: np.ndarray[tuple[int], np.dtype[np.float64]],
    counted_sum: int,
    prior_sum: int,
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    with_prior = counted + prior
    # A text of one single word has no odds against it: half a word stands for the rest.
    return np.log(with_prior / np.maximum(counted_sum + prior_sum - with_prior, 0.5))


def _weights(inside: Counter[str], total: Counter[str]) -> Mapping[str, float]:
    return inside if inside.total() == total.total() else distinctiveness(inside, total)
