"""From texts to labels, scores and languages.

Knows the champion, what a score is and where a text is cut. Knows nothing of HTTP, of videos or of
what a comment is besides its text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from flask import Flask, current_app

from backend import language, metrics
from backend.bundle import Bundle
from backend.classifier import Classifier
from backend.inference import deadline
from backend.inference.deadline import Deadline
from backend.inference.engine import Engine
from backend.schemas import LABELS, Label, ModelName, Prediction, Probabilities

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
        cut = [text[: self._max_characters] for text in texts]
        if self._engine is None:
            languages, probabilities = language.identify(cut), self._classifier.probabilities(cut)
        else:
            with self._engine.begin(self._classifier, cut, deadline.current()) as work:
                # While the model is at work.
                languages = language.identify(cut)
                probabilities = work.result()
        found = Labelling(
            texts=cut,
            truncated=[len(text) > self._max_characters for text in texts],
            languages=languages,
            probabilities=probabilities.astype(np.float64).round(_DECIMALS),
        )
        metrics.count_labels(found.labels, found.languages)
        return found

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
