"""YouTube's answers: what the Data API says of comments, and why it refuses, as types.

Knows the shapes of its answers and what a person can do about a refusal. Knows nothing of requests or
files.
"""

from __future__ import annotations

from datetime import UTC

from pydantic import AliasChoices, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

CONSOLE = "https://console.cloud.google.com/apis"
_QUOTA = (
    "the key's quota for today is used up; it resets at midnight Pacific time. What was read is kept: "
    "run it again then"
)
WRONG_KEY = f"the key in YOUTUBE_API_KEY is not valid; copy it anew from {CONSOLE}/credentials"
_RESTRICTED = f"the key is restricted to other callers or APIs; see {CONSOLE}/credentials"
_ENABLE = (
    "the key's project does not use the YouTube Data API v3; enable it at "
    f"{CONSOLE}/library/youtube.googleapis.com, wait some minutes and run it again"
)
_REMOVE = "remove the video from ingest.youtube.videos in params.yaml"
_STALE = (
    "the page at which an earlier run stopped is no longer known; remove the video's .part file and "
    "run it again"
)
_ADVICE = {
    "quotaExceeded": _QUOTA,
    "dailyLimitExceeded": _QUOTA,
    "keyInvalid": WRONG_KEY,
    "keyExpired": WRONG_KEY,
    "API_KEY_INVALID": WRONG_KEY,
    "ipRefererBlocked": _RESTRICTED,
    "API_KEY_SERVICE_BLOCKED": _RESTRICTED,
    "API_KEY_HTTP_REFERRER_BLOCKED": _RESTRICTED,
    "API_KEY_IP_ADDRESS_BLOCKED": _RESTRICTED,
    "accessNotConfigured": _ENABLE,
    "SERVICE_DISABLED": _ENABLE,
    "commentsDisabled": f"its comments are turned off; {_REMOVE}",
    "videoNotFound": f"there is no such video, or it is private; {_REMOVE}",
    "invalidPageToken": _STALE,
    "forbidden": (
        "the key may not read it; see that the video is public and that the YouTube Data API v3 is "
        f"enabled at {CONSOLE}/library/youtube.googleapis.com"
    ),
}
_PASSING = {"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "processingFailure"}


class Kept(BaseModel):
    """What is written to a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Comment(Kept):
    """A comment as it is kept; `published_at` is in UTC, `reply_to` the id of what it answers."""

    id: str
    text: str
    author: str | None
    likes: int
    published_at: AwareDatetime
    reply_to: str | None
    video_id: str


class _Wire(BaseModel):
    """A part of an answer; fields that nothing here needs are passed over."""

    model_config = ConfigDict(alias_generator=to_camel, frozen=True)


class _Snippet(_Wire):
    text: str = Field(validation_alias=AliasChoices("textOriginal", "textDisplay"))
    author_display_name: str | None = None
    like_count: int = 0
    published_at: AwareDatetime
    parent_id: str | None = None


class CommentItem(_Wire):
    """A comment as the API tells it."""

    id: str
    snippet: _Snippet

    def comment(self, video: str) -> Comment:
        """Return it as it is kept."""
        return Comment(
            id=self.id,
            text=self.snippet.text,
            author=self.snippet.author_display_name,
            likes=self.snippet.like_count,
            published_at=self.snippet.published_at.astimezone(UTC),
            reply_to=self.snippet.parent_id,
            video_id=video,
        )


class ThreadSnippet(_Wire):
    """What a thread says of itself."""

    top_level_comment: CommentItem
    total_reply_count: int = 0


class _Included(_Wire):
    comments: tuple[CommentItem, ...] = ()


class Thread(_Wire):
    """A comment and some of its replies."""

    id: str
    snippet: ThreadSnippet
    replies: _Included = _Included()


class Threads(_Wire):
    """A page of a video's threads."""

    items: tuple[Thread, ...]
    next_page_token: str | None = None

    @property
    def comments(self) -> list[CommentItem]:
        """Those of the page, replies that came along included."""
        return [
            item
            for thread in self.items
            for item in (thread.snippet.top_level_comment, *thread.replies.comments)
        ]

    @property
    def unread(self) -> list[str]:
        """The ids of the threads of which not all replies came along."""
        return [
            thread.id
            for thread in self.items
            if thread.snippet.total_reply_count > len(thread.replies.comments)
        ]


class Replies(_Wire):
    """A page of the replies to one comment."""

    items: tuple[CommentItem, ...]
    next_page_token: str | None = None

    @property
    def comments(self) -> list[CommentItem]:
        """Those of the page."""
        return list(self.items)

    @property
    def unread(self) -> list[str]:
        """None: a reply has no replies of its own."""
        return []


class _Reason(_Wire):
    reason: str = ""


class Refusal(_Wire):
    """Why the API did not answer."""

    message: str = ""
    errors: tuple[_Reason, ...] = ()
    details: tuple[_Reason, ...] = ()

    @property
    def reasons(self) -> list[str]:
        """The reasons, the more telling ones first."""
        return [item.reason for item in (*self.details, *self.errors)]

    @property
    def advice(self) -> str | None:
        """What to do about it, where that is known."""
        # Of a wrong key some answers give no other reason than badRequest.
        if "API key not valid" in self.message:
            return WRONG_KEY
        return next((_ADVICE[reason] for reason in self.reasons if reason in _ADVICE), None)

    @property
    def may_pass(self) -> bool:
        """Whether asking again later may help."""
        return not _PASSING.isdisjoint(self.reasons)


class _Failure(_Wire):
    error: Refusal


def refusal_in(body: bytes) -> Refusal:
    """Return why the API refused; without reasons where `body` is not the API's."""
    try:
        return _Failure.model_validate_json(body).error
    except ValidationError:
        return Refusal()
