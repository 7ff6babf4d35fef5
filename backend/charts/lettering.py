"""One line of text as pixels, whatever mix of scripts and emoji it is.

Knows how a line falls into runs of one font each, and how wide they are. Knows nothing of charts.
matplotlib, which draws the rest of a chart, can't draw emoji in colour.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw

from backend.charts.fonts import Face, face_for, has, looks_like_a_picture

# An emoji stands a bit taller than letters do.
_PICTURE_HEIGHT = 1.16
_PICTURE_DROP = 0.2
_BOLD = 600
_JOINER = "\u200d"
_INVISIBLE = frozenset("\u200d\ufe0e\ufe0f") | frozenset(map(chr, range(0xE0020, 0xE0080)))
_SKINS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))


@dataclass(frozen=True)
class Run:
    """Characters that one font draws; none where no font has them."""

    text: str
    face: Face | None


@lru_cache(maxsize=1024)
def runs(text: str, weight: int) -> tuple[Run, ...]:
    """Return `text` in runs, from left to right as written."""
    found: list[Run] = []
    for character, face in _faces(text, bold=weight >= _BOLD):
        if found and found[-1].face == face:
            found[-1] = Run(found[-1].text + character, face)
        else:
            found.append(Run(character, face))
    return tuple(found)


def _faces(text: str, *, bold: bool) -> Iterator[tuple[str, Face | None]]:
    """Yield each character with its font; marks and joined characters go with what they belong to."""
    face: Face | None = None
    joined = False
    for character, following in zip(text, text[1:] + " ", strict=True):
        pictures = face is not None and face.pictures
        goes_on = character in _INVISIBLE or (pictures and (joined or character in _SKINS))
        if not goes_on and not (face and not pictures and _belongs(character) and has(face, character)):
            picture = looks_like_a_picture(character, following)
            face = face_for(character, picture=picture, bold=bold)
        joined = character == _JOINER
        yield character, face


def _belongs(character: str) -> bool:
    return character == " " or unicodedata.category(character) in ("Mn", "Mc", "Me")


def complete(text: str, weight: int) -> bool:
    """Whether every character of `text` can be drawn."""
    return all(run.face for run in runs(text, weight))


def width(text: str, size: float, weight: int) -> float:
    """Return how wide `text` is; what can't be drawn counts as wide as it would be."""
    return sum(_advance(run, size, weight) for run in runs(text, weight))


def _advance(run: Run, size: float, weight: int) -> float:
    if run.face is None:
        return sum(
            size if unicodedata.east_asian_width(character) in "WF" else size * 0.6
            for character in run.text
        )
    length = run.face.at(size, weight).getlength(run.text)
    return length * _shrink(run.face, size) if run.face.pictures else length


def _shrink(face: Face, size: float) -> float:
    ascent, descent = face.at(size, 400).getmetrics()
    return size * _PICTURE_HEIGHT / (ascent + descent)


def put(
    image: Image.Image,
    text: str,
    at: tuple[float, float],
    size: float,
    weight: int,
    colour: str | int,
) -> None:
    """Draw `text` on `image`, starting at `at` on its baseline; what no font has is left out."""
    x, baseline = at
    pen = ImageDraw.Draw(image)
    for run in runs(text, weight):
        if run.face is None:
            continue
        if run.face.pictures:
            _put_pictures(image, run, (x, baseline), size)
        else:
            font = run.face.at(size, weight)
            pen.text((x, baseline), run.text, fill=colour, font=font, anchor="ls")
        x += _advance(run, size, weight)


def _put_pictures(image: Image.Image, run: Run, at: tuple[float, float], size: float) -> None:
    assert run.face is not None
    font = run.face.at(size, 400)
    ascent, descent = font.getmetrics()
    length = max(1, round(font.getlength(run.text)))
    drawn = Image.new("RGBA", (length, ascent + descent))
    ImageDraw.Draw(drawn).text((0, ascent), run.text, font=font, embedded_color=True, anchor="ls")
    shrink = _shrink(run.face, size)
    small = drawn.resize(
        (max(1, round(length * shrink)), max(1, round((ascent + descent) * shrink))),
        Image.Resampling.LANCZOS,
    )
    top = at[1] + size * _PICTURE_DROP - small.height
    image.paste(small, (round(at[0]), round(top)), small)
