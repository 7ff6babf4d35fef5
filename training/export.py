"""Export: fitted models become bundles, through the parity gate.

Knows how each family of model is turned into a bundle and what the gate asks. Knows nothing of test
sets: metrics are added by `evaluate`.
"""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from backend.bundle import LABELS, Bundle, Card, Dataset, Histogram, Input, sha256_of, write_bundle
from backend.classifier import Classifier
from backend.language import identify
from backend.text import NORMALISER_VERSION
from training import train_logistic, train_transformer
from training.graphs import linear_graph, quantise, transformer_graph
from training.metrics import Labels, fit_temperature
from training.params import Params, read_params
from training.parity import ADVERSARIAL, check_float, check_int8
from training.prepare import PREPARED

BUNDLES = Path("models/bundles")


def label_indices(labels: pd.Series[str]) -> Labels:
    """Return (n,) positions in `LABELS`."""
    return labels.map(LABELS.index).to_numpy(dtype=np.int64)


def export_logistic(params: Params, train: pd.DataFrame, validation: pd.DataFrame) -> Bundle:
    """Write the bundle of the classical candidate, exact to `parity.FLOAT_DIFFERENCE`."""
    pipeline = joblib.load(train_logistic.MODEL)
    texts = [*validation["text"].head(params.export.parity_rows), *ADVERSARIAL]
    trained = pipeline.predict_proba(train_logistic.tokens_of(pd.Series(texts))).astype(np.float32)
    card = _card("tfidf-logistic", "linear", Input(kind="tokens"), 1.0, train, validation)
    bundle = write_bundle(BUNDLES / "logistic", card, {"model.onnx": linear_graph(pipeline)})
    check_float(trained, Classifier(bundle).probabilities(texts))
    return bundle


def export_transformer(
    params: Params, train: pd.DataFrame, validation: pd.DataFrame, trained_in: Path, into: Path
) -> Bundle:
    """Write the int8 bundle of the model in `trained_in`; its float graph passes the gate first."""
    settings = params.train_transformer
    tokenizer = AutoTokenizer.from_pretrained(trained_in)
    model = AutoModelForSequenceClassification.from_pretrained(trained_in)
    rows = validation.head(params.export.parity_rows)
    texts = [*rows["text"], *ADVERSARIAL]
    encoded = train_transformer.encode(tokenizer, texts, settings.max_tokens)
    logits = train_transformer.predict(model, encoded, tokenizer.pad_token_id)
    true = label_indices(rows["label"])
    temperature = fit_temperature(logits[: len(rows)], true)
    trained = _softmax(logits / temperature)

    name = Path(settings.checkpoint).name
    card = _card(
        name,
        "transformer",
        Input(kind="wordpieces", max_tokens=settings.max_tokens),
        temperature,
        train,
        validation,
    )
    vocabulary = (trained_in / "tokenizer.json").read_bytes()
    graph = transformer_graph(model, temperature)
    whole = write_bundle(
        into.with_name(f"{into.name}-float"), card, {"model.onnx": graph, "tokenizer.json": vocabulary}
    )
    difference = check_float(trained, Classifier(whole).probabilities(texts))
    small = write_bundle(into, card, {"model.onnx": quantise(graph), "tokenizer.json": vocabulary})
    agreement = check_int8(trained, Classifier(small).probabilities(texts), true)
    report = {"float_difference": difference, "int8_agreement": agreement, "temperature": temperature}
    (into.parent / f"{into.name}.parity.json").write_text(json.dumps(report, indent=2) + "\n")
    return small


def _softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    shares: npt.NDArray[np.float32] = powers / powers.sum(1, keepdims=True)
    return shares


def _card(
    name: str,
    family: str,
    reads: Input,
    temperature: float,
    train: pd.DataFrame,
    validation: pd.DataFrame,
) -> Card:
    checksum = sha256_of(PREPARED / "train.parquet")
    sizes = train.groupby("source").size()
    return Card(
        name=name,
        family=family,
        version=datetime.now(UTC).strftime("%Y.%m.%d"),
        input=reads,
        normaliser_version=NORMALISER_VERSION,
        training_data=tuple(
            Dataset(name=str(source), sha256=checksum, rows=int(rows)) for source, rows in sizes.items()
        ),
        metrics={},
        temperature=temperature,
        reference=_reference(validation),
        git_commit=_git_commit(),
        files={},
    )


def _reference(rows: pd.DataFrame) -> dict[str, Histogram]:
    """Return what the validation comments look like, for drift to be measured against."""
    edges = (0, 10, 20, 40, 80, 160, 320, 640, 10_000)
    lengths = np.histogram(rows["text"].str.len().clip(upper=9_999), edges)[0]
    languages = pd.Series(identify(rows["text"].tolist())).value_counts()
    labels = rows["label"].value_counts().reindex(LABELS)
    return {
        "label": Histogram(bins=LABELS, counts=tuple(map(int, labels))),
        "length": Histogram(bins=tuple(map(str, edges[:-1])), counts=tuple(map(int, lengths))),
        "language": Histogram(
            bins=tuple(map(str, languages.index)), counts=tuple(map(int, languages.to_numpy()))
        ),
    }


def _git_commit() -> str | None:
    done = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)
    return done.stdout.strip() or None


def main() -> None:
    """Write a bundle for each candidate under `models/bundles`."""
    params = read_params()
    train = pd.read_parquet(PREPARED / "train.parquet")
    validation = pd.read_parquet(PREPARED / "validation.parquet").sample(
        frac=1, random_state=params.seed
    )
    export_logistic(params, train, validation)
    export_transformer(
        params, train, validation, train_transformer.MODEL / "best", BUNDLES / "transformer"
    )


if __name__ == "__main__":
    main()
