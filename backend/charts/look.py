"""The colours of the popup, for pictures. Knows `extension/ui/theme.css`, which a test compares."""

from __future__ import annotations

from dataclasses import dataclass

from backend.fields import Label


@dataclass(frozen=True)
class Palette:
    """One of the two themes, named as the variables of the stylesheet."""

    card: str
    raised: str
    line: str
    ink: str
    muted: str
    accent: str
    negative: str
    neutral: str
    positive: str
    negative_ink: str
    neutral_ink: str
    positive_ink: str

    def fill(self, label: Label) -> str:
        """Return the colour of areas that stand for `label`."""
        return str(getattr(self, label))

    def letters(self, label: Label) -> str:
        """Return the colour of words that stand for `label`."""
        return str(getattr(self, f"{label}_ink"))


PALETTES = {
    "light": Palette(
        card="#ffffff",
        raised="#f0f0f5",
        line="#e3e3ec",
        ink="#191926",
        muted="#5f5f75",
        accent="#4a3fcf",
        negative="#dd5f1e",
        neutral="#a7adbb",
        positive="#1f7fd0",
        negative_ink="#b2420b",
        neutral_ink="#5c6475",
        positive_ink="#0e63ac",
    ),
    "dark": Palette(
        card="#1d1d27",
        raised="#292936",
        line="#30303f",
        ink="#f1f1f7",
        muted="#a6a6bb",
        accent="#aaa1ff",
        negative="#ff9257",
        neutral="#7f8597",
        positive="#5ab4f5",
        negative_ink="#ffa373",
        neutral_ink="#a9afbf",
        positive_ink="#78c2f8",
    ),
}
