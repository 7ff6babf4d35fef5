"""A picture in the making: shapes by matplotlib, text over them.

Knows how the same picture becomes a PNG or an SVG, with the same bytes for the same input: no dates,
no random ids. Only matplotlib's objects are used, never pyplot, which keeps state for the whole
process. Sizes are CSS pixels, y grows downwards. Knows nothing of what is drawn.
"""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, FancyBboxPatch, Patch, PathPatch, Polygon, Wedge
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image, PngImagePlugin

from backend.charts import lettering
from backend.charts.format import calm
from backend.charts.look import Palette

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

REGULAR, STRONG = 400, 650

_MARGIN = 28.0
_TITLE = 19.0
_BELOW_TITLE = 17.0
# The size that all lengths are made for; pictures of another size have them scaled.
_USUAL_WIDTH, _USUAL_HEIGHT = 800, 400
_LEAST_UNIT, _MOST_UNIT = 0.8, 2.0

_POINTS_AN_INCH = 72
_LONGEST_TEXT = 200
_SVG = "http://www.w3.org/2000/svg"
_FAMILY = "Inter, system-ui, 'Noto Sans', 'Noto Sans CJK JP', sans-serif"
_PICTURES = "'Apple Color Emoji', 'Segoe UI Emoji', 'Noto Color Emoji'"

ET.register_namespace("", _SVG)
ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
matplotlib.rcParams["svg.hashsalt"] = "undertone"


@dataclass(frozen=True)
class _Text:
    text: str
    x: float
    baseline: float
    size: float
    weight: int
    colour: str
    width: float
    parts: bool


