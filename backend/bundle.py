"""The bundle: the one thing that crosses from training to serving.

Knows which files a bundle holds, what its card says, and when not to trust one. Knows nothing of how
a model is trained or run. A bundle is read only after every checksum of its card holds.

    BundleError           the directory can't be used as a bundle
    ├── CardError         bundle.json is missing, malformed, or of another schema or normaliser
    ├── ChecksumError     a file is missing or not the one the card describes
    └── ModelError        the graph doesn't answer as a champion must
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from backend.text import NORMALISER_VERSION

SCHEMA_VERSION = 1
LABELS = ("negative", "neutral", "positive")

CARD = "bundle.json"
MODEL = "model.onnx"
TOKENIZER = "tokenizer.json"
MODEL_CARD = "model_card.md"

# Far more than any champion needs; what claims more is not read at all.
MOST_BYTES = 2 * 2**30
MOST_BYTES_OF_CARD = 2**20
MOST_FILES = 16

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]


class BundleError(ValueError):
    """The directory can't be used as a bundle."""


class CardError(BundleError):
    """`bundle.json` is missing, malformed, or made for another schema or normaliser."""


class ChecksumError(BundleError):
    """A file of the bundle is missing or not the one that the card describes."""


class ModelError(BundleError):
    """The graph does not answer as a champion must."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class File(_Strict):
    """One file of the bundle as it was written."""

    sha256: Sha256
    size: int = Field(ge=0, le=MOST_BYTES)


class Input(_Strict):
    """What the graph reads: joined tokens of `text.tokenise`, or word pieces of `tokenizer.json`."""

    kind: Literal["tokens", "wordpieces"]
    max_tokens: int | None = Field(default=None, ge=8, le=512)


class Estimate(_Strict):
    """A metric with its 95 % interval."""

    value: float
    low: float
    high: float


class Dataset(_Strict):
    """One source that the model was trained on, after preparation."""

    name: str
    sha256: Sha256
    rows: int = Field(ge=1)


class Histogram(_Strict):
    """What a quantity looked like when the model was made: `counts[i]` falls under `bins[i]`."""

    bins: tuple[str, ...]
    counts: tuple[int, ...]


class Card(_Strict):
    """Everything that serving, monitoring and people need to know of a model. Held in bundle.json."""

    schema_version: Literal[1] = 1
    name: str
    family: str
    version: str
    labels: tuple[Literal["negative"], Literal["neutral"], Literal["positive"]] = (
        "negative",
        "neutral",
        "positive",
    )
    input: Input
    normaliser_version: int
    training_data: tuple[Dataset, ...]
    metrics: dict[str, dict[str, dict[str, Estimate]]] = Field(
        description="test set -> slice -> metric -> value with its 95 % interval"
    )
    temperature: float = Field(gt=0, description="divides the logits; already part of the graph")
    reference: dict[str, Histogram] = Field(description="histograms that drift is measured against")
    mlflow_run_id: str | None = None
    git_commit: str | None = None
    files: dict[FileName, File] = Field(max_length=MOST_FILES)

    @model_validator(mode="after")
    def _is_not_huge(self) -> Card:
        if sum(file.size for file in self.files.values()) > MOST_BYTES:
            raise ValueError(f"the files have more than {MOST_BYTES:,} bytes together")
        return self

    @property
    def identity(self) -> str:
        """What no other bundle has: a hash of the card, which holds those of all files."""
        return hashlib.sha256(self.model_dump_json().encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True)
class Bundle:
    """A bundle whose checksums held when it was read."""

    directory: Path
    card: Card

    @property
    def identity(self) -> str:
        """What no other bundle has."""
        return self.card.identity

    @property
    def model(self) -> Path:
        """The ONNX graph."""
        return self.directory / MODEL

    @property
    def tokenizer(self) -> Path:
        """The Hugging Face tokenizer; present when the card's input kind is ``wordpieces``."""
        return self.directory / TOKENIZER


