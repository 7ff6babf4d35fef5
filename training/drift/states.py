"""States: what the champion itself sees in a comment, as a few numbers.

Knows where in a graph the model has read everything and not yet judged: the vector that its last
product, or its trees, take in. Knows nothing of drift. A model on counts of words has no such state.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnx
import onnxruntime
from tqdm import tqdm

from backend.bundle import Bundle, ModelError
from backend.classifier import Classifier
from backend.cores import available_cores
from training.drift.quantities import Numbers

COMPONENTS = 12

_JUDGES = {"Gemm", "MatMul", "LinearClassifier", "TreeEnsembleClassifier"}
_BATCH = 64
_SEED = 20


def states_of(bundle: Bundle, texts: Sequence[str]) -> Numbers | None:
    """Return the states (n, 12) of `texts`: projections on random directions, the same for everybody.

    Distances survive such a projection (Johnson and Lindenstrauss, 1984), so a cloud that moves or
    changes its form does so in some component too. None where the model has no state.

    Raises:
        ModelError: the graph is not built like those of this pipeline.
    """
    if bundle.card.input.kind != "wordpieces":
        return None
    model = onnx.load(bundle.model)
    name = _state(model)
    del model.graph.output[:]
    model.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    options = onnxruntime.SessionOptions()
    # As where it serves: a batch has one core, so that the same texts have the same states.
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    reader = Classifier(bundle)
    encoded = reader.encode(reader.read(texts))

    def project(rows: list[int]) -> Numbers:
        ids = np.zeros((len(rows), max(len(encoded[row]) for row in rows)), dtype=np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(encoded[row])] = encoded[row]
            mask[place, : len(encoded[row])] = 1
        vectors = np.asarray(session.run([name], {"input_ids": ids, "attention_mask": mask})[0])
        directions = np.random.default_rng(_SEED).standard_normal((vectors.shape[1], COMPONENTS))
        projected: Numbers = vectors @ directions / np.sqrt(vectors.shape[1])
        return projected

    order = sorted(range(len(encoded)), key=lambda row: len(encoded[row]))
    batches = [order[start : start + _BATCH] for start in range(0, len(order), _BATCH)]
    states = np.empty((len(encoded), COMPONENTS))
    with ThreadPoolExecutor(available_cores()) as pool:
        done = pool.map(project, batches)
        for rows, found in tqdm(
            zip(batches, done, strict=True), "states", len(batches), unit="batch", disable=None
        ):
            states[rows] = found
    return states


def _state(model: onnx.ModelProto) -> str:
    """Return the name of what the last judge before `probabilities` reads."""
    makers = {name: node for node in model.graph.node for name in node.output}
    name = "probabilities"
    while name in makers:
        node = makers[name]
        name = node.input[0]
        if node.op_type in _JUDGES:
            return str(name)
    raise ModelError("the graph has no last product from which the probabilities come")
