"""What YouTube really sent, kept beside the repository.

Knows where it is and how to read comments out of YouTube's responses. It belongs to others, so nothing
of it is in the repository, and what needs it is skipped without it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "youtube"
needs_recorded = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="there are no recorded pages and responses in ../shared/youtube"
)

UNIT_SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "month": 2_629_800,
    "year": 31_557_600,
}
HEARTED = "TOOLBAR_HEART_STATE_HEARTED"


@dataclass(frozen=True)
class Recorded:
    """A comment as YouTube's own response has it, in English."""

    id: str
    text: str
    author: str
    likes: int
    date_width: int
    pinned: bool
    hearted: bool
    reply_to: str | None

    def sent(self) -> dict[str, Any]:
        """Return what the backend should be sent of it, all but the date itself."""
        return {
            "id": self.id,
            "text": self.text.strip(),
            "author": self.author,
            "likes": self.likes,
            "published_at_width": self.date_width,
            **({"reply_to": self.reply_to} if self.reply_to else {}),
            **({"pinned": True} if self.pinned else {}),
            **({"hearted": True} if self.hearted else {}),
        }


def _values(tree: Any, name: str) -> Iterator[Any]:
    """Yield every value called `name`, however deep."""
    children = (
        tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    )
    for key, value in children:
        if key == name:
            yield value
        yield from _values(value, name)


def _likes(shown: str) -> int:
    digits, multiple = re.fullmatch(r"([\d.]*)([km]?)", shown.strip().lower()).groups()  # type: ignore[union-attr]
    return round(float(digits or 0) * {"": 1, "k": 1_000, "m": 1_000_000}[multiple])


def _unit(published: str) -> str:
    found = re.search(r"(second|minute|hour|day|week|month|year)s? ago", published)
    assert found, published
    return found[1]


def responses() -> list[str]:
    """Return the names of the recorded responses of the present generation in English."""
    names = sorted(path.stem for path in (FOLDER / "innertube").glob("*_new.json"))
    return [name for name in names if "localized" not in name]


def comments_of(name: str) -> list[Recorded]:
    """Return the comments of the recorded response `name`."""
    response = json.loads((FOLDER / "innertube" / f"{name}.json").read_text(encoding="utf-8"))
    hearted = {
        state["key"]
        for state in _values(response, "engagementToolbarStateEntityPayload")
        if state["heartState"] == HEARTED
    }
    pinned = {
        model["commentId"] for model in _values(response, "commentViewModel") if "pinnedText" in model
    }
    return [
        Recorded(
            id=(properties := comment["properties"])["commentId"],
            text=properties["content"]["content"],
            author=comment["author"]["displayName"],
            likes=_likes(comment["toolbar"]["likeCountNotliked"]),
            date_width=UNIT_SECONDS[_unit(properties["publishedTime"])],
            pinned=properties["commentId"] in pinned,
            hearted=properties["toolbarStateKey"] in hearted,
            reply_to=properties["commentId"].split(".")[0] if properties["replyLevel"] else None,
        )
        for comment in _values(response, "commentEntityPayload")
    ]
