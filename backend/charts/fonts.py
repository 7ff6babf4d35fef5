"""Which font of this machine draws which character.

Knows Inter, which the popup is set in, DejaVu Sans, which comes with matplotlib, and the fonts that
systems have for other scripts and for emoji. Knows nothing of charts. Called by one thread at a time.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import matplotlib
from matplotlib.font_manager import findSystemFonts
from PIL import ImageFont

_BUNDLED = Path(__file__).parents[1] / "static/extension/vendor/inter/inter-latin.woff2"
_MATPLOTLIB = Path(matplotlib.get_data_path()) / "fonts/ttf"

_STYLE = r"(?:-VF|-VariableFont.*|\[.*\]|-Regular|-Bold|-Medium)?"
# Families by the names of their files, the best first.
_SYSTEM_FONTS = tuple(
    re.compile(name + _STYLE + r"\.(?:ttf|otf|ttc)\Z", re.IGNORECASE)
    for name in (
        "NotoSansCJK(?:jp|kr|sc|tc|hk)?",
        "NotoSans",
        "NotoSans(?!Mono|Symbols|Math|Display|CJK)[A-Za-z]+",
        "(?:Hiragino|ヒラギノ).*",
        "PingFang",
        "AppleSDGothicNeo",
        "(?:Kohinoor|Thonburi|GeezaPro|SFArabic|SFHebrew).*",
        "Arial Unicode",
        "(?:DroidSansFallback|wqy-|Lohit-|unifont).*",
    )
)
_PICTURE_FONTS = ("NotoColorEmoji.ttf", "Apple Color Emoji.ttc", "seguiemj.ttf")
# The sizes that bitmap fonts of emoji come in; one of outlines takes the first.
_PICTURE_SIZES = (109, 160, 136, 128, 96, 64)
_SAMPLE_PICTURE = "\N{FACE WITH TEARS OF JOY}"
_SAMPLE_SIZE = 24
_NO_CHARACTER = "\U0010ffff"

_log = logging.getLogger(__name__)
_warned: set[str] = set()


@dataclass(frozen=True)
class Face:
    """A font file; of `pictures` one that draws emoji in colour, and at `size` only."""

    path: str
    pictures: bool = False
    size: int = 0

    def at(self, size: float, weight: int) -> ImageFont.FreeTypeFont:
        """Return the font at `size` pixels, in `weight` where the file has more than one."""
        return _load(self.path, float(self.size) if self.pictures else size, weight)


def face_for(character: str, *, picture: bool, bold: bool) -> Face | None:
    """Return the best font that has `character`, or None if none has.

    A `picture` is drawn in colour if that can be; whatever is missing is logged once for its script.
    """
    face = _face_for(character, picture, bold)
    if face is None:
        _warn(character)
    return face


def looks_like_a_picture(character: str, following: str) -> bool:
    """Whether browsers draw `character`, before `following`, as a coloured picture."""
    if following == "\ufe0e":
        return False
    return (
        following in ("\ufe0f", "\u20e3")
        or character >= "\U0001f000"
        or (unicodedata.category(character) == "So" and unicodedata.east_asian_width(character) == "W")
    )


@lru_cache(maxsize=4096)
def _face_for(character: str, picture: bool, bold: bool) -> Face | None:
    pictures = _picture_face()
    if picture and pictures and _draws_picture(pictures, character):
        return pictures
    for face in _text_faces(bold):
        if has(face, character):
            return face
    return pictures if pictures and _draws_picture(pictures, character) else None


@lru_cache(maxsize=2)
def _text_faces(bold: bool) -> tuple[Face, ...]:
    names = (_BUNDLED, _MATPLOTLIB / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"))
    paths = [str(path) for path in names if path.is_file()]
    return tuple(Face(path) for path in [*paths, *_system_fonts(bold)] if _opens(path))


def _system_fonts(bold: bool) -> Iterator[str]:
    """Yield the system's fonts for text, of each family the wanted weight before the other."""
    files = sorted(findSystemFonts())
    wanted = "bold" if bold else "regular"
    for family in _SYSTEM_FONTS:
        found = [path for path in files if family.match(Path(path).name)]
        yield from sorted(found, key=lambda path: (wanted not in path.lower(), path))


@lru_cache(maxsize=1)
def _picture_face() -> Face | None:
    """Return the font of emoji, if there is one that draws here and not only for browsers."""
    files = {Path(path).name: path for path in sorted(findSystemFonts())}
    for name in _PICTURE_FONTS:
        for size in _PICTURE_SIZES if name in files else ():
            face = Face(files[name], pictures=True, size=size)
            if _opens(face.path, size) and _draws_picture(face, _SAMPLE_PICTURE):
                return face
    return None


def _opens(path: str, size: float = _SAMPLE_SIZE) -> bool:
    try:
        _load(path, size, 400)
    except OSError:
        return False
    return True


@lru_cache(maxsize=4096)
def has(face: Face, character: str) -> bool:
    """Whether a font for text has more for `character` than its sign for what it doesn't have."""
    # Shaping would put a circle under a mark that stands alone.
    font = ImageFont.truetype(face.path, _SAMPLE_SIZE, layout_engine=ImageFont.Layout.BASIC)
    return _drawn(font, character) != _drawn(font, _NO_CHARACTER)


def _drawn(font: ImageFont.FreeTypeFont, character: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


def _draws_picture(face: Face, character: str) -> bool:
    return bool(face.at(face.size, 400).getmask(character, mode="RGBA").getbbox())


# A font with all of Chinese takes almost 3 MB, at each size again.
@lru_cache(maxsize=16)
def _load(path: str, size: float, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(path, size)
    try:
        axes = font.get_variation_axes()
    # How Pillow says that a font has one weight only.
    except OSError:
        return font
    default = [axis["default"] or 0 for axis in axes]
    named = [bytes(axis["name"] or b"").lower() for axis in axes]
    font.set_variation_by_axes(
        [weight if name == b"weight" else value for name, value in zip(named, default, strict=True)]
    )
    return font


def _warn(character: str) -> None:
    script = unicodedata.name(character, "UNKNOWN").split()[0]
    if script not in _warned:
        _warned.add(script)
        _log.warning(
            "no font here draws %s (U+%04X): words with it are left out of PNG charts; on Debian, "
            "fonts-noto-core, fonts-noto-cjk and fonts-noto-color-emoji draw most",
            script,
            ord(character),
        )
