"""The README says what is true: its table of settings, its commands, its figures."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic.fields import FieldInfo

from backend.bundle import read_bundle
from backend.settings import PREFIX, Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def row(name: str, field: FieldInfo) -> str:
    """Return the line of the README's table that describes one setting."""
    default = field.default
    if isinstance(default, Path):
        default = default.relative_to(ROOT)
    if isinstance(default, tuple):
        default = ",".join(default)
    shown = "" if default in (None, "") else f"`{default}`"
    return f"| `{PREFIX}{name.upper()}` | {shown} | {field.description} |"


@pytest.mark.parametrize("name", Settings.model_fields)
def test_each_setting_is_in_the_table(name: str) -> None:
    assert row(name, Settings.model_fields[name]) in README


def test_no_other_setting_is() -> None:
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}

    assert set(re.findall(rf"{PREFIX}[A-Z_]+", README)) == known


def test_the_commands_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    for verb in set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE)):
        assert re.search(rf"^{verb}:", makefile, re.MULTILINE), f"make {verb}"


@pytest.mark.parametrize("path", re.findall(r"\]\((?!https?:|#)([^)]+)\)", README))
def test_links_lead_somewhere(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("test_set", ["semeval", "goemotions", "youtube_people"])
def test_the_figures_are_those_of_the_champion(test_set: str) -> None:
    figures = read_bundle(Settings().bundle).card.metrics[test_set]["all"]
    cells = " | ".join(f"**{figures[name].value:.3f}**" for name in ("macro_f1", "macro_recall"))

    assert cells in README
