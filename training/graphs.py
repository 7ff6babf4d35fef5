"""Graphs: fitted models as ONNX, every one with the same output.

Knows skl2onnx, torch's exporter and how weights become int8. Knows nothing of bundles or of quality.
Every graph has one output, `probabilities` float32 (n, 3), in the order negative, neutral, positive.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import helper, numpy_helper
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from skl2onnx import to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.pipeline import Pipeline
from transformers import PreTrainedModel

OPSET = 18
BLOCK = 128

# Smaller matrices are not worth the error.
_LEAST_ROWS = 100


def linear_graph(pipeline: Pipeline) -> bytes:
    """Return the graph of a TF-IDF pipeline: input `tokens`, string (n, 1)."""
    graph = to_onnx(
        pipeline,
        initial_types=[("tokens", StringTensorType([None, 1]))],
        options={"zipmap": False},
        target_opset=OPSET,
    )
    del graph.graph.output[0]
    return bytes(graph.SerializeToString())


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
                _Probabilities(model, temperature).eval(),
                (example, example),
                path,
                dynamo=False,  # torch 2.13's new exporter is off by up to 0.016 on this model
                opset_version=17,
                input_names=["input_ids", "attention_mask"],
                output_names=["probabilities"],
                dynamic_axes={"input_ids": axes, "attention_mask": axes, "probabilities": {0: "batch"}},
            )
        fused = optimize_model(
            str(path),
            model_type="bert",
            num_heads=model.config.num_attention_heads,
            hidden_size=model.config.hidden_size,
            opt_level=1,
            optimization_options=fusions,
        )
        return bytes(fused.model.SerializeToString())


def quantise(graph: bytes) -> bytes:
    """Return `graph` with its matrices stored as int8 and its arithmetic as it was.

    Weights of a product get one scale for `BLOCK` inputs of an output, rows of an embedding one each
    (round to nearest, symmetric: Jacob et al. 2018, section 2). onnxruntime turns the former back into
    float32 when it loads the graph, and the latter when it looks a row up. Activations stay float32:
    quantised with one scale for a batch, as `quantize_dynamic` does, they change one label in sixty,
    and a comment's label would depend on which other comments came with it.
    """
    model = onnx.load_from_string(graph)
    weights = {item.name: item for item in model.graph.initializer}
    nodes = []
    for node in model.graph.node:
        name = {"Gather": node.input[0], "MatMul": node.input[-1]}.get(node.op_type)
        if name not in weights or not _is_large(weights[name]):
            nodes.append(node)
            continue
        replaced = _dequantised_rows if node.op_type == "Gather" else _dequantised_matrix
        constants, added = replaced(node, numpy_helper.to_array(weights[name]))
        model.graph.initializer.remove(weights[name])
        model.graph.initializer.extend(constants)
        nodes.extend(added)
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _is_large(weight: onnx.TensorProto) -> bool:
    return len(weight.dims) == 2 and min(weight.dims) >= _LEAST_ROWS


def _dequantised_rows(
    gather: onnx.NodeProto, table: npt.NDArray[np.float32]
) -> tuple[list[onnx.TensorProto], list[onnx.NodeProto]]:
    whole, scale = _int8(table, axis=1)
    name, rows = gather.input
    out = gather.output[0]
    constants = [_constant(whole, f"{name}_int8"), _constant(scale, f"{name}_scale")]
    return constants, [
        helper.make_node("Gather", [f"{name}_int8", rows], [f"{out}_int8"]),
        helper.make_node("Gather", [f"{name}_scale", rows], [f"{out}_scale"]),
        helper.make_node("Cast", [f"{out}_int8"], [f"{out}_whole"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [f"{out}_whole", f"{out}_scale"], [out]),
    ]


def _dequantised_matrix(
    product: onnx.NodeProto, matrix: npt.NDArray[np.float32]
) -> tuple[list[onnx.TensorProto], list[onnx.NodeProto]]:
    inputs, outputs = matrix.shape
    block = BLOCK if inputs % BLOCK == 0 else inputs
    whole, scale = _int8(matrix.reshape(-1, block, outputs), axis=1)
    name = product.input[1]
    constants = [
        _constant(whole, f"{name}_int8"),
        _constant(scale, f"{name}_scale"),
        _constant(np.array([inputs, outputs], dtype=np.int64), f"{name}_shape"),
    ]
    return constants, [
        helper.make_node("Cast", [f"{name}_int8"], [f"{name}_whole"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [f"{name}_whole", f"{name}_scale"], [f"{name}_blocks"]),
        helper.make_node("Reshape", [f"{name}_blocks", f"{name}_shape"], [name]),
        product,
    ]


def _int8(
    values: npt.NDArray[np.float32], axis: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    scale = np.maximum(np.abs(values).max(axis, keepdims=True) / 127, np.finfo(np.float32).tiny)
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)


def _constant(values: npt.NDArray[np.generic], name: str) -> onnx.TensorProto:
    return numpy_helper.from_array(values, name)
