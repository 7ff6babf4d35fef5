"""Fine-tuning: a Hugging Face sequence classifier learns labels, and what a teacher makes of the texts.

Knows batching by length, the schedule, 16-bit arithmetic, and how to go on after a kill. Knows nothing
of ONNX or of where data comes from. The validation set picks the epoch.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch.nn.functional import cross_entropy, kl_div, log_softmax, softmax
from tqdm import tqdm
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel
from transformers import PreTrainedTokenizerBase as TokenizerBase

from backend.bundle import LABELS
from training.checkpoints import CheckpointError, encode, load, locate_checkpoint, pad
from training.metrics import confusion, label_indices, scores
from training.params import FineTuning
from training.stage import aside

# Batches of one length are drawn from a shuffled pool of this many, so that epochs still differ.
_POOL = 64
_SAVE_EVERY = 500
# What families of models call it.
_DROPOUTS = (
    "hidden_dropout_prob",
    "attention_probs_dropout_prob",
    "dropout",
    "attention_dropout",
    "seq_classif_dropout",
)


@dataclass(frozen=True)
class Lesson:
    """What a teacher makes of the training texts, and how much that counts."""

    logits: npt.NDArray[np.float32]
    """(n, 3), in the order of the texts."""
    weight: float
    """Its share of the loss, in [0, 1]; the labels have the rest."""
    temperature: float


def device_of(wanted: str) -> torch.device:
    """Return where to compute: "cuda", "cpu", or with "auto" the former where there is one.

    Raises:
        CheckpointError: cuda is asked for where there is none.
    """
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise CheckpointError("device is cuda, and torch finds no GPU here")
    return torch.device("cuda" if available and wanted != "cpu" else "cpu")


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
    model: PreTrainedModel, encoded: list[list[int]], filler: int, size: int = 64, exact: bool = False
) -> npt.NDArray[np.float32]:
    """Return (n, 3) logits for token ids `encoded`, in the order given; in 32 bits if `exact`."""
    logits = np.empty((len(encoded), len(LABELS)), dtype=np.float32)
    order = np.argsort([len(ids) for ids in encoded], kind="stable")
    model.train(mode=False)
    with torch.inference_mode(), mixed_precision(model.device, enabled=not exact):
        for start in tqdm(range(0, len(order), size), desc="predict", leave=False):
            rows = order[start : start + size]
            batch = _on(model.device, pad([encoded[row] for row in rows], filler))
            logits[rows] = model(**batch).logits.float().cpu().numpy()
    return logits


def mixed_precision(device: torch.device, enabled: bool = True) -> torch.autocast:
    """Return the context in which a GPU, or a CPU that has instructions for it, computes in 16 bits."""
    if device.type == "cuda":
        half = torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
        return torch.autocast("cuda", dtype=half, enabled=enabled)
    instructions = torch.cpu.get_capabilities()
    fast = bool(instructions.get("amx_bf16") or instructions.get("avx512_bf16"))
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled and fast)


def load_classifier(start: str, dropout: float, device: torch.device) -> PreTrainedModel:
    """Return the sequence classifier at `start`, with a head for `LABELS` and `dropout` everywhere."""
    config = load(AutoConfig, start, num_labels=len(LABELS))
    config.id2label = dict(enumerate(LABELS))
    config.label2id = {label: index for index, label in enumerate(LABELS)}
    for name in _DROPOUTS:
        if hasattr(config, name):
            setattr(config, name, dropout)
    # A checkpoint's own head may know other labels.
    model: PreTrainedModel = load(
        AutoModelForSequenceClassification,
        start,
        config=config,
        ignore_mismatched_sizes=True,
        # On a CPU the fused attention's backward pass alone takes a quarter of a small model's step.
        attn_implementation="eager" if device.type == "cpu" else None,
    )
    model.to(device)
    return model


class Loss:
    """Cross-entropy with class weights, mixed with how far the student is from its teacher.

    Distillation as in Hinton et al. 2015: the divergence of softened probabilities, times the squared
    temperature so that its gradients keep their size.
    """

    def __init__(
        self,
        settings: FineTuning,
        labels: pd.Series[str],
        lesson: Lesson | None,
        device: torch.device,
    ) -> None:
        self.settings = settings
        self.device = device
        self.labels = torch.as_tensor(label_indices(labels))
        self.lesson = lesson
        self.weights = class_weights(labels, settings.class_weight_power).to(device)

    def __call__(self, logits: torch.Tensor, rows: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the loss of `logits` (n, 3) for training rows at positions `rows` (n,)."""
        logits = logits.float()
        true = self.labels[torch.as_tensor(rows)].to(self.device)
        loss = cross_entropy(
            logits, true, weight=self.weights, label_smoothing=self.settings.label_smoothing
        )
        if self.lesson is None:
            return loss
        heat, share = self.lesson.temperature, self.lesson.weight
        taught = softmax(torch.as_tensor(self.lesson.logits[rows]).to(self.device) / heat, -1)
        distance = kl_div(log_softmax(logits / heat, -1), taught, reduction="batchmean") * heat**2
        return (1 - share) * loss + share * distance