def read_bundle(directory: Path) -> Bundle:
    """Return the bundle in `directory` once its card and every checksum hold.

    Raises:
        CardError: no readable card, or one of another schema or normaliser version.
        ChecksumError: names the file with the expected and the actual sha256.
    """
    card = _read_card(directory / CARD)
    for name, expected in sorted(card.files.items()):
        _check(directory / name, expected)
    return Bundle(directory, card)


def write_bundle(directory: Path, card: Card, contents: dict[str, bytes]) -> Bundle:
    """Write `contents` and the card that describes them to `directory`, all or nothing.

    The files are written beside `directory` and renamed into place, so that a reader never finds half
    a bundle. `card.files` is replaced by what is written.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    aside = directory.with_name(f".{directory.name}.{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir()
    try:
        for name, content in contents.items():
            (aside / name).write_bytes(content)
        files = {name: _describe(aside / name) for name in sorted(contents)}
        whole = card.model_copy(update={"files": files})
        (aside / CARD).write_text(whole.model_dump_json(indent=2) + "\n", encoding="utf-8")
        read_bundle(aside)
        shutil.rmtree(directory, ignore_errors=True)
        aside.rename(directory)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Bundle(directory, whole)


def copy_bundle(bundle: Bundle, into: Path, **changes: object) -> Bundle:
    """Write `bundle` to `into`, all or nothing, with `changes` to fields of its card."""
    contents = {name: (bundle.directory / name).read_bytes() for name in bundle.card.files}
    return write_bundle(into, bundle.card.model_copy(update=changes), contents)


def sha256_of(path: Path) -> str:
    """Return the hexadecimal sha256 of the file at `path`."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_card(path: Path) -> Card:
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise CardError(f"{path} is not a bundle card: it is no plain file")
        if status.st_size > MOST_BYTES_OF_CARD:
            raise CardError(f"{path} is not a bundle card: it has {status.st_size:,} bytes")
        return parse_card(path.read_bytes(), str(path))
    except OSError as error:
        raise CardError(f"no bundle card: {path} can't be read ({error.strerror})") from error


def parse_card(content: bytes, path: str) -> Card:
    """Return the card that `content`, which comes from `path`, spells.

    Raises:
        CardError: it is malformed, of another schema or normaliser version, or lacks a needed file.
    """
    try:
        card = Card.model_validate_json(content)
    except ValidationError as error:
        raise CardError(f"{path} is not a bundle card: {_reasons(error)}") from error
    if card.normaliser_version != NORMALISER_VERSION:
        raise CardError(
            f"{path} was made with normaliser version {card.normaliser_version}, this program has "
            f"version {NORMALISER_VERSION}: train again or install the program it was made for"
        )
    needed = {MODEL} | ({TOKENIZER} if card.input.kind == "wordpieces" else set())
    if missing := needed - card.files.keys():
        raise CardError(f"{path} lists no {', '.join(sorted(missing))}")
    return card


def _reasons(error: ValidationError) -> str:
    found: Iterable[str] = (
        f"{'.'.join(map(str, item['loc'])) or 'card'}: {item['msg']}" for item in error.errors()[:5]
    )
    return "; ".join(found)


def _check(path: Path, expected: File) -> None:
    if path.is_symlink() or not path.is_file():
        raise ChecksumError(f"{path} is missing from the bundle")
    # A file of another size needs no reading, however large it is.
    if (size := path.stat().st_size) != expected.size:
        raise ChecksumError(f"{path} has {size} bytes, the card says {expected.size}")
    actual = _describe(path)
    if actual != expected:
        raise ChecksumError(
            f"checksum of {path} does not hold: the card says sha256 {expected.sha256} "
            f"({expected.size} bytes), the file has {actual.sha256} ({actual.size} bytes)"
        )


def _describe(path: Path) -> File:
    return File(sha256=sha256_of(path), size=path.stat().st_size)
