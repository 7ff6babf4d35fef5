"""From texts to labels, scores and languages.

Knows the champion, what a score is and where a text is cut. Knows nothing of HTTP, of videos or of
what a comment is besides its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from flask import Flask, current_app

from backend import language, metrics
from backend.bundle import Bundle
from backend.classifier import Classifier
from backend.fields import LABELS, Label
from backend.inference import deadline
from backend.inference.deadline import Deadline
from backend.inference.engine import Engine
from backend.schemas import ModelName, Prediction, Probabilities

# Probabilities leave the server with this many decimals.
_DECIMALS = 6
_EXTENSION = "undertone_labeller"


@dataclass(frozen=True)
class Labelling:
    """What the champion makes of n texts, in the order given."""

    texts: list[str]
    truncated: list[bool]
    languages: list[str]
    probabilities: npt.NDArray[np.float64]
    """(n, 3), rows sum to 1, columns in the order of `LABELS`."""

    @cached_property
    def labels(self) -> list[Label]:
        """The likeliest label of each text."""
        return [LABELS[column] for column in self.probabilities.argmax(axis=1)]

    @cached_property
    def scores(self) -> npt.NDArray[np.float64]:
        """(n,) probability of positive minus probability of negative, in [-1, 1]."""
        return np.asarray((self.probabilities[:, 2] - self.probabilities[:, 0]).round(_DECIMALS))

    def predictions(self, ids: Sequence[str | None]) -> list[Prediction]:
        """Return one prediction for each text, with its id where it has one."""
        rows = zip(
            ids,
            self.labels,
            self.scores.tolist(),
            self.probabilities.tolist(),
            self.languages,
            self.truncated,
            strict=True,
        )
        return [
            Prediction(
                **({} if id_ is None else {"id": id_}),
                label=label,
                score=score,
                probabilities=Probabilities(negative=row[0], neutral=row[1], positive=row[2]),
                language=language_,
                truncated=truncated,
            )
            for id_, label, score, row, language_, truncated in rows
        ]


class Labeller:
    """The champion of `bundle`, ready to label. Safe to call from several threads at once.

    With an `engine` it shares the model's time with other requests, and may refuse; without one it
    labels at once, in the thread that asks.
    """

    def __init__(
        self,
        bundle: Bundle,
        threads: int,
        batch_size: int,
        max_characters: int,
        engine: Engine | None = None,
    ) -> None:
        self._classifier = Classifier(bundle, threads, batch_size)
        self._max_characters = max_characters
        self._engine = engine
        self.card = bundle.card
        self.identity = bundle.identity
        self.model = ModelName(
            name=bundle.card.name, family=bundle.card.family, version=bundle.card.version
        )

    def label(self, texts: Sequence[str]) -> Labelling:
        """Label `texts`, reading of each as many characters as the setting allows.

        Raises:
            Overloaded: too many comments wait already, or the request's deadline has passed.
            ClientGone: nobody waits for the answer.
        """
        with self.begin(texts, [len(texts)]) as labellings:
            return next(labellings)

    @contextmanager
    def begin(self, texts: Sequence[str], ends: Sequence[int]) -> Iterator[Iterator[Labelling]]:
        """Begin to label `texts`; yield the labellings of the first of them, up to each of `ends`.

        All are admitted at once, those before the first end are labelled first. Leaving the `with`
        block gives up what isn't done.

        Raises:
            Overloaded, ClientGone: as `label` does, here or when a labelling is asked for.
        """
        cut = [text[: self._max_characters] for text in texts]
        parts = [cut[start:end] for start, end in pairwise([0, *ends])]
        with ExitStack() as begun:
            yield self._labellings(texts, parts, [self._begin(part, begun) for part in parts])

    def _begin(self, texts: Sequence[str], begun: ExitStack) -> Callable[[], npt.NDArray[np.float32]]:
        if self._engine is None:
            return partial(self._classifier.probabilities, texts)
        work = self._engine.begin(self._classifier, texts, deadline.current())
        return begun.enter_context(work).result

    def _labellings(
        self,
        texts: Sequence[str],
        parts: Sequence[list[str]],
        results: Sequence[Callable[[], npt.NDArray[np.float32]]],
    ) -> Iterator[Labelling]:
        languages: list[str] = []
        cut: list[str] = []
        probabilities = np.empty((0, len(LABELS)))
        for part, result in zip(parts, results, strict=True):
            new = language.identify(part)  # while the model is at work
            rows = result().astype(np.float64).round(_DECIMALS)
            cut, languages = cut + part, languages + new
            probabilities = np.concatenate([probabilities, rows])
            metrics.count_labels([LABELS[column] for column in rows.argmax(axis=1)], new)
            truncated = [len(text) > self._max_characters for text in texts[: len(cut)]]
            yield Labelling(cut, truncated, languages, probabilities)

    def probe(self, until: Deadline) -> npt.NDArray[np.float32]:
        """Return the probabilities of a sentence, computed now and not remembered.

        Raises:
            DeadlineExceeded: the model did not come to it in time.
        """
        sentences = ["Is this thing on?"]
        if self._engine is None:
            return self._classifier.probabilities(sentences)
        return self._engine.probe(self._classifier, sentences, until)


def serve(app: Flask, labeller: Labeller) -> None:
    """Let the views of `app` find `labeller` from now on."""
    app.extensions[_EXTENSION] = labeller


def current() -> Labeller:
    """Return the labeller that is served now. A request asks once: the next may be another."""
    labeller = current_app.extensions[_EXTENSION]
    assert isinstance(labeller, Labeller)
    return labeller