def fine_tune(
    settings: FineTuning,
    seed: int,
    train: pd.DataFrame,
    validation: pd.DataFrame,
    into: Path,
    lesson: Lesson | None = None,
) -> float:
    """Fine-tune on `train`, keep the best epoch under `into`/best, return its macro-F1 on `validation`.

    A run that was killed goes on from its last saved step when called again with the same arguments;
    with others it starts over.
    """
    torch.manual_seed(seed)
    device = device_of(settings.device)
    start = locate_checkpoint(settings.checkpoint)
    tokenizer = load(AutoTokenizer, start)
    model = load_classifier(start, settings.dropout, device)
    encoded = encode(tokenizer, train["text"].tolist(), settings.max_tokens)
    validation_ids = encode(tokenizer, validation["text"].tolist(), settings.max_tokens)
    true = label_indices(validation["label"])
    lengths = np.array([len(ids) for ids in encoded])
    loss_of = Loss(settings, train["label"], lesson, device)
    total = settings.epochs * len(list(batches(lengths, settings.batch_size, seed)))
    progress = _Run(model, settings, total, fingerprint(settings, seed, train, lesson), into)
    step = 0
    with tqdm(total=total, initial=progress.step, desc="train", unit="batch", mininterval=15) as bar:
        for epoch in range(settings.epochs):
            if progress.stale >= settings.patience:
                break
            for rows in batches(lengths, settings.batch_size, seed + epoch):
                step += 1
                if step <= progress.step:
                    continue
                batch = _on(device, pad([encoded[row] for row in rows], tokenizer.pad_token_id))
                loss = progress.learn(batch, rows, loss_of)
                bar.update()
                bar.set_postfix(loss=f"{loss:.3f}", refresh=False)
                if step % _SAVE_EVERY == 0:
                    progress.save()
            if progress.step == step and progress.epochs == epoch:
                logits = predict(model, validation_ids, tokenizer.pad_token_id)
                score = float(scores(confusion(true, logits.argmax(1)))["macro_f1"])
                tqdm.write(f"epoch {epoch + 1}: validation macro-F1 {score:.4f}")
                progress.end_epoch(score, tokenizer)
    return progress.best_macro_f1


def fingerprint(
    settings: FineTuning, seed: int, train: pd.DataFrame, lesson: Lesson | None = None
) -> str:
    """Return what a saved state must share with a run for the run to go on from it."""
    declared = settings.model_dump_json(exclude={"device", "patience"})
    rows = pd.util.hash_pandas_object(train[["text", "label"]], index=False).to_numpy()
    parts = [declared.encode(), str(seed).encode(), rows.tobytes()]
    if lesson is not None:
        parts += [lesson.logits.tobytes(), f"{lesson.weight} {lesson.temperature}".encode()]
    return sha256(b"".join(parts)).hexdigest()


class _Run:
    """A model being fine-tuned, with all that is needed to go on after a kill."""

    def __init__(
        self, model: PreTrainedModel, settings: FineTuning, total: int, identity: str, into: Path
    ) -> None:
        self.model, self.total, self.identity, self.into = model, total, identity, into
        self.step, self.epochs, self.stale, self.best_macro_f1 = 0, 0, 0, -1.0
        on_gpu = model.device.type == "cuda"
        in_float16 = on_gpu and not torch.cuda.is_bf16_supported()
        self.scaler = torch.amp.GradScaler(enabled=in_float16)
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
        self, batch: dict[str, torch.Tensor], rows: npt.NDArray[np.int64], loss_of: Loss
    ) -> float:
        """Take one step and return its loss."""
        self.model.train()
        with mixed_precision(self.model.device):
            logits = self.model(**batch).logits
        loss = loss_of(logits, rows)
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]
        self.scaler.unscale_(self.optimiser)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.scaler.step(self.optimiser)
        self.scaler.update()
        self.schedule.step()
        self.optimiser.zero_grad()
        self.step += 1
        return float(loss.item())

    def end_epoch(self, macro_f1: float, tokenizer: TokenizerBase) -> None:
        """Keep the weights if they are the best so far."""
        self.stale = 0 if macro_f1 > self.best_macro_f1 else self.stale + 1
        if macro_f1 > self.best_macro_f1:
            self.best_macro_f1 = macro_f1
            with aside(self.into / "best") as best:
                self.model.save_pretrained(best)
                tokenizer.save_pretrained(best)
        self.epochs += 1
        self.save()

    def save(self) -> None:
        """Write the state aside, then under its name; of a run that is over, only that it is."""
        over = self.step == self.total
        state = {} if over else {name: part.state_dict() for name, part in self._parts().items()}
        progress = {name: getattr(self, name) for name in ("step", "epochs", "stale", "best_macro_f1")}
        with aside(self.into / "state.pt") as path:
            torch.save(state | {"progress": progress, "identity": self.identity}, path)

    def _resume(self) -> None:
        path = self.into / "state.pt"
        if not path.is_file():
            return
        state = torch.load(path, weights_only=True, map_location=self.model.device)
        if state.get("identity") != self.identity:
            tqdm.write(f"{path} is from a run with other settings or data; starting over")
            shutil.rmtree(self.into / "best", ignore_errors=True)
            return
        for name, part in self._parts().items():
            if name in state:
                part.load_state_dict(state[name])
        vars(self).update(state["progress"])

    def _parts(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "optimiser": self.optimiser,
            "schedule": self.schedule,
            "scaler": self.scaler,
        }


def _on(device: torch.device, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name: tensor.to(device) for name, tensor in batch.items()}
