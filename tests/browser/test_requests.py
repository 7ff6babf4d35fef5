"""All the comments by the requests that the page itself makes, and what happens when those fail."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import continuations
from tests.browser.chromium import PATIENCE_MS, Extension, open_video
from tests.browser.conftest import Ask
from tests.browser.popup import shown, state
from tests.browser.test_analysis import as_shown, fields
from tests.browser.test_states import answering
from tests.browser.videos import (
    BY_REQUESTS,
    DEEP,
    ENTITIES,
    HURRIED,
    OFF_BY_REQUESTS,
    REFUSING,
    RENDERERS,
    RESHAPED,
    SECOND_VIDEO,
    SHORT,
    SHORTS,
    Video,
)
from tests.server import free_port, running_backend

BY_ASKING = "Read by YouTube’s own requests"
INSTEAD = "Read from the page, since asking YouTube didn’t work"


def until_quiet(count: Callable[[], int], page: Page) -> int:
    """Wait until `count` returns the same for a second, and return it."""
    before = -1
    while (now := count()) != before:
        before = now
        page.wait_for_timeout(1000)
    return now


def workers_killed(page: Page) -> int:
    """Kill the extension's service worker, as Chrome may at any time; return how many there were."""
    devtools = page.context.new_cdp_session(page)
    workers = [
        target["targetId"]
        for target in devtools.send("Target.getTargets")["targetInfos"]
        if target["type"] == "service_worker"
    ]
    for worker in workers:
        devtools.send("Target.closeTarget", {"targetId": worker})
    devtools.detach()
    return len(workers)


@pytest.mark.parametrize("video", [ENTITIES, RENDERERS], ids=["entities", "renderers"])
def test_every_comment_and_reply_is_read_without_moving_the_page(
    context: BrowserContext, extension: Extension, ask: Ask, video: Video
) -> None:
    watched = open_video(context, video)

    popup = extension.popup(watched)
    found = shown(popup)

    assert fields(found) == as_shown(ask(video), f"{video.total} comments read")
    expect(popup.locator(".coverage")).to_contain_text(BY_ASKING)
    assert watched.evaluate("scrollY") == 0
    assert watched.locator("ytd-comment-thread-renderer").count() == 0


def test_replies_to_replies_are_read_and_told_apart(
    context: BrowserContext, extension: Extension
) -> None:
    popup = extension.popup(open_video(context, DEEP))
    state(popup, "results")

    expect(popup.locator("[data-comment='UgDeep.a'] .badge:visible")).to_have_text("Reply")
    expect(popup.locator("[data-comment='UgDeep.a.b'] .badge:visible")).to_have_text("Reply, level 2")