class Canvas:
    """A card of `width` by `height` in one of the two themes."""

    def __init__(self, width: int, height: int, palette: Palette) -> None:
        self.width, self.height, self.palette = width, height, palette
        fitting = min(width / _USUAL_WIDTH, height / _USUAL_HEIGHT)
        self.unit = min(_MOST_UNIT, max(_LEAST_UNIT, fitting))
        self.top = self.margin = _MARGIN * self.unit
        self.left_out: list[str] = []
        self._texts: list[_Text] = []
        self._figure = Figure(
            figsize=(width / _POINTS_AN_INCH, height / _POINTS_AN_INCH),
            dpi=_POINTS_AN_INCH,
            facecolor=palette.card,
        )
        self._pixels = (
            Affine2D().scale(1, -1).translate(0, height).scale(1 / _POINTS_AN_INCH)
            + self._figure.dpi_scale_trans
        )

    def head(self, title: str) -> None:
        """Write `title` at the top, if there is one, and keep the rest below it."""
        self.title = calm(title, _LONGEST_TEXT)
        if self.title:
            room, size = self.width - 2 * self.margin, _TITLE * self.unit
            shown = self._fit(self.title, size, STRONG, room)
            self.write(shown, self.margin, self.top + size, size, weight=STRONG)
            self.top += size + _BELOW_TITLE * self.unit

    def write(
        self,
        text: str,
        x: float,
        baseline: float,
        size: float,
        *,
        colour: str | None = None,
        weight: int = REGULAR,
        anchor: Anchor = "start",
        parts: bool = True,
    ) -> float:
        """Write `text` and return how wide it is.

        Where fonts lack some of its characters, a PNG shows the others, or without `parts` none.
        """
        width = lettering.width(text, size, weight)
        start = x - width * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        self._texts.append(
            _Text(text, start, baseline, size, weight, colour or self.palette.ink, width, parts)
        )
        if not lettering.complete(text, weight):
            self.left_out.append(text)
        return width

    def say_instead(self, words: str) -> str:
        """Write why there is nothing to see, and return it."""
        middle = (self.top + self.height) / 2
        size = 16 * self.unit
        self.write(words, self.width / 2, middle, size, colour=self.palette.muted, anchor="middle")
        return words

    def ring(self, centre: Point, radii: Point, degrees: Point, colour: str) -> None:
        """Draw a part of a ring between two radii, from and to degrees clockwise from the top."""
        outer, inner = radii
        start, end = degrees
        self._add(Wedge(centre, outer, start - 90, end - 90, width=outer - inner), colour)

    def bars(self, corners: Sequence[tuple[float, float, float, float]], colour: str) -> None:
        """Draw rectangles of one colour, each given by left, top, width and height."""
        if corners:
            outlines = [
                Path([(x, y), (x + w, y), (x + w, y + h), (x, y + h), (x, y)], closed=True)
                for x, y, w, h in corners
            ]
            self._add(PathPatch(Path.make_compound_path(*outlines)), colour)

    def sign(self, corner: Point, side: float, colour: str) -> None:
        """Draw a square with round corners."""
        radius = side * 0.28
        box = FancyBboxPatch(
            (corner[0] + radius, corner[1] + radius),
            side - 2 * radius,
            side - 2 * radius,
            boxstyle=f"round,pad={radius}",
        )
        self._add(box, colour)

    def area(self, points: Sequence[Point], colour: str, opacity: float) -> None:
        """Fill what `points` enclose."""
        self._add(Polygon(points, alpha=opacity), colour)

    def dot(self, centre: Point, radius: float, colour: str) -> None:
        """Draw a disc with an edge in the colour of the card."""
        disc = Circle(centre, radius, zorder=3)
        self._add(disc, colour)
        disc.set_edgecolor(self.palette.card)
        disc.set_linewidth(1)

    def line(
        self, points: Sequence[Point], colour: str, width: float = 1, *, dashed: bool = False
    ) -> None:
        """Draw a line through `points`."""
        drawn = Line2D(
            [x for x, _ in points],
            [y for _, y in points],
            color=colour,
            linewidth=width,
            linestyle=(0, (2, 4)) if dashed else "-",
            solid_capstyle="round",
            solid_joinstyle="round",
            transform=self._pixels,
            zorder=2,
        )
        self._figure.add_artist(drawn)

    def png(self, told: str, scale: int) -> bytes:
        """Return the picture as a PNG of `scale` pixels for each of its own, described by `told`."""
        drawn = io.BytesIO()
        self._figure.savefig(drawn, format="rgba", dpi=_POINTS_AN_INCH * scale)
        size = (self.height * scale, self.width * scale)
        # Without a copy of what may be 15 MB.
        raw = np.frombuffer(drawn.getbuffer(), np.uint8).reshape(*size, 4)
        image = Image.fromarray(raw).convert("RGB")
        shown = [text for text in self._texts if text.parts or _complete(text)]
        for text in [*shown, *self._note(len(self._texts) - len(shown))]:
            at = (text.x * scale, text.baseline * scale)
            lettering.put(image, text.text, at, text.size * scale, text.weight, text.colour)
        about = PngImagePlugin.PngInfo()
        about.add_itxt("Title", self.title)
        about.add_itxt("Description", told)
        written = io.BytesIO()
        image.save(written, "PNG", pnginfo=about)
        return written.getvalue()

    def svg(self, told: str) -> bytes:
        """Return the picture as an SVG, described by `told`; text stays text."""
        drawn = io.StringIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        self._figure.savefig(drawn, format="svg", metadata=nothing)
        root = ET.fromstring(drawn.getvalue())
        root.set("width", str(self.width))
        root.set("height", str(self.height))
        root.set("role", "img")
        root.set("aria-labelledby", "title description")
        for place, (tag, words) in enumerate((("title", self.title or "Undertone"), ("desc", told))):
            named = ET.Element(f"{{{_SVG}}}{tag}", id="title" if tag == "title" else "description")
            named.text = words
            root.insert(place, named)
        for text in self._texts:
            root.append(_element(text))
        return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))

    def _note(self, missing: int) -> list[_Text]:
        """Return the line that says how many words are missing, if any are."""
        if not missing:
            return []
        words = f"{missing} more that no font of the server can show"
        size, baseline = 11 * self.unit, self.height - self.margin * 0.4
        return [_Text(words, self.margin, baseline, size, REGULAR, self.palette.muted, 0, True)]

    def _fit(self, text: str, size: float, weight: int, room: float) -> str:
        """Return `text`, cut so that it fits into `room` pixels."""
        shown = text
        while shown and lettering.width(shown, size, weight) > room:
            shown = calm(text, len(shown) - 1)
        return shown

    def _add(self, patch: Patch, colour: str) -> None:
        patch.set_facecolor(colour)
        patch.set_linewidth(0)
        patch.set_transform(self._pixels)
        self._figure.add_artist(patch)


def _complete(text: _Text) -> bool:
    return lettering.complete(text.text, text.weight)


def _element(text: _Text) -> ET.Element:
    made = ET.Element(
        f"{{{_SVG}}}text",
        {
            "x": f"{text.x:.2f}",
            "y": f"{text.baseline:.2f}",
            "fill": text.colour,
            "font-family": _FAMILY,
            "font-size": f"{text.size:g}",
            "font-weight": str(text.weight),
            # Whatever font the viewer has, no text grows into another.
            "textLength": f"{text.width:.2f}",
            "lengthAdjust": "spacingAndGlyphs",
        },
    )
    for run in lettering.runs(text.text, text.weight):
        pictures = {"font-family": _PICTURES} if run.face and run.face.pictures else {}
        ET.SubElement(made, f"{{{_SVG}}}tspan", pictures).text = run.text
    return made
