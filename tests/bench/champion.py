"""The champion without Undertone: onnxruntime in a loop, as short as it can be written.

Knows the bundle, the normaliser the model was trained with, tokenizers and onnxruntime. Knows nothing
of requests. Comments are sorted by length, so that the figure to compare with is a good one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from backend.bundle import LABELS, read_bundle
from backend.text import normalise, tokenise
from tests.bench.plan import BATCH_SIZE

_BUNDLE = Path(__file__).parents[2] / "backend" / "champion"


class Champion:
    """The bundled champion, with `threads` for the model.

    `spinning` is onnxruntime's default: its threads wait for more work at full speed. That is good
    where nothing else runs, and takes cores from a server's other work.
    """

    def __init__(self, threads: int, *, spinning: bool) -> None:
        bundle = read_bundle(_BUNDLE)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", str(int(spinning)))
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            bundle.model, options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = None
        if bundle.card.input.kind == "wordpieces":
            self._tokenizer = Tokenizer.from_file(str(bundle.tokenizer))
            self._tokenizer.enable_truncation(bundle.card.input.max_tokens or 128)
            self._tokenizer.no_padding()

    def probabilities(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return (n, 3) float32, rows sum to 1, in the order of `texts`."""
        found = np.empty((len(texts), len(LABELS)), dtype=np.float32)
        encoded = self._encode(texts)
        order = sorted(range(len(texts)), key=lambda row: len(encoded[row]))
        for start in range(0, len(order), BATCH_SIZE):
            rows = order[start : start + BATCH_SIZE]
            found[rows] = self._run([encoded[row] for row in rows])
        return found

    def label(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return what a server around this model answers: a label and three probabilities for each."""
        return [
            {"label": LABELS[int(np.argmax(row))], "probabilities": dict(zip(LABELS, row, strict=True))}
            for row in self.probabilities(texts).astype(np.float64).round(6).tolist()
        ]

    def _encode(self, texts: Sequence[str]) -> list[Any]:
        if self._tokenizer is None:
            return [tokenise(text) for text in texts]
        encodings = self._tokenizer.encode_batch_fast([normalise(text) for text in texts])
        return [encoding.ids for encoding in encodings]

    def _run(self, batch: list[Any]) -> npt.NDArray[np.float32]:
        if self._tokenizer is None:
            inputs = {"tokens": np.array(batch, dtype=object).reshape(-1, 1)}
        else:
            ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, item in enumerate(batch):
                ids[row, : len(item)] = item
                mask[row, : len(item)] = 1
            inputs = {"input_ids": ids, "attention_mask": mask}
        return np.asarray(self._session.run(["probabilities"], inputs)[0])
