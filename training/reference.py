"""Reference: what comes of training on the Reddit set that many projects train on.

Knows how those projects do it: TF-IDF of up to three words, a LightGBM or a logistic regression, and a
random fifth held out. Its labels are TextBlob's, so a high figure on its own test split says how well
TextBlob is imitated; the sets that people labelled say what that is worth. No candidate learns from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from lightgbm import LGBMClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline

from backend.bundle import Estimate
from training.baselines import textblob
from training.metrics import Labels, estimate, label_indices
from training.params import Params
from training.prepare import draw, read_source
from training.sources import read_table, titled_test_sets

OWN = "Reddit, labelled by TextBlob (its own test split)"


def reference(params: Params, test: pd.DataFrame) -> dict[str, dict[str, dict[str, Estimate]]]:
    """Return model -> test set -> metric; empty where the table names no reference set."""
    sets = [source for source in read_table().sources.values() if source.role == "reference"]
    if not sets:
        return {}
    rows = draw(
        pd.concat([read_source(source) for source in sets]), params.prepare.max_rows, params.seed
    )
    train, own = train_test_split(rows, test_size=0.2, random_state=params.seed, stratify=rows["label"])
    classifiers = {
        "TF-IDF + LightGBM": LGBMClassifier(
            n_estimators=300,
            class_weight="balanced",
            random_state=params.seed,
            deterministic=True,
            force_row_wise=True,
            verbosity=-1,
        ),
        "TF-IDF + logistic regression": LogisticRegression(class_weight="balanced", max_iter=1000),
    }
    sets_to_judge = {OWN: own} | {
        title: test[test["source"] == name] for name, title in titled_test_sets().items()
    }
    labellings = {name: _Fitted(it, train).label for name, it in classifiers.items()} | {
        "TextBlob": textblob
    }
    return {
        model: {
            title: estimate(
                label_indices(part["label"]),
                label(part["text"].tolist()),
                params.evaluate.resamples,
                params.seed,
            )
            for title, part in sets_to_judge.items()
        }
        for model, label in labellings.items()
    }


class _Fitted:
    """A classifier on the TF-IDF of the training rows."""

    def __init__(self, classifier: Any, train: pd.DataFrame) -> None:
        words = TfidfVectorizer(ngram_range=(1, 3), max_features=10_000, dtype=np.float32)
        self.pipeline: Pipeline = make_pipeline(words, classifier)
        self.pipeline.fit(train["text"], label_indices(train["label"]))

    def label(self, texts: Sequence[str]) -> Labels:
        """Return (n,) labels."""
        matrix = self.pipeline[0].transform(texts)
        labels: Labels = np.asarray(self.pipeline[-1].predict_proba(matrix)).argmax(1)
        return labels
