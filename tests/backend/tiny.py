"""Tiny but real bundles: a graph of a few words' weights, a tokenizer, a card.

Knows how to make good ones that differ in a known way, and ones that no server should take. They pass
the golden set as honestly as a lexicon can.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from backend.bundle import MODEL, TOKENIZER, Bundle, Card, Input, write_bundle
from backend.text import NORMALISER_VERSION

POSITIVE = ["love", "best", "amazing", "wonderful", "beautiful", "great", "thank", "awesome"]
NEGATIVE = ["hate", "terrible", "worst", "awful", "boring", "disgusting", "disappointing", "waste"]
VOCABULARY = ["[PAD]", "[UNK]", "[END]", *POSITIVE, *NEGATIVE]

Change = Callable[[onnx.ModelProto], object]


def tiny_bundle(
    directory: Path, version: str, weight: float = 3.0, change: Change | None = None
) -> Bundle:
    """Write a bundle in which words have `weight`, its graph changed by `change`."""
    graph = _graph(weight)
    if change:
        change(graph)
    card = Card(
        name="tiny",
        family="lexicon",
        version=version,
        input=Input(kind="wordpieces", max_tokens=64),
        normaliser_version=NORMALISER_VERSION,
        training_data=(),
        metrics={},
        temperature=1,
        reference={},
        files={},
    )
    contents = {MODEL: graph.SerializeToString(), TOKENIZER: _tokenizer().encode("utf-8")}
    return write_bundle(directory, card, contents)


def _graph(weight: float) -> onnx.ModelProto:
    """Return a graph that adds up the words' weights and one for neutral, and takes the softmax."""
    weights = np.zeros((len(VOCABULARY), 3), dtype=np.float32)
    weights[VOCABULARY.index("[END]")] = [0, 1, 0]
    for words, column in ((NEGATIVE, 0), (POSITIVE, 2)):
        for word in words:
            weights[VOCABULARY.index(word), column] = weight
    nodes = [
        helper.make_node("Gather", ["weights", "input_ids"], ["words"]),
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["mask", "last"], ["mask3"]),
        helper.make_node("Mul", ["words", "mask3"], ["read"]),
        helper.make_node("ReduceSum", ["read", "middle"], ["logits"], keepdims=0),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=-1),
    ]
    constants = [
        numpy_helper.from_array(weights, "weights"),
        numpy_helper.from_array(np.array([2], dtype=np.int64), "last"),
        numpy_helper.from_array(np.array([1], dtype=np.int64), "middle"),
    ]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["batch", None])]
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _tokenizer() -> str:
    vocabulary = {word: index for index, word in enumerate(VOCABULARY)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    marks = [("[END]", VOCABULARY.index("[END]"))]
    tokenizer.post_processor = processors.TemplateProcessing(single="$A [END]", special_tokens=marks)
    return str(tokenizer.to_str())


def last(graph: onnx.ModelProto, operator: str, *more: str, **attributes: object) -> None:
    """Let `operator` make the probabilities of what the softmax gives and of the inputs `more`."""
    graph.graph.node[-1].output[0] = "before"
    graph.graph.node.append(
        helper.make_node(operator, ["before", *more], ["probabilities"], **attributes)
    )


def constant(graph: onnx.ModelProto, name: str, values: np.ndarray) -> None:
    """Add a constant to `graph`."""
    graph.graph.initializer.append(numpy_helper.from_array(values, name))


def gives_nan(graph: onnx.ModelProto) -> None:
    """Let the probabilities be no numbers."""
    constant(graph, "nan", np.array([np.nan], dtype=np.float32))
    last(graph, "Mul", "nan")


def gives_two_columns(graph: onnx.ModelProto) -> None:
    """Let there be probabilities of two labels."""
    constant(graph, "two", np.array([0, 1], dtype=np.int64))
    last(graph, "Gather", "two", axis=1)


def gives_halves(graph: onnx.ModelProto) -> None:
    """Let the probabilities sum to a half."""
    constant(graph, "half", np.array([0.5], dtype=np.float32))
    last(graph, "Mul", "half")


def says_the_opposite(graph: onnx.ModelProto) -> None:
    """Let positive be called negative."""
    constant(graph, "turned", np.array([2, 1, 0], dtype=np.int64))
    last(graph, "Gather", "turned", axis=1)


def looks_at_its_neighbours(graph: onnx.ModelProto) -> None:
    """Let a comment's probabilities depend on the others of its batch."""
    constant(graph, "rows", np.array([0], dtype=np.int64))
    graph.graph.node[-1].output[0] = "alone"
    graph.graph.node.extend(
        [
            helper.make_node("ReduceMean", ["alone"], ["mean"], axes=[0], keepdims=1),
            helper.make_node("Add", ["alone", "mean"], ["sum"]),
            helper.make_node("Mul", ["sum", "half"], ["probabilities"]),
        ]
    )
    constant(graph, "half", np.array([0.5], dtype=np.float32))


def asks_for_gigabytes(graph: onnx.ModelProto) -> None:
    """Let a few bytes of graph unfold to 4 GiB."""
    constant(graph, "huge", np.array([2**15, 2**15], dtype=np.int64))
    graph.graph.node[-1].output[0] = "before"
    graph.graph.node.extend(
        [
            helper.make_node("ConstantOfShape", ["huge"], ["zeros"]),
            helper.make_node("ReduceSum", ["zeros"], ["zero"], keepdims=0),
            helper.make_node("Add", ["before", "zero"], ["probabilities"]),
        ]
    )


def never_ends(graph: onnx.ModelProto) -> None:
    """Let the graph count for ever."""
    body = helper.make_graph(
        [
            helper.make_node("Identity", ["go"], ["go_on"]),
            helper.make_node("Add", ["sum", "sum"], ["next"]),
        ],
        "body",
        [
            helper.make_tensor_value_info("n", TensorProto.INT64, []),
            helper.make_tensor_value_info("go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("sum", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("go_on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, None),
        ],
    )
    constant(graph, "most", np.array(2**62, dtype=np.int64))
    constant(graph, "true", np.array(True))
    graph.graph.node[-1].output[0] = "before"
    graph.graph.node.append(
        helper.make_node("Loop", ["most", "true", "before"], ["probabilities"], body=body)
    )


def reads_other_files(graph: onnx.ModelProto) -> None:
    """Let the weights come from a file outside of the bundle."""
    weights = next(item for item in graph.graph.initializer if item.name == "weights")
    weights.ClearField("raw_data")
    weights.data_location = TensorProto.EXTERNAL
    entry = weights.external_data.add()
    entry.key, entry.value = "location", "../../etc/passwd"