def test_newest_come_first_where_that_is_chosen(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    extension.store(order="newest", limit=50)
    newest = replace(BY_REQUESTS, comments=tuple(reversed(BY_REQUESTS.comments)))

    found = shown(extension.popup(open_video(context, BY_REQUESTS)))

    assert fields(found) == as_shown(ask(newest, 50), f"50 of {BY_REQUESTS.total} comments read")


def test_a_server_in_a_hurry_is_asked_again_a_little_later(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    popup = extension.popup(open_video(context, HURRIED))

    assert fields(shown(popup)) == as_shown(ask(HURRIED), "30 comments read")
    expect(popup.locator(".coverage")).to_contain_text(BY_ASKING)


@pytest.mark.parametrize("video", [REFUSING, RESHAPED], ids=["refused half way", "another shape"])
def test_what_requests_do_not_bring_is_read_from_the_page_and_nothing_twice(
    context: BrowserContext, extension: Extension, ask: Ask, video: Video
) -> None:
    popup = extension.popup(open_video(context, video))

    assert fields(shown(popup)) == as_shown(ask(video), "30 comments read")
    expect(popup.locator(".coverage")).to_contain_text(INSTEAD)


def test_comments_that_are_off_are_known_by_asking(
    context: BrowserContext, extension: Extension
) -> None:
    state(extension.popup(open_video(context, OFF_BY_REQUESTS)), "comments-off")


def test_a_short_is_read_too(context: BrowserContext, extension: Extension, ask: Ask) -> None:
    popup = extension.popup(open_video(context, SHORTS, "shorts/"))

    assert fields(shown(popup)) == as_shown(ask(SHORTS), "30 comments read")
    expect(popup.locator(".title")).to_have_text(SHORTS.title)


def test_the_page_goes_on_when_the_popup_closes_and_is_found_done(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, BY_REQUESTS)
    popup = extension.popup(watched)
    expect(popup.locator("[data-progress], .big")).not_to_have_text("0")
    popup.close()
    asked = until_quiet(lambda: continuations.asked[BY_REQUESTS.id], watched)

    again = extension.popup(watched)

    assert fields(shown(again)) == as_shown(ask(BY_REQUESTS), f"{BY_REQUESTS.total} comments read")
    assert continuations.asked[BY_REQUESTS.id] == asked


def test_first_results_come_before_everything_is_read(
    context: BrowserContext, extension: Extension
) -> None:
    popup = extension.popup(open_video(context, BY_REQUESTS))

    expect(popup.locator("[data-state=results][data-refining]")).to_be_visible()
    expect(popup.locator("[data-progress]")).to_contain_text(f"of {BY_REQUESTS.total} comments")
    popup.get_by_role("button", name="Stop", exact=True).click()

    found = shown(popup)
    assert 100 <= sum(found.counts.values()) <= BY_REQUESTS.total
    expect(popup.locator("[data-refining]")).to_have_count(0)


def test_another_video_in_the_same_page_ends_the_reading(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, BY_REQUESTS)
    popup = extension.popup(watched)
    expect(popup.locator("[data-progress], .big")).not_to_have_text("0")

    watched.evaluate(f"navigate('{SECOND_VIDEO.id}')")

    expect(popup.locator(".title")).to_have_text(SECOND_VIDEO.title)
    # The new video's page tells its scripts nothing new, as on YouTube, so it is asked the same way.
    assert fields(shown(popup)) == as_shown(ask(SECOND_VIDEO), "45 comments read")


def test_a_backend_that_stops_in_the_middle_is_asked_again_for_what_it_owes(
    context: BrowserContext, extension: Extension
) -> None:
    port = free_port()
    extension.store(address=f"http://127.0.0.1:{port}")
    watched = open_video(context, BY_REQUESTS)
    with running_backend(port=str(port), graceful_timeout="1"):
        popup = extension.popup(watched)
        expect(popup.locator("[data-progress], .big")).not_to_have_text("0")

    until_quiet(lambda: continuations.asked[BY_REQUESTS.id], watched)
    expect(popup.get_by_role("button", name="Try again")).to_be_visible()

    with running_backend(port=str(port), graceful_timeout="1"):
        popup.get_by_role("button", name="Try again").click()
        assert sum(shown(popup).counts.values()) == BY_REQUESTS.total


def test_a_service_worker_that_is_killed_in_the_middle_changes_nothing(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, BY_REQUESTS)
    popup = extension.popup(watched)
    expect(popup.locator("[data-progress], .big")).not_to_have_text("0")

    assert workers_killed(watched) == 1

    assert fields(shown(popup)) == as_shown(ask(BY_REQUESTS), f"{BY_REQUESTS.total} comments read")


def test_a_service_worker_that_is_killed_while_it_waits_for_the_backend_asks_again(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    held = threading.Event()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    with answering(200, json.dumps(ask(SHORT)), held=held) as address:
        extension.store(address=address)
        watched = open_video(context, SHORT)
        with context.expect_event(
            "request", lambda request: request.url == f"{address}/v1/analyze", timeout=PATIENCE_MS
        ):
            popup = extension.popup(watched)

        assert workers_killed(watched) == 1

        held.set()
        assert sum(shown(popup).counts.values()) == SHORT.total
    assert asked.count(f"{address}/v1/analyze") == 2


def test_a_correction_counts_at_once_and_reaches_the_backend(
    context: BrowserContext, extension: Extension, backend: str
) -> None:
    popup = extension.popup(open_video(context, SHORT))
    before = shown(popup).counts
    comment = popup.locator("[data-comment]").first
    select = comment.get_by_label("What this comment feels")
    label = select.input_value()
    other = "negative" if label == "positive" else "positive"

    with context.expect_event(
        "requestfinished", lambda request: request.url == f"{backend}/v1/feedback"
    ) as sent:
        select.select_option(other)

    expect(popup.locator(f"[data-label-count={other}] .legend-count")).to_have_text(
        str(before[other] + 1)
    )
    expect(comment.locator(".corrected")).to_be_visible()
    response = sent.value.response()
    assert response is not None
    assert response.status == 202
