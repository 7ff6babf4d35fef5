"""Train transformer: fine-tune a Hugging Face sequence classifier on the prepared comments.

Knows checkpoints, batching by length, the schedule and how to go on after a kill. Knows nothing of
ONNX. The validation set picks the epoch; test sets are never opened here.
"""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from sklearn.metrics import f1_score
from tqdm import tqdm
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel
from transformers import PreTrainedTokenizerBase as TokenizerBase

from backend.bundle import LABELS
from backend.text import normalise
from training.params import TrainTransformer, read_params
from training.prepare import PREPARED

MODEL = Path("models/transformer")

# Batches of one length are drawn from a shuffled pool of this many, so that epochs still differ.
_POOL = 64
_SAVE_EVERY = 500


def locate_checkpoint(name: str) -> str:
    """Return where to load `name` from: the weights in the package of that name, or `name` itself."""
    try:
        package = importlib.import_module(name.replace("-", "_"))
    except ModuleNotFoundError:
        return name
    return str(package.get_model_path())


def class_weights(labels: pd.Series[str], power: float) -> torch.Tensor:
    """Return (3,) loss weights: inverse frequency to `power`, scaled to a mean of 1 over the rows."""
    counts = labels.value_counts().reindex(LABELS).to_numpy(dtype=float)
    weights = (counts.sum() / counts) ** power
    return torch.tensor(weights * counts.sum() / (weights * counts).sum(), dtype=torch.float32)


def batches(lengths: npt.NDArray[np.int64], size: int, seed: int) -> Iterator[npt.NDArray[np.int64]]:
    """Yield index arrays that cover every row once, each batch of about one length, in random order."""
    generator = np.random.default_rng(seed)
    order = generator.permutation(len(lengths))
    pooled = [order[start : start + size * _POOL] for start in range(0, len(order), size * _POOL)]
    chunks = [
        pool[np.argsort(lengths[pool], kind="stable")][start : start + size]
        for pool in pooled
        for start in range(0, len(pool), size)
    ]
    for index in generator.permutation(len(chunks)):
        yield chunks[index]


def predict(
    model: PreTrainedModel, encoded: list[list[int]], pad: int, size: int = 64
) -> npt.NDArray[np.float32]:
    """Return (n, 3) logits for token ids `encoded`, in the order given."""
    logits = np.empty((len(encoded), len(LABELS)), dtype=np.float32)
    order = np.argsort([len(ids) for ids in encoded], kind="stable")
    model.train(mode=False)
    with torch.inference_mode():
        for start in tqdm(range(0, len(order), size), desc="predict", leave=False):
            rows = order[start : start + size]
            logits[rows] = model(**_pad([encoded[row] for row in rows], pad)).logits.float().numpy()
    return logits


def encode(tokenizer: TokenizerBase, texts: list[str], max_tokens: int) -> list[list[int]]:
    """Return the token ids of each normalised text, at most `max_tokens` long."""
    normalised = [normalise(text[:10_000]) for text in texts]
    ids: list[list[int]] = tokenizer(normalised, truncation=True, max_length=max_tokens)["input_ids"]
    return ids


def train(
    settings: TrainTransformer, seed: int, train: pd.DataFrame, validation: pd.DataFrame, into: Path
) -> float:
    """Fine-tune on `train`, keep the best epoch under `into`/best, return its macro-F1 on `validation`.

    A run that was killed goes on from its last saved step when called again with the same arguments;
    with others it starts over.
    """
    torch.manual_seed(seed)
    start = locate_checkpoint(settings.checkpoint)
    tokenizer = AutoTokenizer.from_pretrained(start)
    model = AutoModelForSequenceClassification.from_pretrained(
        start,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
        ignore_mismatched_sizes=True,  # a checkpoint's own head may know other labels
        hidden_dropout_prob=settings.dropout,
        attention_probs_dropout_prob=settings.dropout,
    )
    encoded = encode(tokenizer, train["text"].tolist(), settings.max_tokens)
    validation_ids = encode(tokenizer, validation["text"].tolist(), settings.max_tokens)
    lengths = np.array([len(ids) for ids in encoded])
    labels = torch.tensor([LABELS.index(label) for label in train["label"]])
    loss_of = torch.nn.CrossEntropyLoss(
        weight=class_weights(train["label"], settings.class_weight_power),
        label_smoothing=settings.label_smoothing,
    )
    total = settings.epochs * len(list(batches(lengths, settings.batch_size, seed)))
    run = _Run(model, settings, total, fingerprint(settings, seed, train), into)
    step = 0
    with tqdm(total=total, initial=run.step, desc="train", unit="batch", mininterval=15) as bar:
        for epoch in range(settings.epochs):
            for rows in batches(lengths, settings.batch_size, seed + epoch):
                step += 1
                if step <= run.step:
                    continue
                batch = _pad([encoded[row] for row in rows], tokenizer.pad_token_id)
                loss = run.learn(batch, labels[torch.as_tensor(rows)], loss_of)
                bar.update()
                bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
                if step % _SAVE_EVERY == 0:
                    run.save()
            if run.step == step and run.epochs == epoch:
                logits = predict(model, validation_ids, tokenizer.pad_token_id)
                predicted = [LABELS[index] for index in logits.argmax(1)]
                score = float(f1_score(validation["label"], predicted, average="macro"))
                tqdm.write(f"epoch {epoch + 1}: validation macro-F1 {score:.4f}")
                run.end_epoch(score, tokenizer)
    return run.best_macro_f1


