"""Quantisation: a float32 graph with its weights, or its arithmetic too, in whole numbers of 8 bits.

Knows how tables, matrices and their inputs become int8, and how to calibrate. Knows nothing of where a
graph comes from or of how much quality is left; the parity gate measures that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from onnx import helper, numpy_helper

BLOCK = 128
"""Inputs of an output that share a scale where only weights are quantised."""

# Smaller matrices are not worth the error.
_LEAST_ROWS = 100
# Inputs are 0 ... 255 around 128. With weights of +-63, two products fit the 16 bits that processors
# without VNNI add them up in (255 * 63 * 2 < 2^15), so every processor computes the very same sum.
_INPUT_PEAK, _INPUT_ZERO, _WEIGHT_PEAK = 127, 128, 63
# How much of the difference between the channels of an input moves to the weights.
_MIGRATION = 0.6

Floats = npt.NDArray[np.float32]
_Replacement = tuple[list[onnx.TensorProto], list[onnx.NodeProto]]


def quantise_weights(graph: bytes) -> bytes:
    """Return `graph` with its matrices stored as int8 and its arithmetic as it was.

    Weights of a product get one scale for `BLOCK` inputs of an output, rows of an embedding one each
    (round to nearest, symmetric: Jacob et al. 2018, section 2). onnxruntime turns the former back into
    float32 when it loads the graph, and the latter when it looks a row up.
    """
    model = onnx.load_from_string(graph)
    for node, weight in _large_weights(model):
        replaced = _dequantised_rows if node.op_type == "Gather" else _dequantised_matrix
        _replace(model, node, replaced(node, numpy_helper.to_array(weight)))
    return _checked(model)


def quantise(graph: bytes, peaks: Mapping[str, Floats]) -> bytes:
    """Return `graph` with most of its products computed in whole numbers, which is faster.

    Each row of an input has a scale of its own, so what comes out for a comment does not depend on
    which others came with it, as it does where a batch shares one (`quantize_dynamic`). `peaks` are
    what `peaks_of` returns: channels that stand out are scaled down and their weights up (SmoothQuant:
    Xiao et al. 2023, section 4). Products that make a row narrower stay in float32, their weights int8:
    what they read comes out of an activation function and is lopsided, so that most of a scale around
    zero is wasted on it. On MiniLM that takes labels that change from 0.9 % to 0.5 %.

    Raises:
        KeyError: the peaks of an input are missing.
    """
    model = onnx.load_from_string(graph)
    products: dict[str, list[onnx.NodeProto]] = {}
    for node, weight in _large_weights(model):
        if node.op_type == "Gather":
            _replace(model, node, _dequantised_rows(node, numpy_helper.to_array(weight)))
        elif _narrows(weight):
            _replace(model, node, _dequantised_matrix(node, numpy_helper.to_array(weight)))
        else:
            products.setdefault(node.input[0], []).append(node)
    constants = [
        _constant(np.array(1 / _INPUT_PEAK, np.float32), "int8_step"),
        _constant(np.array(np.finfo(np.float32).tiny, np.float32), "int8_least"),
        _constant(np.array(_INPUT_ZERO, np.float32), "int8_middle"),
        _constant(np.array(_INPUT_ZERO, np.uint8), "int8_zero"),
    ]
    model.graph.initializer.extend(constants)
    for name, nodes in products.items():
        stored = {item.name: item for item in model.graph.initializer}
        matrices = [numpy_helper.to_array(stored[node.input[1]]) for node in nodes]
        smooth = _smoothing(peaks[name], matrices)
        added = _quantised_input(name, smooth)
        for node, matrix in zip(nodes, matrices, strict=True):
            _replace(model, node, _whole_product(node, matrix * smooth[:, None]), before=added)
            added = ([], [])
    return _checked(model)


def peaks_of(graph: bytes, batches: Iterable[Mapping[str, npt.NDArray[np.int64]]]) -> dict[str, Floats]:
    """Return the largest magnitudes (inputs,) of the input of every large product, over `batches`.

    Each batch holds the graph's inputs, among them `attention_mask` (n, tokens): padding is left out.
    """
    model = onnx.load_from_string(graph)
    names = list(
        dict.fromkeys(
            node.input[0]
            for node, weight in _large_weights(model)
            if node.op_type == "MatMul" and not _narrows(weight)
        )
    )
    model.graph.output.extend(
        helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names
    )
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    peaks: dict[str, Floats] = {}
    for batch in batches:
        read = batch["attention_mask"].astype(bool)
        for name, values in zip(names, session.run(names, dict(batch)), strict=True):
            seen = np.abs(values[read]).max(0)
            peaks[name] = np.maximum(peaks[name], seen) if name in peaks else seen
    return peaks


def _large_weights(model: onnx.ModelProto) -> list[tuple[onnx.NodeProto, onnx.TensorProto]]:
    """Return the look-ups and products with a weight that is worth it, and the weight of each."""
    stored = {item.name: item for item in model.graph.initializer}
    found = []
    for node in model.graph.node:
        name = {"Gather": node.input[0], "MatMul": node.input[-1]}.get(node.op_type)
        weight = stored.get(name) if name else None
        if weight is not None and len(weight.dims) == 2 and min(weight.dims) >= _LEAST_ROWS:
            found.append((node, weight))
    return found


def _narrows(weight: onnx.TensorProto) -> bool:
    inputs, outputs = weight.dims
    return bool(inputs > outputs)


def _replace(
    model: onnx.ModelProto, node: onnx.NodeProto, by: _Replacement, before: _Replacement = ([], [])
) -> None:
    """Put `before` and `by` where `node` was, and drop its weight."""
    weight = node.input[0] if node.op_type == "Gather" else node.input[1]
    place = list(model.graph.node).index(node)
    nodes = list(model.graph.node)
    nodes[place : place + 1] = [*before[1], *by[1]]
    kept = [item for item in model.graph.initializer if item.name != weight]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend([*kept, *before[0], *by[0]])


def _checked(model: onnx.ModelProto) -> bytes:
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _smoothing(peaks: Floats, matrices: list[Floats]) -> Floats:
    """Return what each channel of an input is divided by, and its weights multiplied."""
    weights = np.max([np.abs(matrix).max(1) for matrix in matrices], axis=0)
    least = np.float32(1e-5)
    smooth: Floats = (
        np.maximum(peaks, least) ** _MIGRATION / np.maximum(weights, least) ** (1 - _MIGRATION)
    ).astype(np.float32)
    return smooth


def _quantised_input(name: str, smooth: Floats) -> _Replacement:
    """Return the nodes that make `{name}_int8`, and the scale (..., 1) of its rows, `{name}_scale`."""
    constants = [_constant(1 / smooth, f"{name}_smooth")]
    return constants, [
        helper.make_node("Mul", [name, f"{name}_smooth"], [f"{name}_even"]),
        helper.make_node("Abs", [f"{name}_even"], [f"{name}_size"]),
        helper.make_node("ReduceMax", [f"{name}_size"], [f"{name}_largest"], axes=[-1], keepdims=1),
        helper.make_node("Max", [f"{name}_largest", "int8_least"], [f"{name}_peak"]),
        helper.make_node("Mul", [f"{name}_peak", "int8_step"], [f"{name}_scale"]),
        helper.make_node("Div", [f"{name}_even", f"{name}_scale"], [f"{name}_steps"]),
        helper.make_node("Round", [f"{name}_steps"], [f"{name}_round"]),
        helper.make_node("Add", [f"{name}_round", "int8_middle"], [f"{name}_shifted"]),
        helper.make_node("Cast", [f"{name}_shifted"], [f"{name}_int8"], to=onnx.TensorProto.UINT8),
    ]


def _whole_product(product: onnx.NodeProto, matrix: Floats) -> _Replacement:
    """Return the nodes that multiply a quantised input with `matrix`, one scale for each output."""
    source, name = product.input
    out = product.output[0]
    whole, scale = _int8(matrix, axis=0, peak=_WEIGHT_PEAK)
    constants = [_constant(whole, f"{name}_int8"), _constant(scale[0], f"{name}_scale")]
    return constants, [
        helper.make_node(
            "MatMulInteger", [f"{source}_int8", f"{name}_int8", "int8_zero"], [f"{out}_whole"]
        ),
        helper.make_node("Cast", [f"{out}_whole"], [f"{out}_steps"], to=onnx.TensorProto.FLOAT),
        helper.make_node("Mul", [f"{out}_steps", f"{name}_scale"], [f"{out}_scaled"]),
        helper.make_node("Mul", [f"{out}_scaled", f"{source}_scale"], [out]),
    ]


def _dequantised_rows(gather: onnx.NodeProto, table: Floats) -> _Replacement:
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


def _dequantised_matrix(product: onnx.NodeProto, matrix: Floats) -> _Replacement:
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


def _int8(values: Floats, axis: int, peak: int = 127) -> tuple[npt.NDArray[np.int8], Floats]:
    scale = np.maximum(np.abs(values).max(axis, keepdims=True) / peak, np.finfo(np.float32).tiny)
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)


def _constant(values: npt.NDArray[np.generic], name: str) -> onnx.TensorProto:
    return numpy_helper.from_array(values, name)
