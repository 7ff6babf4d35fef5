"""Train logistic: TF-IDF of words and a logistic regression, the classical candidate.

Knows scikit-learn. Knows nothing of ONNX: `export` turns the fitted pipeline into a bundle. Tokens come
joined by spaces from `backend.text.tokenise`, which is what makes the export exact.
"""

from __future__ import annotations

from pathlib import Path

import joblib
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from tqdm import tqdm

from backend.text import tokenise
from training.params import TrainLogistic, read_params
from training.prepare import PREPARED

MODEL = Path("models/logistic.joblib")


def build(settings: TrainLogistic, seed: int) -> Pipeline:
    """Return the unfitted pipeline: (n,) joined tokens in, (n, 3) probabilities out."""
    return Pipeline(
        [
            (
                "tfidf",
                TfidfVectorizer(
                    lowercase=False,
                    token_pattern=r"\S+",
                    ngram_range=(1, settings.ngrams),
                    max_features=settings.vocabulary,
                    min_df=settings.min_frequency,
                ),
            ),
            (
                "logistic",
                LogisticRegression(
                    C=settings.regularisation, class_weight="balanced", max_iter=1000, random_state=seed
                ),
            ),
        ]
    )


def tokens_of(texts: pd.Series[str]) -> list[str]:
    """Return the joined tokens of each text."""
    return [tokenise(text) for text in tqdm(texts, desc="tokenise", unit="row", leave=False)]


def main() -> None:
    """Fit on the training set and keep the pipeline."""
    params = read_params()
    rows = pd.read_parquet(PREPARED / "train.parquet")
    pipeline = build(params.train_logistic, params.seed).fit(tokens_of(rows["text"]), rows["label"])
    MODEL.parent.mkdir(parents=True, exist_ok=True)
    aside = MODEL.with_name(f".{MODEL.name}")
    joblib.dump(pipeline, aside)
    aside.replace(MODEL)


if __name__ == "__main__":
    main()
