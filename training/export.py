"""Export: fitted models become bundles, through the parity gate.

Knows how each family of model is turned into a bundle and what the gate asks. Knows nothing of test
sets: metrics are added by `evaluate`. A candidate that fails the gate has no bundle, and the report
says why.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedTokenizerBase

from backend.bundle import Bundle, Card, Dataset, Input, copy_bundle, sha256_of, write_bundle
from backend.classifier import Classifier
from backend.cores import available_cores
from backend.language import identify
from backend.text import NORMALISER_VERSION
from training import features, fine_tuning, train_transformer
from training.candidates import BUNDLES, CANDIDATES, PARITY
from training.checkpoints import encode, load, pad
from training.drift.quantities import Comments, reference_of
from training.drift.states import states_of
from training.encoder import embed, load_encoder
from training.graphs import encoder_graph, head_graph, joined, transformer_graph, words_graph
from training.metrics import Labels, fit_temperature, label_indices
from training.params import Params, read_params
from training.parity import ADVERSARIAL, ParityError, check_float, check_int8
from training.paths import MODELS, PREPARED
from training.quantisation import peaks_of, quantise, quantise_weights
from training.stage import aside, run
from training.tracking import git, tracked
from training.youtube_api import read_collected

LEAST_REAL = 2000
_CALIBRATION_ROWS = 512
_CALIBRATION_BATCH = 32

Report = dict[str, float | str]


@dataclass(frozen=True)
class Gate:
    """What an exported model is compared with its trained self on.

    `texts` are real comments, those with a label first, then the hostile ones; `true` are the labels.
    `calibration` are others, which show a quantised graph what its values are like.
    """

    texts: list[str]
    true: Labels
    calibration: list[str]

    @classmethod
    def of(cls, params: Params, train: pd.DataFrame, validation: pd.DataFrame) -> Gate:
        """Return the gate: validation rows, comments of the Data API, training rows if they are few."""
        rows = validation.head(params.export.parity_rows)
        texts = [*rows["text"], *read_collected()]
        lacking = max(0, min(LEAST_REAL, params.export.parity_rows) - len(texts))
        return cls(
            texts=[*texts, *train["text"].head(lacking), *ADVERSARIAL],
            true=label_indices(rows["label"]),
            calibration=train["text"]
            .sample(min(_CALIBRATION_ROWS, len(train)), random_state=params.seed)
            .tolist(),
        )


def export_classical(name: str, params: Params, card: Card, gate: Gate) -> tuple[Bundle, Report]:
    """Write the bundle of the classical candidate `name`; return it and how far it strays.

    Raises:
        ParityError: it does not do what the fitted model does.
    """
    kept = joblib.load(MODELS / f"{name}.joblib")
    kind, classifier = kept["features"], kept["classifier"]
    card = card.model_copy(update={"name": f"{kind}-{name}", "family": _FAMILIES[name]})
    if kind == "embeddings":
        return _export_on_encoder(name, classifier, params, card, gate)
    words = features.load_vectoriser()
    if kind == "counts":
        words = words["counts"]
    matrix = words.transform(features.tokens_of(pd.Series(gate.texts))).astype(np.float32)
    trained = classifier.predict_proba(matrix).astype(np.float32)
    graph = joined(words_graph(words), head_graph(classifier, matrix.shape[1], sparse=True))
    card = card.model_copy(update={"input": Input(kind="tokens")})
    bundle = write_bundle(BUNDLES / name, card, {"model.onnx": graph})
    return bundle, {
        "float_difference": check_float(trained, Classifier(bundle).probabilities(gate.texts))
    }


def _export_on_encoder(
    name: str, classifier: object, params: Params, card: Card, gate: Gate
) -> tuple[Bundle, Report]:
    settings = params.featurise
    encoder, tokenizer = load_encoder(settings)
    vectors = embed(encoder, tokenizer, gate.texts, settings.max_tokens, exact=True)
    trained = classifier.predict_proba(vectors).astype(np.float32)  # type: ignore[attr-defined]
    head = head_graph(classifier, vectors.shape[1], sparse=False)
    graph = joined(encoder_graph(encoder, encoder.model), head)
    card = card.model_copy(
        update={
            "name": f"{Path(settings.checkpoint).name}-{name}",
            "input": Input(kind="wordpieces", max_tokens=settings.max_tokens),
        }
    )
    return _gated(name, card, graph, tokenizer, settings.max_tokens, trained, gate)


def export_transformer(
    params: Params, card: Card, gate: Gate, trained_in: Path = train_transformer.MODEL / "best"
) -> tuple[Bundle, Report]:
    """Write the int8 bundle of the model in `trained_in`; its float graph passes the gate first.

    Raises:
        CheckpointError: the model in `trained_in` can't be loaded.
        ParityError: it does not do what the fine-tuned model does.
    """
    settings = params.train_transformer
    tokenizer = load(AutoTokenizer, str(trained_in))
    model = load(AutoModelForSequenceClassification, str(trained_in))
    encoded = encode(tokenizer, gate.texts, settings.max_tokens)
    logits = fine_tuning.predict(model, encoded, tokenizer.pad_token_id, exact=True)
    temperature = fit_temperature(logits[: len(gate.true)], gate.true)
    card = card.model_copy(
        update={
            "name": Path(settings.checkpoint).name,
            "family": "transformer",
            "input": Input(kind="wordpieces", max_tokens=settings.max_tokens),
            "temperature": temperature,
        }
    )
    graph = transformer_graph(model, temperature)
    trained = _softmax(logits / temperature)
    return _gated("transformer", card, graph, tokenizer, settings.max_tokens, trained, gate)


def _gated(
    name: str,
    card: Card,
    graph: bytes,
    tokenizer: PreTrainedTokenizerBase,
    max_tokens: int,
    trained: npt.NDArray[np.float32],
    gate: Gate,
) -> tuple[Bundle, Report]:
    """Write the bundle of a graph on word pieces: as float32, to be compared exactly, then as int8.

    The fastest quantisation that passes is taken, the others' refusals are reported.
    """
    files = {"model.onnx": graph, "tokenizer.json": tokenizer.backend_tokenizer.to_str().encode()}
    whole = write_bundle(BUNDLES / f"{name}-float", card, files)
    report: Report = {
        "float_difference": check_float(trained, Classifier(whole).probabilities(gate.texts))
    }
    encoded = encode(tokenizer, gate.calibration, max_tokens)
    batches = [
        pad(encoded[start : start + _CALIBRATION_BATCH], tokenizer.pad_token_id)
        for start in range(0, len(encoded), _CALIBRATION_BATCH)
    ]
    peaks = peaks_of(graph, [{key: ids.numpy() for key, ids in batch.items()} for batch in batches])
    smaller = {"arithmetic": quantise(graph, peaks), "weights": quantise_weights(graph)}
    for kind, quantised in smaller.items():
        small = write_bundle(BUNDLES / name, card, files | {"model.onnx": quantised})
        try:
            agreement = check_int8(trained, Classifier(small).probabilities(gate.texts), gate.true)
        except ParityError as error:
            report[f"{kind}_in_int8_refused"] = str(error)
            continue
        return small, report | {"in_int8": kind, "int8_agreement": agreement}
    raise ParityError("; ".join(f"{key}: {why}" for key, why in report.items() if "refused" in key))


_FAMILIES = {"logistic": "linear", "lightgbm": "trees", "xgboost": "trees"}


def _softmax(logits: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    shares: npt.NDArray[np.float32] = powers / powers.sum(1, keepdims=True)
    return shares


def card_of(train: pd.DataFrame) -> Card:
    """Return what the cards of all candidates share; each fills in what is its own.

    The version is the date of the commit and the beginning of the data's hash: an equal run writes an
    equal bundle, and one on newer corrections another version.
    """
    checksum = sha256_of(PREPARED / "train.parquet")
    sizes = train.groupby("source").size()
    committed = git("log", "-1", "--format=%cd", "--date=format:%Y.%m.%d")
    return Card(
        name="candidate",
        family="candidate",
        version=f"{committed or datetime.now(UTC).strftime('%Y.%m.%d')}+{checksum[:7]}",
        input=Input(kind="tokens"),
        normaliser_version=NORMALISER_VERSION,
        training_data=tuple(
            Dataset(name=str(source), sha256=checksum, rows=int(rows)) for source, rows in sizes.items()
        ),
        metrics={},
        temperature=1.0,
        reference={},
        git_commit=git("rev-parse", "HEAD"),
        files={},
    )


def referenced(bundle: Bundle, texts: list[str]) -> Bundle:
    """Write into the card of `bundle` what `texts` look like to it, to measure drift against."""
    probabilities = Classifier(bundle, available_cores()).probabilities(texts)
    comments = Comments.of(texts, probabilities, identify(texts), states_of(bundle, texts))
    return copy_bundle(bundle, bundle.directory, reference=reference_of(comments))


def main() -> None:
    """Write a bundle for each candidate under `models/bundles`, and the report of the gate.

    Raises:
        ParityError: every candidate failed.
    """
    params = read_params()
    with tracked("export", params) as tracking:
        train = pd.read_parquet(PREPARED / "train.parquet")
        validation = pd.read_parquet(PREPARED / "validation.parquet").sample(
            frac=1, random_state=params.seed
        )
        card, gate = card_of(train), Gate.of(params, train, validation)
        report: dict[str, Report] = {}
        for name in CANDIDATES:
            try:
                if name == "transformer":
                    bundle, report[name] = export_transformer(params, card, gate)
                else:
                    bundle, report[name] = export_classical(name, params, card, gate)
                referenced(bundle, validation["text"].tolist())
            except ParityError as error:
                shutil.rmtree(BUNDLES / name, ignore_errors=True)
                report[name] = {"refused": str(error)}
        with aside(PARITY) as path:
            path.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
        tracking.log_files(PARITY)
        if all("refused" in found for found in report.values()):
            raise ParityError("no candidate passed: " + json.dumps(report))


if __name__ == "__main__":
    run(main)
