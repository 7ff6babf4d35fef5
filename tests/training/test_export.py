"""Real exports of small models: what is served is what was trained."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest

from backend.bundle import Bundle, read_bundle
from backend.classifier import Classifier
from tests.training.conftest import prepared
from training import export, train_transformer
from training.bundle import crown
from training.graphs import quantise
from training.params import Params
from training.parity import ADVERSARIAL

pytestmark = pytest.mark.usefixtures("workplace")


def test_a_linear_bundle_is_exact_and_right(linear_bundle: Bundle) -> None:
    validation = prepared("validation")

    labels = Classifier(linear_bundle).probabilities(validation["text"].tolist()).argmax(1)

    assert (labels == export.label_indices(validation["label"])).mean() > 0.95
    assert read_bundle(export.BUNDLES / "logistic").card.family == "linear"


def test_a_transformer_bundle_passes_the_gate_and_is_a_quarter_the_size(params: Params) -> None:
    train, validation = prepared("train"), prepared("validation")
    settings = params.train_transformer
    train_transformer.train(settings, 0, train, validation.head(100), Path("models/transformer"))

    bundle = export.export_transformer(
        params, train, validation, Path("models/transformer/best"), export.BUNDLES / "transformer"
    )

    whole = read_bundle(export.BUNDLES / "transformer-float")
    texts = [*validation["text"].head(200), *ADVERSARIAL]
    difference = Classifier(bundle).probabilities(texts) - Classifier(whole).probabilities(texts)
    assert 0 < np.abs(difference).max() < 0.05
    assert bundle.model.stat().st_size < 0.4 * whole.model.stat().st_size

    shutil.rmtree("models/transformer")
    champion = crown(bundle, Path("champion"))
    assert champion.card == bundle.card
    assert read_bundle(Path("champion")).card == bundle.card


def test_a_comment_is_labelled_the_same_whatever_comes_with_it(params: Params) -> None:
    train, validation = prepared("train"), prepared("validation")
    train_transformer.train(params.train_transformer, 0, train, validation.head(100), Path("models/t"))
    bundle = export.export_transformer(
        params, train, validation, Path("models/t/best"), export.BUNDLES / "transformer"
    )
    texts = validation["text"].head(50).tolist()
    classifier = Classifier(bundle)

    alone = np.concatenate([classifier.probabilities([text]) for text in texts])

    assert np.abs(classifier.probabilities(texts) - alone).max() < 1e-5


def test_int8_weights_are_within_half_a_step() -> None:
    matrix = np.random.default_rng(0).normal(size=(256, 128)).astype(np.float32)
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("MatMul", ["x", "w"], ["y"])],
        "product",
        [onnx.helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [None, 256])],
        [onnx.helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [None, 128])],
        [onnx.numpy_helper.from_array(matrix, "w")],
    )
    opset = [onnx.helper.make_opsetid("", 17)]
    model = onnx.load_from_string(
        quantise(onnx.helper.make_model(graph, opset_imports=opset).SerializeToString())
    )

    stored = {item.name: onnx.numpy_helper.to_array(item) for item in model.graph.initializer}

    step = stored["w_scale"]
    restored = (stored["w_int8"] * step).reshape(256, 128)
    assert stored["w_int8"].dtype == np.int8
    assert np.all(np.abs(restored - matrix) <= 0.5001 * np.repeat(step, 128, axis=1).reshape(256, 128))
