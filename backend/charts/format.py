"""Numbers, dates and strangers' text as charts write them. Knows English, like every chart's labels."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from backend.fields import Bucket

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
# What joins emoji or chooses their look; every other invisible character is left out.
_JOINERS = "\u200d\ufe0e\ufe0f"
_TAGS = range(0xE0020, 0xE0080)
_ACCENT = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]"
_TOWER = re.compile(f"({_ACCENT}{{3}}){_ACCENT}+")


def number(count: int) -> str:
    """Return `count` as in "1,234"."""
    return f"{count:,}"


def percent(count: int, total: int) -> str:
    """Return the share of `count` in `total` as in "60%"."""
    return f"{count / total * 100 if total else 0:.0f}%"


def score(value: float) -> str:
    """Return a score as in "+0.31", with a true minus sign."""
    rounded = round(value, 2)
    return f"{rounded:+.2f}".replace("-", "\N{MINUS SIGN}") if rounded else "0.00"


def when(start: datetime, bucket: Bucket) -> str:
    """Return when a step begins, no finer than its length: "2026", "Mar 2026", "2 Mar 2026"."""
    month = _MONTHS[start.month - 1]
    return {
        "year": f"{start.year}",
        "month": f"{month} {start.year}",
        "hour": f"{start.day} {month}, {start.hour:02}:00",
    }.get(bucket, f"{start.day} {month} {start.year}")


def calm(text: str, most: int) -> str:
    """Return `text` for a place without room for tricks: one short line, in its own direction.

    Without control characters, without marks that turn what follows, without towers of accents.
    """
    line = " ".join("".join(map(_visible, text[: 10 * most])).split())
    line = _TOWER.sub(r"\1", line)
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    joins = character in _JOINERS or ord(character) in _TAGS
    # To this Python, an emoji of a later Unicode is not assigned yet.
    unknown = category == "Cn" and character < "\U0001f000"
    return "" if unknown or (category in ("Cf", "Cs", "Co") and not joins) else character
