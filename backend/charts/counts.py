"""How many comments are glad, neutral and cross: a ring, its legend, and the mean score."""

from __future__ import annotations

from backend.charts.canvas import REGULAR, STRONG, Canvas
from backend.charts.format import number, percent, score
from backend.charts.lettering import width
from backend.charts.wire import ChartOptions, DrawnAnalysis, DrawnCounts
from backend.fields import LABELS
from backend.schemas import MeanScore

_BEST_FIRST = LABELS[::-1]
_GAP_DEGREES = 2.0
_WIDEST_RING = 300.0
_WIDEST_NAMES = 380.0
_STEP = 46.0


def draw(canvas: Canvas, analysed: DrawnAnalysis, options: ChartOptions) -> str:
    """Draw the counts and return what the picture shows, in words."""
    counts, mean = analysed.counts, analysed.score
    if not counts.total:
        return canvas.say_instead("No comments to count")
    room = canvas.height - canvas.top - canvas.margin
    across = min(room, _WIDEST_RING * canvas.unit, canvas.width * 0.4)
    middle = canvas.top + room / 2
    _ring(canvas, analysed, (canvas.margin + across / 2, middle), across / 2)
    left = canvas.margin + across + min(2 * canvas.margin, canvas.width * 0.06)
    right = min(canvas.width - canvas.margin, left + _WIDEST_NAMES * canvas.unit)
    step = min(_STEP * canvas.unit, room / 4)
    top = middle - step * (2 if mean else 1.5)
    _legend(canvas, counts, (left, right), top, step)
    told = ", ".join(
        f"{label.capitalize()}: {number(getattr(counts, label))} "
        f"({percent(getattr(counts, label), counts.total)})"
        for label in _BEST_FIRST
    )
    told = f"Comments by feeling. {told}."
    if mean:
        _mean(canvas, mean, (left, right), top + step * len(LABELS), step)
        told += f" Mean score {score(mean.mean)}, {score(mean.low)} to {score(mean.high)}."
    return told


def _legend(
    canvas: Canvas, counts: DrawnCounts, edges: tuple[float, float], top: float, step: float
) -> None:
    """Write each label with its share and, where there is room, its count."""
    left, right = edges
    size = step * 0.37
    amounts = {label: number(getattr(counts, label)) for label in LABELS}
    widest = max(width(amount, size, REGULAR) for amount in amounts.values())
    names = max(width(label.capitalize(), size, REGULAR) for label in LABELS)
    shares_right = right - widest - size * 1.4
    roomy = left + size * 1.6 + names + size * 3.4 < shares_right
    for row, label in enumerate(_BEST_FIRST):
        baseline = top + step * (row + 0.65)
        canvas.sign((left, baseline - size * 0.82), size, canvas.palette.fill(label))
        canvas.write(label.capitalize(), left + size * 1.6, baseline, size)
        share = percent(getattr(counts, label), counts.total)
        at = shares_right if roomy else right
        canvas.write(share, at, baseline, size, weight=STRONG, anchor="end")
        if roomy:
            muted = canvas.palette.muted
            canvas.write(amounts[label], right, baseline, size, colour=muted, anchor="end")
        if row:
            y = top + step * row
            canvas.line([(left, y), (right, y)], canvas.palette.line)


def _mean(canvas: Canvas, mean: MeanScore, edges: tuple[float, float], top: float, step: float) -> None:
    """Write the mean score and, where there is room, its interval."""
    left, right = edges
    canvas.line([(left, top), (right, top)], canvas.palette.line)
    size, baseline = step * 0.34, top + step * 0.72
    used = canvas.write("Mean score", left, baseline, size) + size * 0.4
    used += canvas.write(score(mean.mean), left + used, baseline, size, weight=STRONG)
    interval, small = f"{score(mean.low)} to {score(mean.high)}", size * 0.84
    if left + used + size + width(interval, small, REGULAR) < right:
        muted = canvas.palette.muted
        canvas.write(interval, right, baseline, small, colour=muted, anchor="end")


def _ring(canvas: Canvas, analysed: DrawnAnalysis, centre: tuple[float, float], radius: float) -> None:
    counts = analysed.counts
    values = [getattr(counts, label) for label in _BEST_FIRST]
    gap = _GAP_DEGREES if sum(value > 0 for value in values) > 1 else 0
    start = 0.0
    for label, value in zip(_BEST_FIRST, values, strict=True):
        end = start + value / counts.total * 360
        middle = (start + end) / 2
        part = (min(start + gap / 2, middle), max(end - gap / 2, middle))
        if value:
            canvas.ring(centre, (radius, radius * 0.7), part, canvas.palette.fill(label))
        start = end
    x, y = centre
    size = radius * min(0.4, 2.4 / len(number(counts.total)))
    canvas.write(number(counts.total), x, y + size * 0.22, size, weight=STRONG, anchor="middle")
    unit = "comment" if counts.total == 1 else "comments"
    below = y + size * 0.22 + radius * 0.22
    canvas.write(unit, x, below, radius * 0.15, colour=canvas.palette.muted, anchor="middle")
