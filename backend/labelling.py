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

from backend import language
from backend.bundle import Bundle
from backend.classifier import Classifier
from backend.schemas import LABELS, Label, ModelName, Prediction, Probabilities

# Probabilities leave the server with this many decimals.
_DECIMALS = 6


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
    """The champion of `bundle`, ready to label. Safe to call from several threads at once."""

    def __init__(self, bundle: Bundle, threads: int, batch_size: int, max_characters: int) -> None:
        self._classifier = Classifier(bundle, threads, batch_size)
        self._max_characters = max_characters
        self.card = bundle.card
        self.model = ModelName(
            name=bundle.card.name, family=bundle.card.family, version=bundle.card.version
        )

    def label(self, texts: Sequence[str]) -> Labelling:
        """Label `texts`, reading of each as many characters as the setting allows."""
        cut = [text[: self._max_characters] for text in texts]
        return Labelling(
            texts=cut,
            truncated=[len(text) > self._max_characters for text in texts],
            languages=language.identify(cut),
            probabilities=self._classifier.probabilities(cut).astype(np.float64).round(_DECIMALS),
        )


def init_app(app: Flask, labeller: Labeller) -> None:
    """Let the views of `app` find `labeller`."""
    app.extensions["undertone_labeller"] = labeller


def current() -> Labeller:
    """Return the labeller of the application that handles the current request."""
    labeller = current_app.extensions["undertone_labeller"]
    assert isinstance(labeller, Labeller)
    return labeller
