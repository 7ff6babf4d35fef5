"""Which words people use: the weightiest largest and in the middle, coloured by the mood around them.

Knows where words go: each to the free place nearest to the middle. wordcloud's occupancy map says
what is free; its own layout can set in one font only and knows no emoji. Nothing is left to chance:
the same words give the same picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image
from wordcloud.wordcloud import IntegralOccupancyMap

from backend.charts import lettering
from backend.charts.canvas import Canvas
from backend.charts.format import calm, number
from backend.charts.wire import ChartOptions, DrawnAnalysis, DrawnWord
from backend.fields import Label

_LONGEST_TERM = 22
_WEIGHT = 600
# Letters' heights as shares of the picture's; smaller ones where that makes room for more words.
_LARGEST = (0.24, 0.2, 0.16)
_SMALLEST = 0.055
_SPACE = 3
_FELT = 0.15
_MOST_TOLD = 30
# Places are sought on a grid no larger than this, whatever the picture's size: that bounds the time.
_GRID = 480
# So many sizes of letters at most: each is a font to load.
_SIZES = 24

Mask = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Placed:
    """A word with the size of its letters and where it begins on its baseline."""

    word: DrawnWord
    size: float
    x: float
    baseline: float


def draw(canvas: Canvas, analysed: DrawnAnalysis, options: ChartOptions) -> str:
    """Draw the words that `options` asks for and return what the picture shows, in words."""
    words = _calm(getattr(analysed.words, options.words, []))
    if not words:
        return canvas.say_instead("No words stand out here")
    room = (int(canvas.width - 2 * canvas.margin), int(canvas.height - canvas.top - canvas.margin))
    placed = place(words, room)
    for one in placed:
        colour = canvas.palette.letters(_tone(one.word.mean))
        x, baseline = canvas.margin + one.x, canvas.top + one.baseline
        canvas.write(one.word.term, x, baseline, one.size, colour=colour, weight=_WEIGHT, parts=False)
    shown = [f"{one.word.term} ({number(one.word.count)})" for one in placed[:_MOST_TOLD]]
    more = len(placed) - len(shown)
    return f"Words by how much they stand out: {', '.join(shown)}{f' and {more} more' * (more > 0)}."


def place(words: Sequence[DrawnWord], room: tuple[int, int]) -> list[Placed]:
    """Return the words of `words` that find a place in `room` (width, height), the weightiest first."""
    shrink = min(1.0, _GRID / max(room))
    grid = (int(room[0] * shrink), int(room[1] * shrink))
    ordered = sorted(words, key=lambda word: (-word.weight, word.term))
    best: list[Placed] = []
    for largest in _LARGEST:
        placed = _place_all(ordered, _sizes(ordered, largest, grid[1]), grid)
        if len(placed) > len(best):
            best = placed
        if len(best) == len(words):
            break
    return [Placed(one.word, one.size / shrink, one.x / shrink, one.baseline / shrink) for one in best]


def _sizes(words: Sequence[DrawnWord], largest: float, height: int) -> list[float]:
    """Return the size of each word's letters, which grows with its weight."""
    weights = [word.weight for word in words]
    least, span = min(weights), max(weights) - min(weights)
    low, step = _SMALLEST * height, (largest - _SMALLEST) * height / _SIZES
    if not span:
        return [low + step * _SIZES / 2] * len(weights)
    return [low + step * round((weight - least) / span * _SIZES) for weight in weights]


def _place_all(
    words: Sequence[DrawnWord], sizes: Sequence[float], room: tuple[int, int]
) -> list[Placed]:
    width, height = room
    occupied: Mask = np.zeros((height, width), dtype=np.uint8)
    free = IntegralOccupancyMap(height, width, None)
    placed = []
    for word, size in zip(words, sizes, strict=True):
        mask, baseline = _mask(word.term, size)
        at = _nearest(free.integral, mask.shape)
        if at is None:
            continue
        row, column = at
        occupied[row : row + mask.shape[0], column : column + mask.shape[1]] |= mask
        free.update(occupied, row, column)
        placed.append(Placed(word, size, column + _SPACE, row + baseline))
    return placed


def _mask(term: str, size: float) -> tuple[Mask, float]:
    """Return where `term` has ink, with some space around, and where its baseline is.

    A term that no font here has counts as a full box: an SVG's viewer may well have one.
    """
    width = int(lettering.width(term, size, _WEIGHT)) + 2 * _SPACE + 1
    height, baseline = int(size * 1.3) + 2 * _SPACE, size + _SPACE
    if not lettering.complete(term, _WEIGHT):
        return np.full((height, width), 255, dtype=np.uint8), baseline
    image = Image.new("RGB", (width, height))
    lettering.put(image, term, (_SPACE, baseline), size, _WEIGHT, "#ffffff")
    ink = np.asarray(image).max(axis=2)
    rows = np.flatnonzero(ink.any(axis=1))
    if not len(rows):
        return np.full((height, width), 255, dtype=np.uint8), baseline
    top, bottom = max(0, int(rows[0]) - _SPACE), min(height, int(rows[-1]) + 1 + _SPACE)
    return np.asarray(ink[top:bottom]), baseline - top


def _nearest(integral: npt.NDArray[np.uint32], shape: tuple[int, ...]) -> tuple[int, int] | None:
    """Return the free corner (row, column) of a box of `shape` that is nearest to the middle.

    `integral` (height, width) holds the sum of all that is above and left of each pixel.
    """
    (height, width), (tall, wide) = integral.shape, shape
    if tall >= height or wide >= width:
        return None
    inside = (integral[tall:, wide:] - integral[:-tall, wide:] - integral[tall:, :-wide]) + integral[
        :-tall, :-wide
    ]
    rows = (np.arange(1, height - tall + 1) + tall / 2 - height / 2) / height
    columns = (np.arange(1, width - wide + 1) + wide / 2 - width / 2) / width
    distance = np.where(inside == 0, rows[:, None] ** 2 + columns[None, :] ** 2, np.inf)
    nearest = int(distance.argmin())
    if distance.flat[nearest] == np.inf:
        return None
    row, column = divmod(nearest, distance.shape[1])
    return row + 1, column + 1


def _calm(words: Sequence[DrawnWord]) -> list[DrawnWord]:
    short = [word.model_copy(update={"term": calm(word.term, _LONGEST_TERM)}) for word in words]
    return [word for word in short if word.term]


def _tone(mean: float) -> Label:
    return "positive" if mean > _FELT else "negative" if mean < -_FELT else "neutral"
