"""Baselines: what lexicons make of a text, for every model to be compared with.

Knows how the projects that use VADER and TextBlob turn their scores into labels. Knows nothing of test
sets. No label made here is ever learned from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from textblob import TextBlob
from tqdm import tqdm
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from backend.bundle import LABELS
from training.metrics import Labels

_VADER_THRESHOLD = 0.05


def vader(texts: Sequence[str]) -> Labels:
    """Return (n,) labels by VADER's compound score and thresholds (Hutto & Gilbert 2014)."""
    analyser = SentimentIntensityAnalyzer()
    compound = np.array(
        [analyser.polarity_scores(text)["compound"] for text in tqdm(texts, desc="VADER", leave=False)]
    )
    labels: Labels = (
        1 + (compound >= _VADER_THRESHOLD).astype(np.int64) - (compound <= -_VADER_THRESHOLD)
    )
    return labels


def textblob(texts: Sequence[str]) -> Labels:
    """Return (n,) labels by the sign of TextBlob's polarity, as projects that use it take it."""
    polarity = [TextBlob(text).sentiment.polarity for text in tqdm(texts, desc="TextBlob", leave=False)]
    labels: Labels = 1 + np.sign(polarity).astype(np.int64)
    return labels


def majority(usual: str, rows: int) -> Labels:
    """Return (rows,) times the commonest label of the training data."""
    return np.full(rows, LABELS.index(usual), dtype=np.int64)
