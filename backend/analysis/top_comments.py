"""Which comments are worth showing: the most negative, the most positive, the most divided.

Knows scores, likes and who answers whom. Knows nothing of what comments say.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from backend.fields import Label
from backend.labelling import Labelling
from backend.schemas import Comment, TopComment, TopComments

# With less probability than this on either side, a comment is not torn between the two.
_TORN = 0.2


def top_comments(comments: Sequence[Comment], labelling: Labelling, limit: int) -> TopComments:
    """Return up to `limit` comments of each kind.

    Negative and positive ones are ranked by ``|score| * (1 + ln(1 + likes))``: sure of itself, and
    shared by many. Controversial are first the comments whose direct replies disagree, with at least
    one negative and one positive reply, ranked by ``deviation of the replies' scores *
    (1 + ln(replies))``; then liked comments that are torn themselves, ranked by
    ``min(negative, positive) * (1 + ln(1 + likes))``. Equals keep their order on the page.
    """
    loudness = [1 + math.log1p(comment.likes) for comment in comments]

    def felt(label: Label) -> list[int]:
        of_label = (i for i, found in enumerate(labelling.labels) if found == label)
        return _first(of_label, limit, lambda i: abs(labelling.scores[i]) * loudness[i])

    divided = _divided_threads(comments, labelling, limit)
    sides = labelling.probabilities[:, [0, 2]].min(axis=1)
    torn = (
        i
        for i, comment in enumerate(comments)
        if comment.likes and sides[i] >= _TORN and i not in divided
    )
    torn_first = _first(torn, limit - len(divided), lambda i: sides[i] * loudness[i])

    def show(positions: Iterable[int]) -> list[TopComment]:
        return [_show(comments[i], labelling, i) for i in positions]

    return TopComments(
        negative=show(felt("negative")),
        positive=show(felt("positive")),
        controversial=show(divided + torn_first),
    )


def _divided_threads(comments: Sequence[Comment], labelling: Labelling, limit: int) -> list[int]:
    position = {comment.id: i for i, comment in enumerate(comments)}
    replies: defaultdict[int, list[int]] = defaultdict(list)
    for i, comment in enumerate(comments):
        parent = position.get(comment.reply_to or "")
        if parent is not None and parent != i:
            replies[parent].append(i)
    heat = {
        parent: float(np.std(labelling.scores[answers])) * (1 + math.log(len(answers)))
        for parent, answers in replies.items()
        if {"negative", "positive"} <= {labelling.labels[i] for i in answers}
    }
    return _first(sorted(heat), limit, heat.__getitem__)


def _first(positions: Iterable[int], limit: int, rank: Callable[[int], float]) -> list[int]:
    return sorted(positions, key=rank, reverse=True)[:limit]


def _show(comment: Comment, labelling: Labelling, position: int) -> TopComment:
    return TopComment(
        id=comment.id,
        text=labelling.texts[position],
        author=comment.author,
        likes=comment.likes,
        label=labelling.labels[position],
        score=float(labelling.scores[position]),
        published_at=comment.published_at,
        reply_to=comment.reply_to,
    )
