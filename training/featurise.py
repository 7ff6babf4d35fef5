"""Featurise: the training and validation comments as matrices, once for every classical candidate.

Knows the winner of `tune_features` and the encoder. Knows nothing of labels or models.
"""

from __future__ import annotations

import joblib
import pandas as pd

from training import features
from training.encoder import embed, load_encoder
from training.features import VECTORISER, Vocabulary, tokens_of, vectoriser
from training.params import Params, read_params
from training.paths import PREPARED
from training.stage import aside, run
from training.tracking import tracked
from training.tune_features import VOCABULARY

SPLITS = ("train", "validation")


def featurise(params: Params) -> dict[str, float]:
    """Write every kind of features of both splits and the fitted vectoriser; return their shapes."""
    texts = {split: pd.read_parquet(PREPARED / f"{split}.parquet")["text"] for split in SPLITS}
    vocabulary = Vocabulary.model_validate_json(VOCABULARY.read_text(encoding="utf-8"))
    words = vectoriser(vocabulary)
    encoder, tokenizer = load_encoder(params.featurise)
    shapes: dict[str, float] = {}
    for split in SPLITS:
        tokens = tokens_of(texts[split])
        if split == "train":
            words.fit(tokens)
        counts = words["counts"].transform(tokens)
        features.save("counts", split, counts)
        features.save("tfidf", split, words["tfidf"].transform(counts))
        vectors = embed(encoder, tokenizer, texts[split].tolist(), params.featurise.max_tokens)
        features.save("embeddings", split, vectors)
        shapes |= {
            f"{split}_rows": len(tokens),
            "vocabulary": counts.shape[1],
            "width": vectors.shape[1],
        }
    with aside(VECTORISER) as path:
        joblib.dump(words, path)
    return shapes


def main() -> None:
    """Write the matrices under `data/features`."""
    params = read_params()
    with tracked("featurise", params) as tracking:
        tracking.log_metrics(featurise(params))


if __name__ == "__main__":
    run(main)
