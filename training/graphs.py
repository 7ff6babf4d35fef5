"""Graphs: fitted models as ONNX, every one with the same output.

Knows the converters and torch's exporter. Knows nothing of bundles, of quality or of int8. Every graph
has one output, `probabilities` float32 (n, 3), in the order negative, neutral, positive. That of a
classical model is made of two: features, and a head that reads them.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from lightgbm import LGBMClassifier
from onnx import compose, helper, numpy_helper
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType as SklearnFloat
from skl2onnx.common.data_types import StringTensorType
from transformers import PreTrainedModel
from xgboost import XGBClassifier

OPSET = 17
# As far as onnxmltools goes; the operators it uses have not changed since.
_TREES_OPSET = 15
_OPSETS = {"": OPSET, "ai.onnx.ml": 3}
_IR_VERSION = 8


def words_graph(words: Any) -> onnx.ModelProto:
    """Return the graph of a fitted vectoriser: `tokens`, string (n, 1), to `features` float32."""
    inputs = [("tokens", StringTensorType([None, 1]))]
    graph: onnx.ModelProto = to_onnx(words, initial_types=inputs, target_opset=_OPSETS)
    return graph


def head_graph(classifier: Any, width: int, sparse: bool) -> onnx.ModelProto:
    """Return the graph of a fitted classifier: `features`, float32 (n, width), to `probabilities`.

    `sparse` says that it was fitted on a sparse matrix; XGBoost takes the zeros of one for missing.
    """
    graph: onnx.ModelProto
    if isinstance(classifier, LGBMClassifier):
        inputs = [("features", FloatTensorType([None, width]))]
        graph = convert_lightgbm(
            classifier, "trees", initial_types=inputs, zipmap=False, target_opset=_TREES_OPSET
        )
    elif isinstance(classifier, XGBClassifier):
        inputs = [("features", FloatTensorType([None, width]))]
        graph = convert_xgboost(classifier, "trees", initial_types=inputs, target_opset=_TREES_OPSET)
        if sparse:
            graph = _zeros_are_missing(graph)
    else:
        inputs = [("features", SklearnFloat([None, width]))]
        options = {"zipmap": False}
        graph = to_onnx(classifier, initial_types=inputs, options=options, target_opset=_OPSETS)
    return graph


def joined(features: onnx.ModelProto, head: onnx.ModelProto) -> bytes:
    """Return one graph of a graph that makes features and one that reads them."""
    first = compose.add_prefix(features, "features_", rename_inputs=False)
    second = compose.add_prefix(head, "head_")
    for model in (first, second):
        model.ir_version = _IR_VERSION
        _use_opsets(model)
    made, read = first.graph.output[0].name, second.graph.input[0].name
    probabilities = second.graph.output[-1].name
    merged = compose.merge_models(first, second, io_map=[(made, read)], outputs=[probabilities])
    merged.graph.node.append(helper.make_node("Identity", [probabilities], ["probabilities"]))
    merged.graph.output[0].name = "probabilities"
    onnx.checker.check_model(merged)
    return bytes(merged.SerializeToString())


def _use_opsets(model: onnx.ModelProto) -> None:
    """Declare the same operator sets in every graph; those used have not changed between them."""
    del model.opset_import[:]
    declared = _OPSETS | {"com.microsoft": 1}
    model.opset_import.extend(helper.make_opsetid(name, version) for name, version in declared.items())


def _zeros_are_missing(graph: onnx.ModelProto) -> onnx.ModelProto:
    name = graph.graph.input[0].name
    for node in graph.graph.node:
        for position, source in enumerate(node.input):
            if source == name:
                node.input[position] = "given"
    graph.graph.initializer.extend(
        [
            _constant(np.zeros(1, np.float32), "zero"),
            _constant(np.full(1, np.nan, np.float32), "missing"),
        ]
    )
    replaced = [
        helper.make_node("Equal", [name, "zero"], ["absent"]),
        helper.make_node("Where", ["absent", "missing", name], ["given"]),
    ]
    for node in reversed(replaced):
        graph.graph.node.insert(0, node)
    return graph


class _Probabilities(torch.nn.Module):
    def __init__(self, model: PreTrainedModel, temperature: float) -> None:
        super().__init__()
        self.model = model
        self.temperature = temperature

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        logits = self.model(input_ids=input_ids, attention_mask=attention_mask).logits
        return torch.softmax(logits / self.temperature, dim=-1)


def transformer_graph(model: PreTrainedModel, temperature: float) -> bytes:
    """Return the fused float32 graph: inputs `input_ids` and `attention_mask`, int64 (n, tokens)."""
    whole = _Probabilities(model, temperature)
    return bytes(_exported(whole, model, "probabilities").SerializeToString())


def encoder_graph(encoder: torch.nn.Module, model: PreTrainedModel) -> onnx.ModelProto:
    """Return the fused float32 graph of token ids to `features`, of an encoder around `model`."""
    return _exported(encoder, model, "features")


def _exported(whole: torch.nn.Module, model: PreTrainedModel, output: str) -> onnx.ModelProto:
    example = torch.ones((2, 8), dtype=torch.int64)
    axes = {0: "batch", 1: "tokens"}
    fusions = FusionOptions("bert")
    # Fused further, the weights would become inputs of operators that can't take them dequantised.
    fusions.use_multi_head_attention = True
    fusions.enable_embed_layer_norm = False
    model.set_attn_implementation("eager")  # the pattern that the fusion knows
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.onnx"
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                whole.eval(),
                (example, example),
                path,
                dynamo=False,  # torch 2.13's new exporter is off by up to 0.016 on this model
                opset_version=OPSET,
                input_names=["input_ids", "attention_mask"],
                output_names=[output],
                dynamic_axes={"input_ids": axes, "attention_mask": axes, output: {0: "batch"}},
            )
        fused = optimize_model(
            str(path),
            model_type="bert",
            num_heads=model.config.num_attention_heads,
            hidden_size=model.config.hidden_size,
            opt_level=1,
            optimization_options=fusions,
        )
        optimised: onnx.ModelProto = fused.model
        return optimised


def _constant(values: npt.NDArray[np.generic], name: str) -> onnx.TensorProto:
    return numpy_helper.from_array(values, name)
