"""Likes and dates as YouTube writes them in its other languages, right in what reaches the backend."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Request

from tests.browser.chromium import Extension, open_video
from tests.browser.popup import shown
from tests.browser.videos import BY_SCROLLING, IN_LANGUAGES, Video

# A comment read a little later than the test began is that much younger.
SLACK_SECONDS = 300


def sent_of(
    context: BrowserContext, extension: Extension, video: Video
) -> tuple[list[dict[str, Any]], str]:
    """Have `video` read; return the comments that the backend was sent, and how many the popup says."""
    bodies: list[dict[str, Any]] = []

    def notice(request: Request) -> None:
        if request.url.endswith("/v1/analyze"):
            bodies.append(request.post_data_json)

    context.on("request", notice)
    popup = extension.popup(open_video(context, video))
    coverage = shown(popup).coverage
    context.remove_listener("request", notice)
    return bodies[-1]["comments"], coverage


def assert_right(context: BrowserContext, extension: Extension, video: Video) -> None:
    """Read `video` and compare what the backend was sent with what it should have been sent."""
    began = datetime.now(UTC)

    sent, coverage = sent_of(context, extension, video)

    assert coverage == f"{len(video.comments)} comments read"
    expected = list(video.sent(began))
    assert [comment["likes"] for comment in sent] == [comment["likes"] for comment in expected]
    for found, wanted in zip(sent, expected, strict=True):
        assert found["published_at_width"] == wanted["published_at_width"], found
        moments = [datetime.fromisoformat(each["published_at"]) for each in (found, wanted)]
        assert abs((moments[0] - moments[1]).total_seconds()) < SLACK_SECONDS
        assert found.keys() == wanted.keys()


@pytest.mark.parametrize("video", IN_LANGUAGES, ids=lambda video: video.language)
def test_likes_and_dates_that_youtube_answers_reach_the_backend(
    context: BrowserContext, extension: Extension, video: Video
) -> None:
    assert_right(context, extension, video)


@pytest.mark.parametrize("video", BY_SCROLLING[:3], ids=lambda video: video.language)
def test_likes_and_dates_that_stand_in_the_page_reach_the_backend(
    context: BrowserContext, extension: Extension, video: Video
) -> None:
    assert_right(context, extension, video)
