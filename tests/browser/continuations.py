"""What YouTube answers when its page asks for comments, made of our own videos, in both shapes.

Knows the shapes, the tokens and what may go wrong on the way. Knows nothing of HTTP or of what reads
the answers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tests.browser.videos import Comment, Video

BATCH, REPLY_BATCH = 20, 10
CONFIG = {
    "INNERTUBE_CONTEXT_CLIENT_NAME": 1,
    "INNERTUBE_CONTEXT_CLIENT_VERSION": "2.20261120.01.00",
    "VISITOR_DATA": "CgtvdXItdmlzaXRvcg%3D%3D",
}

asked: Counter[str] = Counter()
"""How often each video was asked about."""


def page_script(video: Video) -> str:
    """Return what the page of `video` tells its scripts."""
    client = {"hl": video.language, "clientName": "WEB", "clientVersion": "2.20261120.01.00"}
    context = {"client": client, "user": {"note": 'a "brace" } in a string'}}
    return f"ytcfg.set({json.dumps(CONFIG | {'INNERTUBE_CONTEXT': context}, separators=(',', ':'))});"


def answer(question: Mapping[str, Any], known: Mapping[str, Video]) -> tuple[int, dict[str, Any]]:
    """Return status and body of the answer to `question`."""
    token = str(question.get("continuation", ""))
    name, _, place = token.partition(" ")
    video = known[name or str(question["videoId"])]
    asked[video.id] += 1
    if (status := video.statuses.get(asked[video.id])) is not None:
        return status, {"error": {"code": status}}
    if not token:
        return 200, _about(video)
    if question["context"]["client"]["hl"] != video.language:
        return 400, {"error": {"code": 400, "message": "another language than the page's"}}
    kind, _, rest = place.partition(" ")
    parent, _, start = rest.rpartition(" ")
    if kind == "replies":
        return 200, _replies(video, parent, int(start))
    return 200, _threads(video, kind, int(start))


def _continuation(token: str, button: bool = False) -> dict[str, Any]:
    command = {
        "continuationCommand": {"token": token, "request": "CONTINUATION_REQUEST_TYPE_WATCH_NEXT"}
    }
    held = (
        {"button": {"buttonRenderer": {"command": command}}}
        if button
        else {"continuationEndpoint": command}
    )
    return {"continuationItemRenderer": held}


def _about(video: Video) -> dict[str, Any]:
    off = {"messageRenderer": {"text": {"runs": [{"text": "Comments are turned off."}]}}}
    content = off if video.comments_off else _continuation(f"{video.id} top  0")
    sections = [
        {"itemSectionRenderer": {"contents": [{"videoMetadataRenderer": {}}]}},
        {"itemSectionRenderer": {"contents": [content], "sectionIdentifier": "comment-item-section"}},
    ]
    results = {"results": {"results": {"contents": sections}}}
    return {"contents": {"twoColumnWatchNextResults": results}}


def _header(video: Video) -> dict[str, Any]:
    orders = [
        {
            "title": title,
            "serviceEndpoint": {"continuationCommand": {"token": f"{video.id} {order}  0"}},
        }
        for title, order in (("Top comments", "top"), ("Newest first", "newest"))
    ]
    return {
        "commentsHeaderRenderer": {
            "countText": {"runs": [{"text": video.count_text}]},
            "sortMenu": {"sortFilterSubMenuRenderer": {"subMenuItems": orders}},
        }
    }


def _threads(video: Video, order: str, start: int) -> dict[str, Any]:
    comments = video.comments if order == "top" else tuple(reversed(video.comments))
    batch = comments[start : start + BATCH]
    items = [_header(video)] if start == 0 else []
    items += [_thread(video, comment) for comment in batch]
    if start + BATCH < len(comments):
        items.append(_continuation(f"{video.id} {order}  {start + BATCH}"))
    # YouTube now and then sends what it has sent before.
    if start:
        items.insert(0, _thread(video, comments[start - 1]))
    return _received(video, items, [*batch, *comments[max(0, start - 1) : start]])


def _replies(video: Video, parent: str, start: int) -> dict[str, Any]:
    replies = next(comment.replies for comment in _all(video.comments) if comment.id == parent)
    batch = replies[start : start + REPLY_BATCH]
    items = [_thread(video, reply) if reply.replies else _alone(video, reply) for reply in batch]
    if start + REPLY_BATCH < len(replies):
        items.append(_continuation(f"{video.id} replies {parent} {start + REPLY_BATCH}", button=True))
    return _received(video, items, batch)


def _all(comments: Sequence[Comment]) -> list[Comment]:
    return [one for comment in comments for one in (comment, *_all(comment.replies))]


def _thread(video: Video, comment: Comment) -> dict[str, Any]:
    held = _alone(video, comment)
    thread = {"comment": held} if video.shape == "renderers" else {"commentViewModel": held}
    if comment.replies:
        more = _continuation(f"{video.id} replies {comment.id} 0")
        thread["replies"] = {"commentRepliesRenderer": {"contents": [more]}}
    return {"commentThreadRenderer": thread}


def _alone(video: Video, comment: Comment) -> dict[str, Any]:
    if video.shape == "renderers":
        return {"commentRenderer": _renderer(comment)}
    view = {
        "commentId": comment.id,
        "commentKey": f"key {comment.id}",
        "toolbarStateKey": f"state {comment.id}",
    }
    return {"commentViewModel": view | ({"pinnedText": "Pinned"} if comment.pinned else {})}


def _renderer(comment: Comment) -> dict[str, Any]:
    heart = {"creatorHeart": {"creatorHeartRenderer": {}}} if comment.hearted else {}
    return {
        "commentId": comment.id,
        "contentText": {"runs": [{"text": part} for part in comment.text.splitlines(keepends=True)]},
        "authorText": {"simpleText": comment.author},
        "voteCount": {"simpleText": comment.likes_shown},
        "publishedTimeText": {"runs": [{"text": comment.published}]},
        "replyCount": len(comment.replies),
        "authorIsChannelOwner": comment.by_owner,
        "actionButtons": {"commentActionButtonsRenderer": heart},
        **({"pinnedCommentBadge": {}} if comment.pinned else {}),
    }


def _received(video: Video, items: list[dict[str, Any]], comments: Sequence[Comment]) -> dict[str, Any]:
    received = {
        "onResponseReceivedEndpoints": [{"appendContinuationItemsAction": {"continuationItems": items}}]
    }
    if video.shape == "renderers":
        return received
    mutations = [
        {"payload": payload}
        for comment in comments
        for payload in (
            {"commentEntityPayload": _entity(video, comment)},
            {
                "engagementToolbarStateEntityPayload": {
                    "key": f"state {comment.id}",
                    "heartState": f"TOOLBAR_HEART_STATE_{'' if comment.hearted else 'UN'}HEARTED",
                }
            },
        )
    ]
    return received | {"frameworkUpdates": {"entityBatchUpdate": {"mutations": mutations}}}


def _entity(video: Video, comment: Comment) -> dict[str, Any]:
    return {
        "key": f"key {comment.id}",
        # A shape that nobody has seen yet.
        ("attributes" if video.shape == "unknown" else "properties"): {
            "commentId": comment.id,
            "content": {"content": comment.text},
            "publishedTime": comment.published,
            "replyLevel": comment.id.count("."),
        },
        "author": {"displayName": comment.author, "isCreator": comment.by_owner},
        "toolbar": {
            "likeCountNotliked": comment.likes_shown or " ",
            "replyCount": str(len(comment.replies) or ""),
        },
    }
