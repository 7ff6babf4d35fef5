"""The champion at work: texts in, probabilities out.

Knows onnxruntime, the two kinds of input a bundle may ask for, and how to batch. Knows nothing of
HTTP or of what the probabilities are used for. Create a `Classifier` after fork: its threads don't
survive one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

from backend.batching import fitting
from backend.bundle import LABELS, Bundle, BundleError, ModelError
from backend.text import normalise, tokenise

Probabilities = npt.NDArray[np.float32]
Encoded = tuple[int, ...] | tuple[str]
"""What the graph reads of one text; its length is what it costs."""


class Classifier:
    """A loaded champion. Safe to call from several threads at once."""

    def __init__(self, bundle: Bundle, threads: int = 1, batch_size: int = 32) -> None:
        """Load the graph of `bundle`; `probabilities` is to use `threads` threads.

        Raises:
            BundleError: the graph or the tokenizer can't be loaded.
        """
        self.identity = bundle.identity
        """Of which bundle these are the predictions; no two models share it."""
        options = onnxruntime.SessionOptions()
        # A batch has one core; cores that share one wait for each other at every product in the graph.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._threads = threads
        self._batch_size = batch_size
        self.encode: Callable[[Sequence[str]], list[Encoded]]
        """From what `read` returns to what the graph reads."""
        try:
            self._session = onnxruntime.InferenceSession(
                bundle.model, options, providers=["CPUExecutionProvider"]
            )
            if bundle.card.input.kind == "wordpieces":
                tokenizer = Tokenizer.from_file(str(bundle.tokenizer))
                wordpieces = WordPieces(tokenizer, bundle.card.input.max_tokens or 128)
                self.encode = wordpieces.encode
            else:
                self.encode = lambda texts: [(text,) for text in texts]
        # Both libraries raise bare exceptions of their own for a file they can't parse.
        except Exception as error:
            raise BundleError(f"{bundle.directory} can't be loaded: {error}") from error
        pieces = bundle.card.input.kind == "wordpieces"
        self._normalise = normalise if pieces else tokenise
        self._run_batch = self._run_wordpieces if pieces else self._run_tokens

    def probabilities(self, texts: Sequence[str]) -> Probabilities:
        """Return the probabilities of negative, neutral and positive for each of `texts`.

        Equal inputs are run once; the rest is sorted by length, so that short comments are not padded
        to the length of long ones, and run in batches.

        Returns:
            (n, 3) float32, rows sum to 1, in the order given; ``(0, 3)`` for no texts.
        """
        encoded = self.encode(self.read(texts))
        batches = list(self._batches(sorted(set(encoded), key=len)))
        known: dict[Encoded, Probabilities] = {}
        with ThreadPoolExecutor(self._threads) as pool:
            for batch, rows in zip(batches, pool.map(self.run, batches), strict=True):
                known.update(zip(batch, rows, strict=True))
        if not encoded:
            return np.empty((0, len(LABELS)), dtype=np.float32)
        return np.stack([known[item] for item in encoded])

    def _batches(self, items: Sequence[Encoded]) -> Iterator[Sequence[Encoded]]:
        lengths = [len(item) for item in items]
        first = 0
        while first < len(items):
            count = fitting(lengths[first : first + self._batch_size], self._batch_size)
            yield items[first : first + count]
            first += count

    def read(self, texts: Sequence[str]) -> list[str]:
        """Return what the model reads of each of `texts`; equal ones have equal probabilities."""
        return [self._normalise(text) for text in texts]

    def run(self, batch: Sequence[Encoded]) -> Probabilities:
        """Return the probabilities (n, 3) of a batch, run as one.

        Raises:
            ModelError: the graph gives something else.
        """
        found = self._run_batch(batch)
        if found.shape != (len(batch), len(LABELS)):
            raise ModelError(f"the graph gives {found.shape} for {len(batch)} comments")
        if not np.isfinite(found).all():
            raise ModelError("the graph gives what is not a number")
        return found

    def _run_wordpieces(self, batch: Sequence[Encoded]) -> Probabilities:
        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, item in enumerate(batch):
            ids[row, : len(item)] = item
            mask[row, : len(item)] = 1
        return self._run({"input_ids": ids, "attention_mask": mask})

    def _run_tokens(self, batch: Sequence[Encoded]) -> Probabilities:
        texts = np.array([item[0] for item in batch], dtype=object).reshape(-1, 1)
        return self._run({"tokens": texts})

    def _run(self, inputs: dict[str, npt.NDArray[np.generic]]) -> Probabilities:
        outputs = self._session.run(["probabilities"], inputs)
        return np.asarray(outputs[0], dtype=np.float32)


class WordPieces:
    """A tokenizer that keeps to bounds of memory and time, whatever the texts are.

    It makes pieces of a whole text before it cuts them to `max_tokens`, and each piece takes a hundred
    bytes. So words that can't be among those are left out, and texts are encoded a few at a time.
    """

    _CHARACTERS_AT_ONCE = 200_000

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        tokenizer.enable_truncation(max_tokens)
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        # A word makes at least one piece, unless it consists of nothing but accents.
        self._most_words = 2 * max_tokens
        self._lock = threading.Lock()

    def encode(self, texts: Sequence[str]) -> list[Encoded]:
        """Return the pieces' numbers for each of `texts`, which are normalised."""
        encoded: list[Encoded] = []
        for some in _in_parts(texts, self._CHARACTERS_AT_ONCE):
            heads = [" ".join(text.split(" ", self._most_words)[: self._most_words]) for text in some]
            # The tokenizer has threads of its own; two at once would only take more memory.
            with self._lock:
                encodings = self._tokenizer.encode_batch_fast(heads)
            encoded += [tuple(encoding.ids) for encoding in encodings]
        return encoded


def _in_parts(texts: Sequence[str], characters: int) -> Iterator[Sequence[str]]:
    """Yield `texts` in parts of at most `characters`, or of one text."""
    first = length = 0
    for position, text in enumerate(texts):
        if position > first and length + len(text) > characters:
            yield texts[first:position]
            first, length = position, 0
        length += len(text)
    if texts:
        yield texts[first:]
