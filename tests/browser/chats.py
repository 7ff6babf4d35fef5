"""Live chats and replays in which nobody wrote: messages of our own in YouTube's shape.

Knows what an action holds and what is said in a chat. Knows nothing of browsers or of the extension.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from tests.browser.videos import PWN, SECOND_VIDEO, Crowd, Video

Action = Mapping[str, Any]

GLAD = (
    "I love this stream, thank you so much",
    "This is amazing, best show ever",
    "What a wonderful song, I am so happy",
    "Great work, absolutely beautiful",
)
CROSS = (
    "This is terrible, I hate it",
    "The sound is awful, what a disappointment",
    "Worst stream ever, so boring and annoying",
    "Horrible, he ruined it",
)
CALM = (
    "it starts at nine",
    "which key is this in",
    "hello from Lisbon",
    "the link is in the description",
)


def message(
    identifier: str,
    words: str,
    *,
    author: str = "@someone",
    role: str = "",
    ago: float = 0,
    **kind: Any,
) -> Action:
    """Return the action that adds a message, written `ago` seconds before now.

    `kind` are fields of another renderer, named by `renderer`; `:name:` is an emoji of a channel.
    """
    renderer = kind.pop("renderer", "liveChatTextMessageRenderer")
    badge = (
        {"icon": {"iconType": role.upper()}}
        if role in ("owner", "moderator")
        else {"customThumbnail": {}}
    )
    content = {
        "id": identifier,
        "message": {"runs": _runs(words)},
        "authorName": {"simpleText": author},
        "timestampUsec": str(int((time.time() - ago) * 1e6)),
        **({"authorBadges": [{"liveChatAuthorBadgeRenderer": badge}]} if role else {}),
        **kind,
    }
    return {"addChatItemAction": {"item": {renderer: content}}}


def _runs(text: str) -> list[dict[str, Any]]:
    """Return `text` as YouTube sends it, with emoji of a channel and hearts apart."""
    runs: list[dict[str, Any]] = []
    for word in text.split(" "):
        if word.startswith(":") and word.endswith(":"):
            runs.append(
                {"emoji": {"emojiId": f"UCx/{word}", "isCustomEmoji": True, "shortcuts": [word]}}
            )
        elif word == "❤":
            runs.append({"emoji": {"emojiId": word}})
        else:
            runs.append({"text": f"{word} "})
    return runs


def removed(identifier: str) -> Action:
    """Return the action that takes a message out of the chat."""
    return {"removeChatItemAction": {"targetItemId": identifier}}


def deleted(identifier: str) -> Action:
    """Return the action that leaves words in the place of a message."""
    words = {"runs": [{"text": "[message deleted]"}]}
    return {"markChatItemAsDeletedAction": {"targetItemId": identifier, "deletedStateMessage": words}}


def paid(identifier: str, text: str) -> list[Action]:
    """Return the actions of a paid message: it stands in the list, and in the ticker above."""
    added = message(
        identifier,
        text,
        renderer="liveChatPaidMessageRenderer",
        purchaseAmountText={"simpleText": "$5.00"},
    )
    ticker = {
        "id": identifier,
        "showItemEndpoint": {
            "showLiveChatItemEndpoint": {"renderer": added["addChatItemAction"]["item"]}
        },
    }
    item = {"liveChatTickerPaidMessageItemRenderer": ticker}
    return [added, {"addLiveChatTickerItemAction": {"item": item}}]


def mode_change(words: str, more: str) -> Action:
    """Return the action by which YouTube says who may write from now on, and how often."""
    return message(
        "mode",
        "",
        renderer="liveChatModeChangeMessageRenderer",
        text={"runs": [{"text": words}]},
        subtext={"runs": [{"text": more}]},
    )


def said(texts: Sequence[str], prefix: str = "m") -> list[Action]:
    """Return the actions that add `texts`, each as a message of its own."""
    return [message(f"{prefix}{place}", text) for place, text in enumerate(texts)]


def at(seconds: float, action: Action) -> Action:
    """Return `action` as a replay has it, at so many seconds of the video."""
    (renderer,) = action["addChatItemAction"]["item"].values()
    minutes, rest = divmod(int(seconds), 60)
    shown = f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"
    renderer["timestampText"] = {"simpleText": shown}
    return {
        "replayChatItemAction": {
            "actions": [action],
            "videoOffsetTimeMsec": str(int(seconds * 1000)),
        }
    }


def _replayed() -> list[Action]:
    """Return a replay of an hour: glad in its first half, cross in its second."""
    return [
        at(second, message(f"r{second}", (GLAD if second < 1800 else CROSS)[second // 10 % 4]))
        for second in range(10, 3600, 10)
    ]


LIVE = Video(
    id="livestream1",
    title="Sunday night at the slow workshop, live",
    channel="Slow Workshop",
    comments_off=True,
    next=SECOND_VIDEO.id,
    chat=lambda: {"replay": False, "actions": []},
)
OTHER_LIVE = Video(
    id="livestream2",
    title="Another stream",
    comments_off=True,
    chat=lambda: {"replay": False, "actions": said(CROSS, "other")},
)
REPLAY = Video(
    id="replayed111",
    title="Last Sunday at the slow workshop",
    channel="Slow Workshop",
    comments=Crowd(seed=9).section(30, (40, 30, 30, 0)),
    chat=lambda: {"replay": True, "actions": _replayed()},
)
CHAT_OFF = Video(
    id="chatoff1111",
    comments=Crowd(seed=9).section(30, (40, 30, 30, 0)),
    chat=lambda: {"replay": False, "off": "Chat is disabled for this live stream.", "actions": []},
)
CHAT_CLOSED = Video(
    id="chatclosed1",
    comments=Crowd(seed=9).section(30, (40, 30, 30, 0)),
    chat=lambda: {"replay": True, "closed": True, "actions": []},
)

HOSTILE_MESSAGES = (
    f'I love this <img src=x onerror="{PWN}">',
    f"I hate this <script>{PWN}</script> terrible",
    "\u202e\u202esdrawkcab si siht evol I \u2067 wonderful, beautiful",
    "I love it so much " + "a" * 10_000,
    "Z" + "\u0301\u0302\u0303\u0304" * 200 + " beautiful, thank you, I love it",
    "what an awful half \ud83d of an emoji, I hate it",
    "great\0 stream, love\0 it so much",
)

ALL = (LIVE, OTHER_LIVE, REPLAY, CHAT_OFF, CHAT_CLOSED)
