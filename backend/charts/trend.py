"""How the feeling moves: above, the mean with its interval; below, how many comments of each label."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from backend.charts.canvas import Anchor, Canvas
from backend.charts.format import number, score, when
from backend.charts.wire import ChartOptions, DrawnAnalysis, DrawnStep
from backend.fields import LABELS

_SCALE_WIDTH = 34.0
_AXIS_HEIGHT = 26.0
_LEGEND_HEIGHT = 30.0
_SMALL = 12.0
_WIDEST_BAR = 56.0
_MEAN_SHARE = 0.56
_SPACE_SHARE = 0.08
_DATE_WIDTH = 120.0
_ROOM_FOR_DOTS = 4.0
# Narrower pictures have a shorter legend.
_ROOMY = 480


@dataclass(frozen=True)
class Frame:
    """Where the steps and the two halves of the picture are."""

    left: float
    slot: float
    mean_top: float
    mean_height: float
    bars_top: float
    bars_height: float

    def x(self, step: float) -> float:
        return self.left + (step + 0.5) * self.slot

    def y(self, mean: float) -> float:
        return self.mean_top + (1 - mean) / 2 * self.mean_height


@dataclass(frozen=True)
class Felt:
    """The mean of one step with its interval."""

    place: int
    mean: float
    low: float
    high: float


def draw(canvas: Canvas, analysed: DrawnAnalysis, options: ChartOptions) -> str:
    """Draw the trend and return what the picture shows, in words."""
    steps, bucket = analysed.trend, analysed.bucket
    filled = [step for step in steps if step.mean is not None]
    if not filled:
        return canvas.say_instead("No comment has a date")
    _legend(canvas)
    frame = _frame(canvas, len(steps))
    _scale(canvas, frame)
    _bars(canvas, frame, steps)
    for run in _runs(steps):
        _mean(canvas, frame, run)
    _dates(canvas, frame, analysed)
    first, last = filled[0], filled[-1]
    said = [f"{when(step.start, bucket)}: {score(step.mean or 0)}" for step in (first, last)]
    shown = sum(step.total for step in steps)
    unit = f"{bucket}s" if len(steps) != 1 else bucket
    return (
        f"Mean score over time. {'; '.join(said if first is not last else said[:1])}. "
        f"{number(shown)} comments in {number(len(steps))} {unit}."
    )


def _frame(canvas: Canvas, steps: int) -> Frame:
    left = canvas.margin + _SCALE_WIDTH * canvas.unit
    room = canvas.height - canvas.top - canvas.margin - _AXIS_HEIGHT * canvas.unit
    mean, space = room * _MEAN_SHARE, room * _SPACE_SHARE
    return Frame(
        left=left,
        slot=(canvas.width - canvas.margin - left) / steps,
        mean_top=canvas.top,
        mean_height=mean,
        bars_top=canvas.top + mean + space,
        bars_height=room - mean - space,
    )


def _legend(canvas: Canvas) -> None:
    """Say what the colours mean, in as many words as have room; what comes next goes below."""
    unit, muted, size = canvas.unit, canvas.palette.muted, _SMALL * canvas.unit
    x, baseline = canvas.margin, canvas.top + size * 0.8
    if canvas.width >= _ROOMY * unit:
        y = baseline - size * 0.35
        canvas.line([(x, y), (x + 16 * unit, y)], canvas.palette.accent, 2)
        x += 22 * unit
        x += canvas.write("Mean score (95% interval)", x, baseline, size, colour=muted) + 18 * unit
    for label in LABELS[::-1]:
        canvas.sign((x, baseline - size * 0.78), size * 0.84, canvas.palette.fill(label))
        x += 15 * unit
        x += canvas.write(label.capitalize(), x, baseline, size, colour=muted) + 18 * unit
    canvas.top += _LEGEND_HEIGHT * unit


def _scale(canvas: Canvas, frame: Frame) -> None:
    right, size = canvas.width - canvas.margin, _SMALL * canvas.unit
    for mean, label in ((1, "+1"), (0, "0"), (-1, "\N{MINUS SIGN}1")):
        y = frame.y(mean)
        canvas.line([(frame.left, y), (right, y)], canvas.palette.line, dashed=mean != 0)
        canvas.write(
            label,
            frame.left - size * 0.8,
            y + size * 0.36,
            size,
            colour=canvas.palette.muted,
            anchor="end",
        )


def _bars(canvas: Canvas, frame: Frame, steps: Sequence[DrawnStep]) -> None:
    most = max(1, *(step.total for step in steps))
    size = _SMALL * canvas.unit
    wide = min(_WIDEST_BAR * canvas.unit, max(0.6, frame.slot * 0.72))
    floor = frame.bars_top + frame.bars_height
    under = [0.0] * len(steps)
    for label in LABELS:
        corners = []
        for place, step in enumerate(steps):
            height = getattr(step, label) / most * frame.bars_height
            under[place] += height
            if height:
                corners.append((frame.x(place) - wide / 2, floor - under[place], wide, height))
        canvas.bars(corners, canvas.palette.fill(label))
    canvas.line([(frame.left, floor), (canvas.width - canvas.margin, floor)], canvas.palette.line)
    canvas.write(
        number(most),
        frame.left - size * 0.8,
        frame.bars_top + size * 0.36,
        size,
        colour=canvas.palette.muted,
        anchor="end",
    )


def _runs(steps: Sequence[DrawnStep]) -> Iterator[list[Felt]]:
    """Yield runs of steps with comments: no line goes through a time when nobody wrote."""
    run: list[Felt] = []
    for place, step in enumerate(steps):
        if step.mean is not None:
            low = step.mean if step.low is None else step.low
            high = step.mean if step.high is None else step.high
            run.append(Felt(place, step.mean, low, high))
        elif run:
            yield run
            run = []
    if run:
        yield run


def _mean(canvas: Canvas, frame: Frame, run: Sequence[Felt]) -> None:
    accent = canvas.palette.accent
    high = [(frame.x(felt.place), frame.y(felt.high)) for felt in run]
    low = [(frame.x(felt.place), frame.y(felt.low)) for felt in run]
    line = [(frame.x(felt.place), frame.y(felt.mean)) for felt in run]
    if len(run) > 1:
        canvas.area([*high, *reversed(low)], accent, 0.17)
    else:
        (x, top), (_, bottom) = high[0], low[0]
        canvas.area([(x - 2, top), (x + 2, top), (x + 2, bottom), (x - 2, bottom)], accent, 0.25)
    canvas.line(line, accent, 2)
    for point in line if frame.slot >= _ROOM_FOR_DOTS else ():
        canvas.dot(point, min(4.0, max(1.6, frame.slot / 4)), accent)


def _dates(canvas: Canvas, frame: Frame, analysed: DrawnAnalysis) -> None:
    """Write as many dates below as have room, the first and the last among them."""
    steps = analysed.trend
    room = canvas.width - canvas.margin - frame.left
    size, widest = _SMALL * canvas.unit, _DATE_WIDTH * canvas.unit
    count = min(len(steps), max(2, int(room / widest)))
    places = sorted({round(n * (len(steps) - 1) / max(1, count - 1)) for n in range(count)})
    for place in places:
        anchor: Anchor = "middle"
        x = frame.x(place)
        if len(steps) > 1 and frame.slot < widest:
            if place == places[0]:
                x, anchor = frame.left, "start"
            elif place == places[-1]:
                x, anchor = canvas.width - canvas.margin, "end"
        text = when(steps[place].start, analysed.bucket)
        bottom = canvas.height - canvas.margin
        canvas.write(text, x, bottom, size, colour=canvas.palette.muted, anchor=anchor)
