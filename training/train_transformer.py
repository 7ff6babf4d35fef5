"""Train transformer: fine-tune a Hugging Face sequence classifier on the prepared comments.

Knows checkpoints, batching by length, the schedule and how to go on after a kill. Knows nothing of
ONNX. The validation set picks the epoch; test sets are never opened here.
"""

from __future__ import annotations

import importlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

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


@dataclass
class Progress:
    """How far a run has come; saved beside the weights."""

    step: int = 0
    best_macro_f1: float = -1.0


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
    model.eval()
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
) -> Progress:
    """Fine-tune on `train`, keep the best epoch by macro-F1 on `validation` under `into`/best.

    A run that was killed goes on from its last saved step when called again with the same arguments.
    """
    torch.manual_seed(seed)
    start = locate_checkpoint(settings.checkpoint)
    tokenizer = AutoTokenizer.from_pretrained(start)
    model = AutoModelForSequenceClassification.from_pretrained(
        start,
        num_labels=len(LABELS),
        id2label=dict(enumerate(LABELS)),
        label2id={label: index for index, label in enumerate(LABELS)},
        hidden_dropout_prob=settings.dropout,
        attention_probs_dropout_prob=settings.dropout,
    )
    encoded = encode(tokenizer, train["text"].tolist(), settings.max_tokens)
    lengths = np.array([len(ids) for ids in encoded])
    labels = torch.tensor([LABELS.index(label) for label in train["label"]])
    loss_of = torch.nn.CrossEntropyLoss(
        weight=class_weights(train["label"], settings.class_weight_power),
        label_smoothing=settings.label_smoothing,
    )
    total = settings.epochs * (len(list(batches(lengths, settings.batch_size, seed))))
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser,
        lambda step: min(
            step / (settings.warmup * total), (total - step) / ((1 - settings.warmup) * total)
        ),
    )
    validation_ids = encode(tokenizer, validation["text"].tolist(), settings.max_tokens)
    progress = _resume(into, model, optimiser, schedule)
    step = 0
    with tqdm(total=total, initial=progress.step, desc="train", unit="batch", mininterval=15) as bar:
        for epoch in range(settings.epochs):
            for rows in batches(lengths, settings.batch_size, seed + epoch):
                step += 1
                if step <= progress.step:
                    continue
                model.train()
                batch = _pad([encoded[row] for row in rows], tokenizer.pad_token_id)
                loss = loss_of(model(**batch).logits, labels[torch.as_tensor(rows)])
                loss.backward()
                torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                optimiser.step()
                schedule.step()
                optimiser.zero_grad()
                bar.update()
                bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
                progress.step = step
                if step % _SAVE_EVERY == 0:
                    _save(into, model, optimiser, schedule, progress)
            if progress.step == step:
                logits = predict(model, validation_ids, tokenizer.pad_token_id)
                score = f1_score(
                    validation["label"], [LABELS[i] for i in logits.argmax(1)], average="macro"
                )
                tqdm.write(f"epoch {epoch + 1}: validation macro-F1 {score:.4f}")
                if score > progress.best_macro_f1:
                    progress.best_macro_f1 = float(score)
                    _replace(into / "best", lambda aside: _save_pretrained(aside, model, tokenizer))
                _save(into, model, optimiser, schedule, progress)
    return progress


def _pad(ids: list[list[int]], pad: int) -> dict[str, torch.Tensor]:
    longest = max(map(len, ids))
    return {
        "input_ids": torch.tensor([row + [pad] * (longest - len(row)) for row in ids]),
        "attention_mask": torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in ids]),
    }


def _save_pretrained(directory: Path, model: PreTrainedModel, tokenizer: TokenizerBase) -> None:
    model.save_pretrained(directory)
    tokenizer.save_pretrained(directory)


def _replace(directory: Path, write) -> None:  # type: ignore[no-untyped-def]
    aside = directory.with_name(f".{directory.name}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    write(aside)
    shutil.rmtree(directory, ignore_errors=True)
    aside.rename(directory)


def _save(into: Path, model, optimiser, schedule, progress: Progress) -> None:  # type: ignore[no-untyped-def]
    into.mkdir(parents=True, exist_ok=True)
    aside = into / ".state.pt"
    states = {"model": model, "optimiser": optimiser, "schedule": schedule}
    torch.save(
        {**{n: part.state_dict() for n, part in states.items()}, "progress": asdict(progress)}, aside
    )
    aside.replace(into / "state.pt")


def _resume(into: Path, model, optimiser, schedule) -> Progress:  # type: ignore[no-untyped-def]
    if not (into / "state.pt").is_file():
        return Progress()
    state = torch.load(into / "state.pt", weights_only=True)
    for name, part in {"model": model, "optimiser": optimiser, "schedule": schedule}.items():
        part.load_state_dict(state[name])
    return Progress(**state["progress"])


def main() -> None:
    """Fine-tune with the settings of `params.yaml`."""
    params = read_params()
    rows = pd.read_parquet(PREPARED / "train.parquet")
    progress = train(
        params.train_transformer,
        params.seed,
        rows,
        pd.read_parquet(PREPARED / "validation.parquet"),
        MODEL,
    )
    (MODEL / "metrics.json").write_text(
        json.dumps({"validation_macro_f1": progress.best_macro_f1}) + "\n"
    )


if __name__ == "__main__":
    main()
