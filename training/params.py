"""Every tunable of the pipeline, as declared in `params.yaml`.

Knows names, types and sane ranges; an unknown key or an impossible value is an error that names it.
Knows nothing of what the stages do with them.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from training.errors import StageError

Share = Annotated[float, Field(gt=0, lt=0.5)]
FeatureKind = Literal["tfidf", "counts", "embeddings"]
Method = Literal["none", "class_weights", "oversample", "undersample", "smote", "adasyn", "smote_enn"]


class ParamsError(StageError):
    """`params.yaml` is missing, malformed, or holds a key or value that makes no sense."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Range(_Strict):
    """Where a search looks for a number, both ends included."""

    low: float
    high: float

    @model_validator(mode="after")
    def _go_upwards(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low {self.low:g} is above high {self.high:g}")
        return self


class Positive(Range):
    """A range above zero, searched by its logarithm."""

    low: float = Field(gt=0)


class Counts(Range):
    """A range of whole numbers from one on."""

    low: int = Field(ge=1)
    high: int


class YouTube(_Strict):
    """Videos whose comments are fetched through the Data API; the key is YOUTUBE_API_KEY."""

    videos: tuple[str, ...]
    address: str = Field(pattern="^https?://")
    max_comments: int = Field(ge=1, le=1_000_000)


class Ingest(_Strict):
    """Where the sources come from. The environment's TRAINING_MIRROR wins over `mirror`."""

    mirror: str | None = None
    timeout: float = Field(gt=0, le=600)
    retries: int = Field(ge=0, le=20)
    feedback: Path
    youtube: YouTube


class Feedback(_Strict):
    """How much anybody's corrections count; shares and probabilities are in [0, 1]."""

    most_per_client_a_day: int = Field(ge=1)
    most_per_client: int = Field(ge=1)
    largest_share: float = Field(gt=0, le=1)
    share_floor: int = Field(ge=0)
    agreement: float = Field(gt=0.5, le=1)
    most_alike: int = Field(ge=1)
    judge_rows: int = Field(ge=100)
    implausible: float = Field(gt=0, lt=1)
    usual_doubt: float = Field(gt=0, lt=1)
    outlier_p: float = Field(gt=0, lt=1)


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
    max_rows: int | None = Field(ge=100)


class Tuning(_Strict):
    """How studies are run. `storage` is a journal file, or an SQL address that machines share."""

    storage: str = Field(min_length=1)
    folds: int = Field(ge=2, le=20)


class _Search(_Strict):
    """A study: how many trials, on how many training rows."""

    trials: int = Field(ge=1, le=10_000)
    rows: int = Field(ge=100)


class TuneFeatures(_Search):
    """What the words of a comment are counted as."""

    ngrams: tuple[Annotated[int, Field(ge=1, le=3)], ...] = Field(min_length=1)
    vocabulary: tuple[Annotated[int, Field(ge=100, le=1_000_000)], ...] = Field(min_length=1)
    min_frequency: tuple[Annotated[int, Field(ge=1, le=1000)], ...] = Field(min_length=1)


class TuneImbalance(_Search):
    """What is done about labels that are rarer than others."""

    methods: tuple[Method, ...] = Field(min_length=1)
    neighbours: Counts


class Featurise(_Strict):
    """The encoder whose pooled states are the second kind of features."""

    checkpoint: str = Field(min_length=1)
    max_tokens: int = Field(ge=8, le=512)


class TrainLogistic(_Search):
    """Logistic regression."""

    features: FeatureKind
    regularisation: Positive


class TrainLightgbm(_Search):
    """Gradient-boosted trees, grown by leaf."""

    features: FeatureKind
    rounds: Counts
    leaves: Counts
    learning_rate: Positive
    least_rows: Counts
    column_share: Positive


class TrainXgboost(_Search):
    """Gradient-boosted trees, grown by depth."""

    features: FeatureKind
    rounds: Counts
    depth: Counts
    learning_rate: Positive
    least_weight: Positive
    column_share: Positive


class FineTuning(_Strict):
    """Fine-tuning of a sequence classifier."""

    checkpoint: str = Field(min_length=1)
    device: Literal["auto", "cpu", "cuda"]
    max_tokens: int = Field(ge=8, le=512)
    epochs: int = Field(ge=1, le=50)
    patience: int = Field(ge=1, le=50)
    batch_size: int = Field(ge=1, le=1024)
    learning_rate: float = Field(gt=0, le=0.01)
    warmup: Share
    weight_decay: float = Field(ge=0, le=1)
    dropout: float = Field(ge=0, lt=0.9)
    label_smoothing: float = Field(ge=0, lt=0.5)
    class_weight_power: float = Field(ge=0, le=1)


class TrainTeacher(FineTuning):
    """Fine-tuning of the teacher; no epochs, no teacher."""

    sources: tuple[str, ...] = Field(min_length=1)
    epochs: int = Field(ge=0, le=50)


class TrainTransformer(FineTuning):
    """Fine-tuning of the model that may be served. `teacher` is a fine-tuned checkpoint."""

    teacher: str | None
    teacher_weight: float = Field(ge=0, le=1)
    teacher_temperature: float = Field(gt=0, le=20)


class Export(_Strict):
    """What the parity gate looks at."""

    parity_rows: int = Field(ge=2000)


class Evaluate(_Strict):
    """How sure the figures are."""

    resamples: int = Field(ge=100, le=100_000)
    speed_rows: int = Field(ge=10, le=100_000)


class Register(_Strict):
    """The registry, and what a candidate must do to become the champion. MLFLOW_TRACKING_URI wins."""

    tracking: str = Field(min_length=1)
    experiment: str = Field(min_length=1)
    model: str = Field(min_length=1)
    min_macro_f1: float = Field(ge=0, le=1)
    max_slice_drop: float = Field(ge=0, le=1)
    max_milliseconds: float = Field(gt=0)


class Drift(_Strict):
    """What is compared with the reference, and from where on it counts as drift."""

    days: int = Field(ge=1, le=3650)
    alpha: float = Field(gt=0, lt=0.5)
    psi: float = Field(gt=0)
    divergence: float = Field(gt=0, le=1)
    least_comments: int = Field(ge=50)
    most_comments: int = Field(ge=50)
    most_of_video: int = Field(ge=1)
    most_states: int = Field(ge=50)


class ActiveLearning(_Strict):
    """Which comments are worth labelling. `pool` times `most` of the most doubtful are looked at."""

    most: int = Field(ge=1)
    languages: tuple[str, ...] = Field(min_length=1)
    pool: int = Field(ge=1)
    least_distance: float = Field(ge=0, lt=1)


class Params(_Strict):
    """The whole of `params.yaml`."""

    seed: int = Field(ge=0, lt=2**32)
    ingest: Ingest
    feedback: Feedback
    validate_: Validate = Field(alias="validate")
    prepare: Prepare
    tuning: Tuning
    tune_features: TuneFeatures
    tune_imbalance: TuneImbalance
    featurise: Featurise
    train_logistic: TrainLogistic
    train_lightgbm: TrainLightgbm
    train_xgboost: TrainXgboost
    train_teacher: TrainTeacher
    train_transformer: TrainTransformer
    export: Export
    evaluate: Evaluate
    register_: Register = Field(alias="register")
    drift: Drift
    active_learning: ActiveLearning


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
