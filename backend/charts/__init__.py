"""Pictures of an analysis: how many, when, which words.

Knows which charts there are and what drawing one may cost. The drawing itself, and matplotlib, Pillow
and wordcloud with it, is imported with the first picture that is asked for: a worker that draws none
saves about 45 MB and half a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from backend.charts.wire import ChartOptions, DrawnAnalysis

if TYPE_CHECKING:
    from backend.charts.canvas import Canvas

Chart = Literal["counts", "trend", "wordcloud"]
Form = Literal["png", "svg"]

MEDIA_TYPES: dict[Form, str] = {"png": "image/png", "svg": "image/svg+xml"}

# One picture at a time in a process: drawing holds the interpreter anyway, and so the memory is that
# of one picture. The largest there is takes about 90 MB and two seconds, a usual one 20 MB and 0.1.
_pen = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """An image file, and which words no font here could draw into it."""

    media_type: str
    content: bytes
    left_out: tuple[str, ...]


def draw(chart: Chart, form: Form, analysed: DrawnAnalysis, options: ChartOptions) -> Picture:
    """Return the picture of `analysed`; the same bytes for the same input and the same fonts."""
    with _pen:
        from backend.charts import cloud, counts, trend
        from backend.charts.canvas import Canvas
        from backend.charts.look import PALETTES

        drawings: dict[Chart, Callable[[Canvas, DrawnAnalysis, ChartOptions], str]] = {
            "counts": counts.draw,
            "trend": trend.draw,
            "wordcloud": cloud.draw,
        }
        canvas = Canvas(options.width, options.height, PALETTES[options.theme])
        title = analysed.title if options.title is None else options.title
        canvas.head(title)
        told = drawings[chart](canvas, analysed, options)
        content = canvas.png(told, options.scale) if form == "png" else canvas.svg(told)
        return Picture(MEDIA_TYPES[form], content, tuple(canvas.left_out) if form == "png" else ())
