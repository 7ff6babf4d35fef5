"""Graphs: fitted models as ONNX, every one with the same output.

Knows skl2onnx, torch's exporter and onnxruntime's quantiser. Knows nothing of bundles or of quality.
Every graph has one output, `probabilities` float32 (n, 3), in the order negative, neutral, positive.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.optimizer import optimize_model
from skl2onnx import to_onnx
from skl2onnx.common.data_types import StringTensorType
from sklearn.pipeline import Pipeline
from transformers import PreTrainedModel

OPSET = 18


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
        )
        return bytes(fused.model.SerializeToString())


def quantise(graph: bytes) -> bytes:
    """Return `graph` with its matrices as int8, one scale for each output channel."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        source.write_bytes(graph)
        quantize_dynamic(
            source,
            target,
            # Unsigned: processors without VNNI saturate when signed weights use all eight bits.
            weight_type=QuantType.QUInt8,
            per_channel=True,
            # Shape inference stops at fused operators; everything in these graphs is float32.
            extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
        )
        quantised = onnx.load(target)
    return bytes(quantised.SerializeToString())
