"""Quantities: what a set of labelled comments looks like, as histograms that can be kept and compared.

Knows what is looked at in a comment, and into which bins it goes; a bundle's card keeps the counts of
the comments that its model was chosen by. Knows nothing of when two histograms differ.

Three kinds of histograms: of a category (`label`, `language`), of a number, whose bins are named by
their lower edges (`confidence`, `length`, and `state 1` to `state 12`), and of words (`vocabulary`),
where a comment counts once under each of its words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from backend.bundle import LABELS, Histogram
from backend.text import tokenise

OTHER = "(other)"
"""The bin of what the reference doesn't know."""
STATE = "state"

_CONFIDENCES = ("0", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9", "0.95")
_LENGTHS = ("0", "10", "20", "40", "80", "160", "320", "640")
_WORDS = 250
_STATE_BINS = 10

Histograms = Mapping[str, Histogram]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Comments:
    """What is looked at in each of n comments.

    `confidence` is the probability of the label, `lengths` are in characters, `states` has one row for
    each comment. A comment without a text has NaN for its length and no words; one that the model was
    not asked about again has a row of NaN for its states; `states` is None where the model has none.
    """

    labels: npt.NDArray[np.str_]
    confidence: Numbers
    languages: npt.NDArray[np.str_]
    lengths: Numbers
    words: tuple[frozenset[str] | None, ...]
    states: Numbers | None = None

    @classmethod
    def of(
        cls,
        texts: Sequence[str | None],
        probabilities: npt.NDArray[np.floating],
        languages: Sequence[str],
        states: Numbers | None = None,
    ) -> Self:
        """Look at `texts`, which the model gave `probabilities` (n, 3) in the order of `LABELS`."""
        return cls(
            labels=np.asarray(LABELS)[probabilities.argmax(1)],
            confidence=probabilities.max(1).astype(np.float64),
            languages=np.asarray(languages, dtype=np.str_),
            lengths=np.asarray([np.nan if text is None else len(text) for text in texts], dtype=float),
            words=tuple(None if text is None else frozenset(tokenise(text).split()) for text in texts),
            states=states,
        )

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: npt.NDArray[np.intp]) -> Comments:
        """Return the comments at `rows`."""
        return Comments(
            labels=self.labels[rows],
            confidence=self.confidence[rows],
            languages=self.languages[rows],
            lengths=self.lengths[rows],
            words=tuple(self.words[row] for row in rows),
            states=None if self.states is None else self.states[rows],
        )

    @property
    def numbers(self) -> dict[str, Numbers]:
        """Every quantity that is a number, by name, without those that are not known."""
        found = {"confidence": self.confidence, "length": self.lengths}
        if self.states is not None:
            found |= {f"{STATE} {place}": part for place, part in enumerate(self.states.T, 1)}
        return {name: values[~np.isnan(values)] for name, values in found.items()}


def reference_of(comments: Comments) -> dict[str, Histogram]:
    """Return the histograms of `comments`, in bins that suit them."""
    languages = [str(name) for name, _ in Counter(comments.languages.tolist()).most_common()]
    counted: Counter[str] = Counter(word for words in comments.words for word in sorted(words or ()))
    bins = {
        "label": LABELS,
        "confidence": _CONFIDENCES,
        "length": _LENGTHS,
        "language": (*languages, OTHER),
        "vocabulary": (*(word for word, _ in counted.most_common(_WORDS)), OTHER),
    }
    for name, values in comments.numbers.items():
        if name.startswith(STATE) and len(values) > 0:
            deciles = np.quantile(values, np.arange(1, _STATE_BINS) / _STATE_BINS)
            bins[name] = ("-inf", *(f"{edge:.4f}" for edge in deciles))
    return look(comments, bins)


def look(comments: Comments, bins: Mapping[str, Sequence[str]]) -> dict[str, Histogram]:
    """Return the histogram of each quantity in `bins`; without those that `comments` lack."""
    numbers = comments.numbers
    found: dict[str, tuple[int, ...]] = {}
    for name, named in bins.items():
        if name == "label":
            found[name] = _categories(comments.labels, named)
        elif name == "language":
            found[name] = _categories(comments.languages, named)
        elif name == "vocabulary":
            found[name] = _words(comments.words, named)
        elif name in numbers:
            found[name] = _numbers(numbers[name], named)
    return {
        name: Histogram(bins=tuple(bins[name]), counts=counts)
        for name, counts in found.items()
        if sum(counts) > 0
    }


def _categories(values: npt.NDArray[np.str_], bins: Sequence[str]) -> tuple[int, ...]:
    counted = Counter(value if value in bins else OTHER for value in values.tolist())
    return tuple(counted[name] for name in bins)


def _numbers(values: Numbers, bins: Sequence[str]) -> tuple[int, ...]:
    edges = np.asarray([float(name) for name in bins])
    places = np.clip(np.searchsorted(edges, values, side="right") - 1, 0, None)
    return tuple(np.bincount(places, minlength=len(bins)).tolist())


def _words(texts: Sequence[frozenset[str] | None], bins: Sequence[str]) -> tuple[int, ...]:
    known = frozenset(bins)
    counted: Counter[str] = Counter()
    for words in texts:
        if words:
            counted.update(words & known)
            counted[OTHER] += not words <= known
    return tuple(counted[name] for name in bins)
