"""What is typed into the web store: within its limits, true to the package, in every language."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from release.extension import EXTENSION, read_manifest
from release.manifest import MOST_CHARACTERS
from tests.server import ROOT

STORE = ROOT / "docs" / "store"
LOCALES = sorted(path.parent.name for path in EXTENSION.glob("_locales/*/messages.json"))
MOST_OF_DESCRIPTION = 16_000
MOST_OF_AN_ANSWER = 1_000
SCREENSHOT = (1280, 800)
MOST_SCREENSHOTS = 5


def listing(locale: str) -> tuple[str, str, str]:
    """Return title, summary and description."""
    text = (STORE / "listing" / f"{locale}.md").read_text(encoding="utf-8")
    title, summary, description = text.split("\n\n", 2)
    return title.removeprefix("# "), summary, description.strip()


def answers() -> dict[str, str]:
    """Return what is answered on privacy, by heading."""
    parts = re.split(r"^## (.+)\n", (STORE / "privacy.md").read_text(encoding="utf-8"), flags=re.M)
    return dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))


def test_there_is_a_listing_in_every_language_and_in_no_other() -> None:
    assert sorted(path.stem for path in (STORE / "listing").iterdir()) == LOCALES


@pytest.mark.parametrize("locale", LOCALES)
def test_a_listing_is_within_the_limits_and_says_what_the_package_says(locale: str) -> None:
    title, summary, description = listing(locale)
    path = EXTENSION / "_locales" / locale / "messages.json"
    messages = json.loads(path.read_text(encoding="utf-8"))

    assert title == messages["name"]["message"]
    assert len(title) <= MOST_CHARACTERS["name"]
    assert summary == messages["description"]["message"]
    assert len(summary) <= MOST_CHARACTERS["description"]
    assert len(description) <= MOST_OF_DESCRIPTION


def test_listings_promise_the_same_in_every_language() -> None:
    points = {locale: listing(locale)[2].count("\n• ") for locale in LOCALES}

    assert set(points.values()) == {points["en"]}


def test_every_permission_has_its_reason_and_no_other_has() -> None:
    manifest = read_manifest(EXTENSION)
    asked = [
        *manifest["permissions"],
        *manifest["host_permissions"],
        *(f"Optional: {host}" for host in manifest["optional_host_permissions"]),
    ]
    others = {"Single purpose", "Remote code", "Data that is handled", "Certified"}

    assert set(answers()) == {*asked, *others}


@pytest.mark.parametrize("question", answers())
def test_an_answer_is_within_the_limit(question: str) -> None:
    assert 20 < len(answers()[question]) <= MOST_OF_AN_ANSWER


def size_and_mode(path: Path) -> tuple[tuple[int, int], str]:
    with Image.open(path) as picture:
        return picture.size, picture.mode


def test_pictures_are_as_the_store_takes_them() -> None:
    screenshots = sorted(STORE.glob("screenshot-*.png"))

    assert 1 <= len(screenshots) <= MOST_SCREENSHOTS
    # Without transparency, which the store refuses.
    assert {size_and_mode(path) for path in screenshots} == {(SCREENSHOT, "RGB")}
    assert size_and_mode(STORE / "icon.png")[0] == (128, 128)


def test_the_guide_names_what_is_there() -> None:
    guide = (STORE / "README.md").read_text(encoding="utf-8")

    for path in re.findall(r"\]\(([^)]+)\)", guide):
        assert (STORE / path).exists(), path
