"""Who wrote, how often, and in which mood.

Knows names and scores. Two people of one name are one to it: a page shows no more than the name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from backend.schemas import Author, Authors


def authors(written: Iterable[tuple[str | None, float]], limit: int) -> Authors:
    """Return the number of authors and the `limit` busiest, from pairs of author and score."""
    scores: defaultdict[str, list[float]] = defaultdict(list)
    for author, score in written:
        if author:
            scores[author].append(score)
    busiest = sorted(scores, key=lambda author: -len(scores[author]))[:limit]
    return Authors(
        total=len(scores),
        top=[
            Author(
                author=author,
                count=len(scores[author]),
                mean=max(-1.0, min(1.0, sum(scores[author]) / len(scores[author]))),
            )
            for author in busiest
        ],
    )
