"""Encoder: a transformer's reading of a comment as one vector.

Knows mean pooling and scaling to length 1, as sentence transformers do (Reimers & Gurevych 2019).
Knows nothing of labels or of what the vectors are for.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import torch
from tqdm import tqdm
from transformers import AutoModel, AutoTokenizer, PreTrainedModel
from transformers import PreTrainedTokenizerBase as TokenizerBase

from training.checkpoints import encode, load, locate_checkpoint, pad
from training.fine_tuning import mixed_precision
from training.params import Featurise


class Encoder(torch.nn.Module):
    """`input_ids` and `attention_mask`, int64 (n, tokens), to (n, width) float32 of length 1."""

    def __init__(self, model: PreTrainedModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        """Return the mean of the last states of the tokens that are not padding."""
        states = self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        vectors: torch.Tensor = mean / torch.sqrt((mean * mean).sum(1, keepdim=True))
        return vectors


def load_encoder(settings: Featurise) -> tuple[Encoder, TokenizerBase]:
    """Return the encoder that `settings` name, and its tokenizer."""
    start = locate_checkpoint(settings.checkpoint)
    tokenizer = load(AutoTokenizer, start)
    return Encoder(load(AutoModel, start)).eval(), tokenizer


def embed(
    encoder: Encoder,
    tokenizer: TokenizerBase,
    texts: list[str],
    max_tokens: int,
    size: int = 64,
    exact: bool = False,
) -> npt.NDArray[np.float32]:
    """Return (n, width) vectors of `texts`, in the order given; computed in 32 bits if `exact`."""
    encoded = encode(tokenizer, texts, max_tokens)
    order = np.argsort([len(ids) for ids in encoded], kind="stable")
    width = encoder.model.config.hidden_size
    vectors = np.empty((len(encoded), width), dtype=np.float32)
    with torch.inference_mode(), mixed_precision(encoder.model.device, enabled=not exact):
        for start in tqdm(range(0, len(order), size), desc="embed", unit="batch"):
            rows = order[start : start + size]
            batch = pad([encoded[row] for row in rows], tokenizer.pad_token_id)
            vectors[rows] = encoder(**batch).float().numpy()
    return vectors
