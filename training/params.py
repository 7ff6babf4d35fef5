"""Every tunable of the pipeline, as declared in `params.yaml`.

Knows names, types and sane ranges; an unknown key or an impossible value is an error that names it.
Knows nothing of what the stages do with them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Share = Annotated[float, Field(gt=0, lt=0.5)]


class ParamsError(ValueError):
    """`params.yaml` is missing, malformed, or holds a key or value that makes no sense."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Ingest(_Strict):
    """Where the sources come from. The environment's TRAINING_MIRROR wins over `mirror`."""

    mirror: str | None = None
    timeout: float = Field(gt=0, le=600)
    retries: int = Field(ge=0, le=20)


class Limits(_Strict):
    """What a raw source may look like; shares are in [0, 1]."""

    min_rows: int = Field(100, ge=1)
    max_empty: float = Field(0.01, ge=0, le=1)
    max_longest: int = Field(20_000, ge=1)
    min_rarest_label: float = Field(0.05, ge=0, le=1)
    min_english: float = Field(0.6, ge=0, le=1)
    max_duplicates: float = Field(0.1, ge=0, le=1)
    max_conflicts: float = Field(0.1, ge=0, le=1)
    max_leaks: float = Field(0.05, ge=0, le=1)


class Validate(_Strict):
    """Limits for every source, and for sources by name what differs."""

    limits: Limits
    exceptions: dict[str, dict[str, float]]

    def of(self, source: str) -> Limits:
        """Return the limits of `source`."""
        return Limits.model_validate(self.limits.model_dump() | self.exceptions.get(source, {}))

    @model_validator(mode="after")
    def _know_every_limit(self) -> Self:
        for source in self.exceptions:
            self.of(source)
        return self


class Prepare(_Strict):
    """What becomes training data."""

    validation_share: Share
    min_letters: int = Field(ge=1, le=20)
    sources: tuple[str, ...] = Field(min_length=1)


class TrainLogistic(_Strict):
    """TF-IDF and logistic regression."""

    ngrams: int = Field(ge=1, le=3)
    vocabulary: int = Field(ge=100, le=1_000_000)
    min_frequency: int = Field(ge=1, le=1000)
    regularisation: float = Field(gt=0, le=1000)


class TrainTransformer(_Strict):
    """Fine-tuning of a sequence classifier."""

    checkpoint: str = Field(min_length=1)
    max_tokens: int = Field(ge=8, le=512)
    epochs: int = Field(ge=1, le=50)
    batch_size: int = Field(ge=1, le=1024)
    learning_rate: float = Field(gt=0, le=0.01)
    warmup: Share
    weight_decay: float = Field(ge=0, le=1)
    dropout: float = Field(ge=0, lt=0.9)
    label_smoothing: float = Field(ge=0, lt=0.5)
    class_weight_power: float = Field(ge=0, le=1)


class Export(_Strict):
    """What the parity gate looks at."""

    parity_rows: int = Field(ge=2000)


class Evaluate(_Strict):
    """How sure the figures are."""

    resamples: int = Field(ge=100, le=100_000)


class Params(_Strict):
    """The whole of `params.yaml`."""

    seed: int = Field(ge=0, lt=2**32)
    ingest: Ingest
    validate_: Validate = Field(alias="validate")
    prepare: Prepare
    train_logistic: TrainLogistic
    train_transformer: TrainTransformer
    export: Export
    evaluate: Evaluate


def read_params(path: Path = Path("params.yaml")) -> Params:
    """Return the parameters in `path`.

    Raises:
        ParamsError: names every key that is unknown, missing, of a wrong type or out of range.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ParamsError(f"{path} can't be read: {error}") from error
    try:
        params = Params.model_validate(values)
    except ValidationError as error:
        reasons = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise ParamsError(f"{path}: {reasons}") from error
    if mirror := os.environ.get("TRAINING_MIRROR"):
        ingest = params.ingest.model_copy(update={"mirror": mirror})
        return params.model_copy(update={"ingest": ingest})
    return params
