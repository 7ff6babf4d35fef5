from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend.bundle import (
    CARD,
    MODEL,
    TOKENIZER,
    Bundle,
    BundleError,
    CardError,
    ChecksumError,
    read_bundle,
    write_bundle,
)
from backend.classifier import Classifier


@pytest.fixture
def copy(champion: Bundle, tmp_path: Path) -> Path:
    """Return a copy of the champion's bundle that may be spoilt."""
    return Path(shutil.copytree(champion.directory, tmp_path / "bundle"))


def rewrite(bundle: Path, change: Callable[[dict[str, Any]], object]) -> None:
    card = json.loads((bundle / CARD).read_text(encoding="utf-8"))
    change(card)
    (bundle / CARD).write_text(json.dumps(card), encoding="utf-8")


def test_what_is_written_is_read(champion: Bundle, tmp_path: Path) -> None:
    contents = {name: (champion.directory / name).read_bytes() for name in champion.card.files}

    written = write_bundle(tmp_path / "new", champion.card, contents)

    assert read_bundle(tmp_path / "new") == written
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_write_that_fails_leaves_the_old_bundle(copy: Path, champion: Bundle) -> None:
    with pytest.raises(CardError, match=r"lists no model\.onnx"):
        write_bundle(copy, champion.card, {"model_card.md": b"only this"})

    assert read_bundle(copy).card == champion.card
    assert [path.name for path in copy.parent.iterdir()] == ["bundle"]


@pytest.mark.parametrize("name", [MODEL, TOKENIZER, "model_card.md"])
def test_a_flipped_bit_is_found(copy: Path, name: str) -> None:
    content = bytearray((copy / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copy / name).write_bytes(content)

    with pytest.raises(ChecksumError, match=rf"checksum of .*{name} does not hold"):
        read_bundle(copy)


def test_a_truncated_graph_is_found(copy: Path) -> None:
    (copy / MODEL).write_bytes((copy / MODEL).read_bytes()[:-1])

    with pytest.raises(ChecksumError, match=r"model\.onnx has \d+ bytes, the card says \d+"):
        read_bundle(copy)


def test_a_missing_file_and_a_link_in_its_place_are_found(copy: Path, tmp_path: Path) -> None:
    (copy / TOKENIZER).rename(tmp_path / "elsewhere")
    with pytest.raises(ChecksumError, match=r"tokenizer\.json is missing"):
        read_bundle(copy)

    (copy / TOKENIZER).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ChecksumError, match=r"tokenizer\.json is missing"):
        read_bundle(copy)


def test_another_normaliser_is_refused(copy: Path) -> None:
    rewrite(copy, lambda card: card.update(normaliser_version=99))

    with pytest.raises(CardError, match="made with normaliser version 99, this program has version"):
        read_bundle(copy)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda card: card.update(schema_version=2), "schema_version"),
        (lambda card: card.update(labels=["positive", "neutral", "negative"]), "labels"),
        (lambda card: card.update(surprise=1), "surprise"),
        (lambda card: card.pop("files"), "files"),
        (lambda card: card["files"].update({"../../etc/passwd": card["files"][MODEL]}), "files"),
        (lambda card: card["files"].update({"/etc/passwd": card["files"][MODEL]}), "files"),
        (lambda card: card["files"].pop(MODEL), r"lists no model\.onnx"),
        (lambda card: card["files"].pop(TOKENIZER), r"lists no tokenizer\.json"),
        (lambda card: card.update(temperature=0), "temperature"),
        (lambda card: card["files"][MODEL].update(size=2**40), "files.model.onnx.size"),
        (
            lambda card: card["files"].update({f"f{n}": card["files"][MODEL] for n in range(20)}),
            "files",
        ),
        (
            lambda card: [file.update(size=2**30) for file in card["files"].values()],
            "more than 2,147,483,648 bytes together",
        ),
    ],
)
def test_a_hostile_card_is_refused(
    copy: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    rewrite(copy, change)

    with pytest.raises(CardError, match=said):
        read_bundle(copy)


def test_a_file_of_another_size_is_not_even_read(copy: Path) -> None:
    with (copy / MODEL).open("ab") as file:
        file.truncate(2**40)

    with pytest.raises(ChecksumError, match="has 1099511627776 bytes, the card says"):
        read_bundle(copy)


def test_a_card_that_is_no_plain_file_or_huge_is_refused(copy: Path) -> None:
    card = copy / CARD
    card.rename(copy / "elsewhere")
    card.symlink_to("elsewhere")
    with pytest.raises(CardError, match="no plain file"):
        read_bundle(copy)

    card.unlink()
    os.mkfifo(card)
    with pytest.raises(CardError, match="no plain file"):
        read_bundle(copy)

    card.unlink()
    card.write_bytes(b" " * (2**20 + 1))
    with pytest.raises(CardError, match="1,048,577 bytes"):
        read_bundle(copy)


def test_bundles_that_differ_have_other_identities(copy: Path, champion: Bundle) -> None:
    assert read_bundle(copy).identity == champion.identity

    rewrite(copy, lambda card: card.update(version="another"))

    assert read_bundle(copy).identity != champion.identity


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null"])
def test_what_is_not_a_card_is_refused(copy: Path, content: bytes) -> None:
    (copy / CARD).write_bytes(content)

    with pytest.raises(CardError, match="is not a bundle card"):
        read_bundle(copy)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CardError, match="no bundle card"):
        read_bundle(tmp_path)


def test_a_graph_that_is_none_is_refused_when_loaded(champion: Bundle, tmp_path: Path) -> None:
    contents = {MODEL: b"not a graph", TOKENIZER: champion.tokenizer.read_bytes()}

    bundle = write_bundle(tmp_path / "bundle", champion.card, contents)

    with pytest.raises(BundleError, match="can't be loaded"):
        Classifier(bundle)
