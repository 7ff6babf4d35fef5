"""Quantised graphs against the float ones they come from, in onnxruntime."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
import pytest
from onnx import helper, numpy_helper

from training.quantisation import peaks_of, quantise, quantise_weights

ROWS, TOKENS, INPUTS, OUTPUTS = 6, 5, 256, 256
Floats = npt.NDArray[np.float32]


@pytest.fixture
def matrix() -> Floats:
    return np.random.default_rng(0).normal(size=(INPUTS, OUTPUTS)).astype(np.float32)


@pytest.fixture
def values() -> Floats:
    """Return inputs with one channel that stands out a hundredfold, as those of transformers do."""
    values = np.random.default_rng(1).normal(size=(ROWS, TOKENS, INPUTS)).astype(np.float32)
    values[..., 7] *= 100
    return values


@pytest.fixture
def graph(matrix: Floats) -> bytes:
    """Return the graph of one product."""
    product = helper.make_graph(
        [
            helper.make_node("Cast", ["attention_mask"], ["flat"], to=onnx.TensorProto.FLOAT),
            helper.make_node("Unsqueeze", ["flat", "last"], ["mask"]),
            helper.make_node("Mul", ["x", "mask"], ["masked"]),
            helper.make_node("MatMul", ["masked", "w"], ["y"]),
        ],
        "product",
        [
            helper.make_tensor_value_info("x", onnx.TensorProto.FLOAT, [None, None, INPUTS]),
            helper.make_tensor_value_info("attention_mask", onnx.TensorProto.INT64, [None, None]),
        ],
        [helper.make_tensor_value_info("y", onnx.TensorProto.FLOAT, [None, None, OUTPUTS])],
        [numpy_helper.from_array(matrix, "w"), numpy_helper.from_array(np.array([-1]), "last")],
    )
    model = helper.make_model(product, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(model.SerializeToString())


def run(graph: bytes, values: Floats) -> Floats:
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    mask = np.ones(values.shape[:2], dtype=np.int64)
    outputs: Floats = session.run(["y"], {"x": values, "attention_mask": mask})[0]
    return outputs


def peaks(values: Floats) -> dict[str, Floats]:
    return {"masked": np.abs(values).max((0, 1))}


def stored(graph: bytes) -> dict[str, npt.NDArray[np.generic]]:
    model = onnx.load_from_string(graph)
    return {item.name: numpy_helper.to_array(item) for item in model.graph.initializer}


def test_int8_weights_are_within_half_a_step(graph: bytes, matrix: Floats) -> None:
    kept = stored(quantise_weights(graph))

    step = kept["w_scale"]
    restored = (kept["w_int8"] * step).reshape(INPUTS, OUTPUTS)
    assert kept["w_int8"].dtype == np.int8
    assert np.all(
        np.abs(restored - matrix) <= 0.5001 * np.repeat(step, 128, axis=1).reshape(INPUTS, OUTPUTS)
    )


def test_products_in_whole_numbers_stay_close(graph: bytes, values: Floats) -> None:
    exact, whole = run(graph, values), run(quantise(graph, peaks(values)), values)

    assert np.abs(whole - exact).mean() < 0.02 * np.abs(exact).mean()


def test_a_channel_that_stands_out_does_not_drown_the_others(
    graph: bytes, values: Floats, matrix: Floats
) -> None:
    """The error without smoothing is that of the outlier's step on every channel."""
    exact = run(graph, values)
    even = {"masked": np.abs(matrix).max(1)}  # peaks that make the smoothing 1 for every channel
    rough = np.abs(run(quantise(graph, even), values) - exact).mean()

    assert np.abs(run(quantise(graph, peaks(values)), values) - exact).mean() < rough / 2


def test_a_product_that_makes_rows_narrower_has_only_its_weights_in_int8(
    graph: bytes, values: Floats, matrix: Floats
) -> None:
    model = onnx.load_from_string(graph)
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(matrix[:, :128], "w"))
    model.graph.output[0].type.tensor_type.shape.dim[2].dim_value = 128
    narrow = model.SerializeToString()

    assert peaks_of(narrow, []) == {}
    assert np.array_equal(run(quantise(narrow, {}), values), run(quantise_weights(narrow), values))


def test_a_row_comes_out_the_same_whatever_comes_with_it(graph: bytes, values: Floats) -> None:
    quantised = quantise(graph, peaks(values))
    large = np.concatenate([values[:1], 1000 * values[1:]])

    assert np.array_equal(run(quantised, large)[0], run(quantised, values[:1])[0])


def test_no_processor_can_overflow(graph: bytes, values: Floats) -> None:
    """Two products of an unsigned and a signed byte are added in 16 bits where there is no VNNI."""
    weights = stored(quantise(graph, peaks(values)))["w_int8"].astype(int)

    assert 255 * 2 * np.abs(weights).max() < 2**15


def test_rows_of_nothing_are_nothing(graph: bytes, values: Floats) -> None:
    nothing = np.zeros_like(values)

    assert np.array_equal(run(quantise(graph, peaks(values)), nothing), run(graph, nothing))


def test_peaks_are_the_largest_magnitudes_where_something_is_read(graph: bytes, values: Floats) -> None:
    mask = np.ones((ROWS, TOKENS), dtype=np.int64)
    mask[0, 3:] = 0
    halves = [slice(0, 3), slice(3, ROWS)]

    found = peaks_of(graph, [{"x": values[half], "attention_mask": mask[half]} for half in halves])

    assert np.allclose(found["masked"], np.abs(values * mask[..., None]).max((0, 1)))
