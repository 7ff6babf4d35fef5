"""The champion at work: texts in, probabilities out.

Knows onnxruntime, the two kinds of input a bundle may ask for, and how to batch. Knows nothing of
HTTP or of what the probabilities are used for. Create a `Classifier` after fork: its threads don't
survive one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from backend.bundle import LABELS, Bundle, BundleError
from backend.text import normalise, tokenise

Probabilities = npt.NDArray[np.float32]


class Classifier:
    """A loaded champion. Safe to call from several threads at once."""

    def __init__(self, bundle: Bundle, threads: int = 1, batch_size: int = 32) -> None:
        """Load the graph of `bundle` with `threads` intra-op threads.

        Raises:
            BundleError: the graph or the tokenizer can't be loaded.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._batch_size = batch_size
        self._encode: Callable[[Sequence[str]], list[_Encoded]]
        try:
            self._session = onnxruntime.InferenceSession(
                bundle.model, options, providers=["CPUExecutionProvider"]
            )
            if bundle.card.input.kind == "wordpieces":
                tokenizer = Tokenizer.from_file(str(bundle.tokenizer))
                tokenizer.enable_truncation(bundle.card.input.max_tokens or 128)
                tokenizer.no_padding()
                self._encode = lambda texts: _encode_wordpieces(tokenizer, texts)
            else:
                self._encode = lambda texts: [(tokenise(text),) for text in texts]
        # Both libraries raise bare exceptions of their own for a file they can't parse.
        except Exception as error:
            raise BundleError(f"{bundle.directory} can't be loaded: {error}") from error
        self._run_batch = (
            self._run_wordpieces if bundle.card.input.kind == "wordpieces" else self._run_tokens
        )

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Return the probabilities of negative, neutral and positive for each of `texts`.

        Equal inputs are run once; the rest is sorted by length, so that short comments are not padded
        to the length of long ones, and run in batches.

        Returns:
            (n, 3) float32, rows sum to 1, in the order given; ``(0, 3)`` for no texts.
        """
        encoded = self._encode(texts)
        unique = sorted(set(encoded), key=len)
        known: dict[_Encoded, Probabilities] = {}
        for start in range(0, len(unique), self._batch_size):
            batch = unique[start : start + self._batch_size]
            known.update(zip(batch, self._run_batch(batch), strict=True))
        if not encoded:
            return np.empty((0, len(LABELS)), dtype=np.float32)
        return np.stack([known[item] for item in encoded])

    def _run_wordpieces(self, batch: Sequence[_Encoded]) -> Probabilities:
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, item in enumerate(batch):
            ids[row, : len(item)] = item
            mask[row, : len(item)] = 1
        return self._run({"input_ids": ids, "attention_mask": mask})

    def _run_tokens(self, batch: Sequence[_Encoded]) -> Probabilities:
        texts = np.array([item[0] for item in batch], dtype=object).reshape(-1, 1)
        return self._run({"tokens": texts})

    def _run(self, inputs: dict[str, npt.NDArray[np.generic]]) -> Probabilities:
        outputs = self._session.run(["probabilities"], inputs)
        return np.asarray(outputs[0], dtype=np.float32)


_Encoded = tuple[int, ...] | tuple[str]


def _encode_wordpieces(tokenizer: Tokenizer, texts: Sequence[str]) -> list[_Encoded]:
    encodings = tokenizer.encode_batch_fast([normalise(text) for text in texts])
    return [tuple(encoding.ids) for encoding in encodings]