def fingerprint(settings: TrainTransformer, seed: int, train: pd.DataFrame) -> str:
    """Return what a saved state must share with a run for the run to go on from it."""
    rows = pd.util.hash_pandas_object(train[["text", "label"]], index=False).to_numpy()
    return sha256(settings.model_dump_json().encode() + str(seed).encode() + rows.tobytes()).hexdigest()


class _Run:
    """A model being fine-tuned, with all that is needed to go on after a kill."""

    def __init__(
        self, model: PreTrainedModel, settings: TrainTransformer, total: int, identity: str, into: Path
    ) -> None:
        self.model, self.identity, self.into = model, identity, into
        self.step, self.epochs, self.best_macro_f1 = 0, 0, -1.0
        self.optimiser = torch.optim.AdamW(
            model.parameters(),
            lr=settings.learning_rate,
            weight_decay=settings.weight_decay,
            fused=True,
        )
        rise = settings.warmup * total
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimiser, lambda step: min(step / rise, (total - step) / (total - rise))
        )
        self._resume()

    def learn(
        self, batch: dict[str, torch.Tensor], labels: torch.Tensor, loss_of: torch.nn.Module
    ) -> float:
        """Take one step and return its loss."""
        self.model.train()
        loss = loss_of(self.model(**batch).logits, labels)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.schedule.step()
        self.optimiser.zero_grad()
        self.step += 1
        return float(loss.item())

    def end_epoch(self, macro_f1: float, tokenizer: TokenizerBase) -> None:
        """Keep the weights if they are the best so far."""
        if macro_f1 > self.best_macro_f1:
            self.best_macro_f1 = macro_f1
            aside, best = self.into / ".best", self.into / "best"
            shutil.rmtree(aside, ignore_errors=True)
            self.model.save_pretrained(aside)
            tokenizer.save_pretrained(aside)
            shutil.rmtree(best, ignore_errors=True)
            aside.rename(best)
        self.epochs += 1
        self.save()

    def save(self) -> None:
        """Write the state aside, then under its name."""
        self.into.mkdir(parents=True, exist_ok=True)
        aside = self.into / ".state.pt"
        state = {name: part.state_dict() for name, part in self._parts().items()}
        progress = {"step": self.step, "epochs": self.epochs, "best_macro_f1": self.best_macro_f1}
        torch.save(state | {"progress": progress, "identity": self.identity}, aside)
        aside.replace(self.into / "state.pt")

    def _resume(self) -> None:
        path = self.into / "state.pt"
        if not path.is_file():
            return
        state = torch.load(path, weights_only=True)
        if state.get("identity") != self.identity:
            tqdm.write(f"{path} is from a run with other settings or data; starting over")
            return
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        vars(self).update(state["progress"])

    def _parts(self) -> dict[str, Any]:
        return {"model": self.model, "optimiser": self.optimiser, "schedule": self.schedule}


def _pad(ids: list[list[int]], pad: int) -> dict[str, torch.Tensor]:
    longest = max(map(len, ids))
    return {
        "input_ids": torch.tensor([row + [pad] * (longest - len(row)) for row in ids]),
        "attention_mask": torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in ids]),
    }


def main() -> None:
    """Fine-tune with the settings of `params.yaml`."""
    params = read_params()
    score = train(
        params.train_transformer,
        params.seed,
        pd.read_parquet(PREPARED / "train.parquet"),
        pd.read_parquet(PREPARED / "validation.parquet"),
        MODEL,
    )
    (MODEL / "metrics.json").write_text(json.dumps({"validation_macro_f1": score}) + "\n")


if __name__ == "__main__":
    main()
