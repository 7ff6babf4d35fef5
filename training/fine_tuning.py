"""Fine-tuning: a Hugging Face sequence classifier learns labels, and what teachers make of the texts.

Knows batching by length, the schedule, 16-bit arithmetic, and how to go on after a kill. Knows nothing
of ONNX or of where data comes from. The validation set picks the epoch.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
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
# A source with few rows is taken to have labels about as frequent as they are in all of them.
_BORROWED_ROWS = 100


@dataclass(frozen=True)
class Lesson:
    """What teachers make of the training texts and of variants of them, and how much that counts.

    Where there are variants, a row is read as it is and as one of them in turns, epoch by epoch: with
    an odd number of epochs, half of the rows are read as they are once less than the others.
    """

    logits: npt.NDArray[np.float32]
    """(1 + variants, n, 3): of the texts, then of each of `variants`; NaN where nobody was asked."""
    weight: float
    """Its share of the loss, in [0, 1]; the labels have the rest. Variants have no labels."""
    temperature: float
    variants: tuple[Sequence[str], ...] = ()
    """Each (n,), in the order of the training rows."""

    def versions(self, epoch: int) -> npt.NDArray[np.int64]:
        """Return (n,): how rows are read in `epoch`; 0: as they are, else 1 + a variant's position."""
        n = self.logits.shape[1]
        rows = np.arange(n)
        if not self.variants:
            return np.zeros(n, dtype=np.int64)
        version = 1 + epoch // 2 % len(self.variants)
        known = ~np.isnan(self.logits[version, :, 0])
        return np.where(((rows + epoch) % 2 == 1) & known, version, 0)


def device_of(wanted: str) -> torch.device:
    """Return where to compute: "cuda", "cpu", or with "auto" the former where there is one.

    Raises:
        CheckpointError: cuda is asked for where there is none.
    """
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise CheckpointError("device is cuda, and torch finds no GPU here")
    return torch.device("cuda" if available and wanted != "cpu" else "cpu")


def label_shares(train: pd.DataFrame) -> npt.NDArray[np.float32]:
    """Return (n, 3): how frequent each label is in the source that a row of `train` came from."""
    labels = (
        pd.get_dummies(train["label"]).reindex(columns=list(LABELS), fill_value=False).astype(float)
    )
    # One more of each, for a label that no row has.
    counts = labels.groupby(train["source"]).sum() + _BORROWED_ROWS * labels.mean() + 1
    shares = counts.div(counts.sum(axis=1), axis=0)
    return shares.loc[train["source"]].to_numpy(dtype=np.float32)


def class_weights(train: pd.DataFrame, power: float) -> npt.NDArray[np.float32]:
    """Return (n,) loss weights: inverse frequency of a row's label in its source to `power`, mean 1."""
    own = label_shares(train)[np.arange(len(train)), label_indices(train["label"])]
    weights = own**-power
    scaled: npt.NDArray[np.float32] = (weights / weights.mean()).astype(np.float32)
    return scaled


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


def load_classifier(start: str, dropout: float) -> PreTrainedModel:
    """Return the sequence classifier at `start`, with a head for `LABELS` and `dropout` everywhere."""
    config = load(AutoConfig, start, num_labels=len(LABELS))
    config.id2label = dict(enumerate(LABELS))
    config.label2id = {label: index for index, label in enumerate(LABELS)}
    for name in _DROPOUTS:
        if hasattr(config, name):
            setattr(config, name, dropout)
    # A checkpoint's own head may know other labels.
    model: PreTrainedModel = load(
        AutoModelForSequenceClassification, start, config=config, ignore_mismatched_sizes=True
    )
    return model


class Loss:
    """Cross-entropy with class weights, mixed with how far the student is from its teachers.

    Distillation as in Hinton et al. 2015: the divergence of softened probabilities, times the squared
    temperature so that its gradients keep their size.
    """

    def __init__(
        self,
        settings: FineTuning,
        train: pd.DataFrame,
        lesson: Lesson | None,
        device: torch.device,
    ) -> None:
        self.settings = settings
        self.labels = torch.as_tensor(label_indices(train["label"]), device=device)
        self.weights = torch.as_tensor(class_weights(train, settings.class_weight_power), device=device)
        self.lesson = lesson
        if lesson is not None:
            self.taught = torch.as_tensor(lesson.logits, device=device)

    def __call__(
        self,
        logits: torch.Tensor,
        rows: npt.NDArray[np.int64],
        versions: npt.NDArray[np.int64],
    ) -> torch.Tensor:
        """Return the loss of `logits` (n, 3) for training rows `rows` (n,), read as `versions` (n,)."""
        logits = logits.float()
        at = torch.as_tensor(rows, device=logits.device)
        smoothing = self.settings.label_smoothing
        learnt = cross_entropy(logits, self.labels[at], reduction="none", label_smoothing=smoothing)
        learnt = learnt * self.weights[at]
        if self.lesson is None:
            return learnt.mean()
        version = torch.as_tensor(versions, device=logits.device)
        answers = self.taught[version, at] / self.lesson.temperature
        known = ~answers[:, 0].isnan()
        share = torch.where(version > 0, 1.0, self.lesson.weight) * known
        softened = log_softmax(logits / self.lesson.temperature, -1)
        expected = softmax(answers.nan_to_num(), -1)
        distance = kl_div(softened, expected, reduction="none").sum(-1) * self.lesson.temperature**2
        return ((1 - share) * learnt + share * distance).mean()


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
    model = load_classifier(start, settings.dropout)
    model.to(device)
    readings = [train["text"].tolist(), *(lesson.variants if lesson else ())]
    encoded = [encode(tokenizer, list(texts), settings.max_tokens) for texts in readings]
    lengths = np.array([[len(ids) for ids in reading] for reading in encoded])
    validation_ids = encode(tokenizer, validation["text"].tolist(), settings.max_tokens)
    true = label_indices(validation["label"])
    loss_of = Loss(settings, train, lesson, device)
    total = settings.epochs * len(list(batches(lengths[0], settings.batch_size, seed)))
    progress = _Run(model, settings, total, fingerprint(settings, seed, train, lesson), into)
    step = 0
    with tqdm(total=total, initial=progress.step, desc="train", unit="batch", mininterval=15) as bar:
        for epoch in range(settings.epochs):
            if progress.stale >= settings.patience:
                break
            versions = lesson.versions(epoch) if lesson else np.zeros(len(train), dtype=np.int64)
            read = lengths[versions, np.arange(len(train))]
            for rows in batches(read, settings.batch_size, seed + epoch):
                step += 1
                if step <= progress.step:
                    continue
                ids = [encoded[versions[row]][row] for row in rows]
                batch = _on(device, pad(ids, tokenizer.pad_token_id))
                loss = progress.learn(batch, rows, versions[rows], loss_of)
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
    rows = pd.util.hash_pandas_object(train[["text", "label", "source"]], index=False).to_numpy()
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
        self,
        batch: dict[str, torch.Tensor],
        rows: npt.NDArray[np.int64],
        versions: npt.NDArray[np.int64],
        loss_of: Loss,
    ) -> float:
        """Take one step and return its loss."""
        self.model.train()
        with mixed_precision(self.model.device):
            logits = self.model(**batch).logits
        loss = loss_of(logits, rows, versions)
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
