"""Real exports of small models: what is served is what was trained."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from backend.bundle import Bundle, read_bundle
from backend.classifier import Classifier
from tests.training.conftest import features_of, fit_words, gate, keep, prepared
from training import export, fine_tuning, smoke, train_lightgbm, train_logistic, train_xgboost
from training.bundle import crown
from training.candidates import BUNDLES, PARITY
from training.classical import Build
from training.drift.states import states_of
from training.encoder import embed, load_encoder
from training.metrics import label_indices
from training.params import Params
from training.parity import ADVERSARIAL

pytestmark = pytest.mark.usefixtures("workplace")

FOREST = {"rounds": 20, "leaves": 8, "depth": 4, "learning_rate": 0.3, "column_share": 1.0}
FOREST |= {"least_rows": 5, "least_weight": 1.0}


def test_a_linear_bundle_is_exact_and_right(linear_bundle: Bundle) -> None:
    validation = prepared("validation")

    labels = Classifier(linear_bundle).probabilities(validation["text"].tolist()).argmax(1)

    assert (labels == label_indices(validation["label"])).mean() > 0.95
    assert read_bundle(BUNDLES / "logistic").card.family == "linear"
    texts = validation["text"].tolist()
    reference = export.referenced(linear_bundle, texts).card.reference
    assert reference["label"].counts == tuple(np.bincount(labels, minlength=3).tolist())
    assert reference.keys() == {"label", "confidence", "length", "language", "vocabulary"}


@pytest.mark.parametrize("kind", ["counts", "tfidf"])
@pytest.mark.parametrize(
    ("name", "build"), [("lightgbm", train_lightgbm.build), ("xgboost", train_xgboost.build)]
)
def test_trees_on_words_are_exact_and_right(name: str, build: Build, kind: str, params: Params) -> None:
    train, validation = prepared("train"), prepared("validation")
    fit_words(train)
    fitted = build(FOREST, 0)
    fitted.fit(features_of(kind, train), label_indices(train["label"]))
    keep(name, kind, fitted)

    bundle, report = export.export_classical(name, params, *gate(params))

    assert report["float_difference"] < 1e-5
    labels = Classifier(bundle).probabilities(validation["text"].tolist()).argmax(1)
    assert (labels == label_indices(validation["label"])).mean() > 0.9


def test_a_classifier_on_embeddings_takes_the_encoder_with_it(params: Params) -> None:
    smoke.write_tiny_checkpoint(Path("models/tiny"))
    featurise = params.featurise.model_copy(update={"checkpoint": "models/tiny", "max_tokens": 32})
    params = params.model_copy(update={"featurise": featurise})
    train, validation = prepared("train"), prepared("validation")
    vectors = embed(*load_encoder(featurise), train["text"].tolist(), 32)
    fitted = train_logistic.build({"regularisation": 100.0}, 0)
    keep("logistic", "embeddings", fitted.fit(vectors, label_indices(train["label"])))

    bundle, report = export.export_classical("logistic", params, *gate(params))

    assert bundle.card.input.kind == "wordpieces"
    assert bundle.card.name == "tiny-logistic"
    assert report["float_difference"] < 1e-4
    assert report["int8_agreement"] >= 0.99
    labels = Classifier(bundle).probabilities(validation["text"].tolist()).argmax(1)
    assert (labels == label_indices(validation["label"])).mean() > 0.6
    # The judge reads what `embed` gives, so the states are its projection, but for what int8 rounds.
    texts = validation["text"].tolist()
    states = states_of(bundle, texts)
    assert states is not None
    read = embed(*load_encoder(featurise), texts, 32)
    explained = read @ np.linalg.lstsq(read, states, rcond=None)[0]
    assert np.corrcoef(explained.ravel(), states.ravel())[0, 1] > 0.99
    card = read_bundle(export.referenced(bundle, texts).directory).card
    assert sum(card.reference["label"].counts) == len(texts)
    assert card.reference["state 12"].bins[0] == "-inf"


def test_a_candidate_that_strays_is_refused_and_leaves_no_bundle(
    params: Params, monkeypatch: pytest.MonkeyPatch, linear_bundle: Bundle
) -> None:
    monkeypatch.setattr("training.parity.FLOAT_DIFFERENCE", -1.0)
    monkeypatch.setattr("training.export.CANDIDATES", ("logistic",))
    monkeypatch.setattr("training.export.read_params", lambda: params)

    with pytest.raises(export.ParityError, match="no candidate passed"):
        export.main()

    assert not linear_bundle.directory.exists()
    assert "limit -1" in json.loads(PARITY.read_text(encoding="utf-8"))["logistic"]["refused"]


def test_a_transformer_bundle_passes_the_gate_and_is_less_than_half_the_size(params: Params) -> None:
    train, validation = prepared("train"), prepared("validation")
    settings = params.train_transformer
    fine_tuning.fine_tune(settings, 0, train, validation.head(100), Path("models/transformer"))

    bundle, report = export.export_transformer(params, *gate(params))

    whole = read_bundle(BUNDLES / "transformer-float")
    texts = [*validation["text"].head(200), *ADVERSARIAL]
    difference = Classifier(bundle).probabilities(texts) - Classifier(whole).probabilities(texts)
    assert 0 < np.abs(difference).max() < 0.05
    assert bundle.model.stat().st_size < 0.5 * whole.model.stat().st_size
    assert report["int8_agreement"] >= 0.99

    shutil.rmtree("models/transformer")
    champion = crown(bundle, Path("champion"))
    assert champion.card == bundle.card
    assert read_bundle(Path("champion")).card == bundle.card


def test_a_comment_is_labelled_the_same_whatever_comes_with_it(params: Params) -> None:
    train, validation = prepared("train"), prepared("validation")
    fine_tuning.fine_tune(
        params.train_transformer, 0, train, validation.head(100), Path("models/transformer")
    )
    bundle, _ = export.export_transformer(params, *gate(params))
    texts = validation["text"].head(50).tolist()
    classifier = Classifier(bundle)

    alone = np.concatenate([classifier.probabilities([text]) for text in texts])

    assert np.abs(classifier.probabilities(texts) - alone).max() < 1e-5
