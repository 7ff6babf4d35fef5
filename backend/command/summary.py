"""An analysis as a few lines for a terminal. Knows nothing of how it was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backend.fields import LABELS
from backend.schemas import AnalyzeAnswer, TopComment, TrendStep, Word

_BAR = 40
_WIDTH = 100
# What joins pictures to one; everything else that does not print could command the terminal.
_JOINERS = "\u200d"
_HEIGHTS = "▁▂▃▄▅▆▇█"


def summary(found: AnalyzeAnswer) -> str:
    """Return the counts, the mean, the trend, the words and the comments that stand out."""
    return "\n".join(_sections(found))


def _sections(found: AnalyzeAnswer) -> Iterator[str]:
    counts = found.counts
    total = counts.total
    yield _printable(found.video.title or found.video.id)
    yield f"{total:,} comments, mean {_signed(found.score.mean)}" + (
        f" ({_signed(found.score.low)} to {_signed(found.score.high)})" if total > 1 else ""
    )
    yield ""
    for name, count in zip(LABELS, (counts.negative, counts.neutral, counts.positive), strict=True):
        yield f"{name:8} {'█' * round(_BAR * count / total):{_BAR}} {count:6,} {count / total:4.0%}"
    if len(found.trend) > 1:
        yield f"\nBy {found.bucket}, from {found.trend[0].start:%Y-%m-%d}: {_line(found.trend)}"
    for kind, words in (("Positive", found.words.positive), ("Negative", found.words.negative)):
        if words:
            yield f"\n{kind} words: {_terms(words)}"
    for kind, comments in (
        ("Most positive", found.top_comments.positive),
        ("Most negative", found.top_comments.negative),
    ):
        if comments:
            yield f"\n{kind}:"
            yield from map(_comment, comments)


def _line(trend: Sequence[TrendStep]) -> str:
    """Return the means as blocks from the lowest that a mean can be to the highest."""
    top = len(_HEIGHTS) - 1
    return "".join(
        " " if step.mean is None else _HEIGHTS[round((step.mean + 1) / 2 * top)] for step in trend
    )


def _terms(words: Sequence[Word]) -> str:
    return ", ".join(_printable(word.term) for word in words[:10])


def _comment(comment: TopComment) -> str:
    text = _printable(comment.text)
    cut = text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"
    return f"  {_signed(comment.score)}  {cut}"


def _signed(score: float) -> str:
    return f"{score:+.2f}"


def _printable(text: str) -> str:
    kept = "".join(c if c.isprintable() or c in _JOINERS else " " for c in text)
    return " ".join(kept.split())
