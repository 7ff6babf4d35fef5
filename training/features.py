"""Features: comments as matrices, in the three kinds that classical models learn from.

Knows how words are counted and weighted, and where the matrices lie. Knows nothing of labels. Tokens
come joined by spaces from `backend.text.tokenise`, which is what makes the export to ONNX exact.

    counts      how often each n-gram occurs: whole numbers, so a tree's thresholds are met exactly
    tfidf       the same, weighted by rarity and scaled to length 1
    embeddings  the mean of an encoder's last states, scaled to length 1
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.pipeline import Pipeline
from tqdm import tqdm

from backend.text import tokenise
from training.params import FeatureKind
from training.paths import FEATURES
from training.stage import aside

VECTORISER = FEATURES / "vectoriser.joblib"


class Vocabulary(BaseModel):
    """How words are counted: the winner of `tune_features`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ngrams: int
    vocabulary: int
    min_frequency: int


def tokens_of(texts: pd.Series[str]) -> list[str]:
    """Return the joined tokens of each text."""
    return [tokenise(text) for text in tqdm(texts, desc="tokenise", unit="row", leave=False)]


def vectoriser(settings: Vocabulary) -> Pipeline:
    """Return the unfitted pipeline of (n,) joined tokens to (n, vocabulary) TF-IDF, float32."""
    counts = CountVectorizer(
        lowercase=False,
        token_pattern=r"\S+",
        ngram_range=(1, settings.ngrams),
        max_features=settings.vocabulary,
        min_df=settings.min_frequency,
        dtype=np.float32,
    )
    return Pipeline([("counts", counts), ("tfidf", TfidfTransformer())])


def save(kind: FeatureKind, split: str, matrix: Any) -> None:
    """Keep the features of the rows of `split`, in their order."""
    with aside(_path(kind, split)) as path:
        if kind == "embeddings":
            np.savez_compressed(path, embeddings=matrix.astype(np.float16))
        else:
            sparse.save_npz(path, matrix)


def load(kind: FeatureKind, split: str) -> Any:
    """Return (n, features) float32, sparse by rows unless they are embeddings."""
    if kind == "embeddings":
        with np.load(_path(kind, split)) as kept:
            return kept["embeddings"].astype(np.float32)
    return sparse.load_npz(_path(kind, split)).tocsr()


def load_vectoriser() -> Pipeline:
    """Return the fitted pipeline that made the counts and the TF-IDF."""
    return joblib.load(VECTORISER)


def _path(kind: FeatureKind, split: str) -> Path:
    return FEATURES / f"{kind}-{split}.npz"
