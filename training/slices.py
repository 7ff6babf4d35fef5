"""Slices: kinds of comments that a model may be worse at than at the whole.

Knows what marks a comment as one of a kind. Knows nothing of models or labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from backend.language import identify

_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_NEGATION = re.compile(r"\b(?:not|no|never|nothing|nobody|cannot|without|\w+n['’]t)\b", re.IGNORECASE)
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
# Phrases that are mostly meant otherwise; they find some sarcasm, and no other rule finds more.
_SARCASM = re.compile(
    r"(?:^|\s)/s(?:\s|$)|#sarcas|\byeah,? right\b|\boh (?:great|good|wonderful|joy)\b"
    r"|\bthanks for nothing\b|\bwhat a (?:surprise|shock)\b"
    r"|\bgood luck with\b|\bsure,? (?:jan|buddy)\b|\bslow clap\b",
    re.IGNORECASE,
)

SLICES: Mapping[str, Callable[[str], bool]] = {
    "all": lambda text: True,
    "short": lambda text: len(text.split()) <= 5,
    "long": lambda text: len(text.split()) >= 30,
    "emoji": lambda text: bool(_EMOJI.search(text)),
    "negation": lambda text: bool(_NEGATION.search(text)),
    "sarcasm markers": lambda text: bool(_SARCASM.search(text)),
    "question": lambda text: "?" in text,
    "capitals": lambda text: bool(_CAPITALS.search(text)),
}
_LANGUAGES = {"in English": True, "not in English": False}
# Fewer rows than this say nothing about a slice.
LEAST_ROWS = 50


def slices_of(texts: Sequence[str]) -> dict[str, npt.NDArray[np.bool_]]:
    """Return a mask (n,) for each slice with at least `LEAST_ROWS` of `texts`."""
    masks = {
        name: np.array([holds(text) for text in texts], dtype=bool) for name, holds in SLICES.items()
    }
    english = np.array([language == "en" for language in identify(list(texts))], dtype=bool)
    masks |= {name: english == wanted for name, wanted in _LANGUAGES.items()}
    return {name: mask for name, mask in masks.items() if name == "all" or mask.sum() >= LEAST_ROWS}
