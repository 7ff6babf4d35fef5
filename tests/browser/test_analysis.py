"""From the page to the picture: the popup shows what the backend says of what the page holds."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.conftest import Ask
from tests.browser.popup import Shown, shown, state, written_score
from tests.browser.videos import GERMAN, LONG, OFF, SECOND_VIDEO, SHORT, THREADS, Video


def as_shown(answer: dict[str, Any], coverage: str) -> dict[str, Any]:
    """Return what the popup should show of `answer`, all but the words."""
    counts, score = answer["counts"], answer["score"]
    return {
        "coverage": coverage,
        "counts": {label: counts[label] for label in ("negative", "neutral", "positive")},
        "score": written_score(score["mean"]),
        "interval": f"{written_score(score['low'])} to {written_score(score['high'])}, 95 % sure",
        "positive": [comment["id"] for comment in answer["top_comments"]["positive"]],
        "negative": [comment["id"] for comment in answer["top_comments"]["negative"]],
    }


def fields(popup: Shown) -> dict[str, Any]:
    """Return what the popup shows, all but the words and the shares."""
    return {name: value for name, value in vars(popup).items() if name not in ("words", "shares")}


def test_popup_shows_the_answer_for_every_comment_and_reply_of_the_page(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    popup = extension.popup(open_video(context, LONG))

    found = shown(popup)

    answer = ask(LONG)
    assert LONG.total > 340
    assert answer["counts"]["total"] == LONG.total
    assert fields(found) == as_shown(answer, f"{LONG.total} comments read")
    words = {f"{word['term']}: {word['count']}" for word in answer["words"]["all"]}
    assert {title.rsplit(" ", 1)[0] for title in found.words} <= words
    assert len(found.words) >= 15
    expect(popup.locator("[data-partial]")).to_have_count(0)


def test_trend_counts_each_dated_comment_once(context: BrowserContext, extension: Extension) -> None:
    popup = extension.popup(open_video(context, SECOND_VIDEO))
    shown(popup)

    popup.get_by_text("Show the numbers").click()

    cells = popup.locator(".numbers tbody td").all_inner_texts()
    rows = [cells[start : start + 4] for start in range(0, len(cells), 4)]
    assert len(rows) >= 6
    assert sum(int(count) for row in rows for count in row[:3]) == SECOND_VIDEO.total


def test_limit_is_kept_and_said(context: BrowserContext, extension: Extension, ask: Ask) -> None:
    extension.store(limit=50)
    popup = extension.popup(open_video(context, LONG))

    found = shown(popup)

    assert fields(found) == as_shown(ask(LONG, 50), f"50 of {LONG.total} comments read")
    expect(popup.locator("[data-partial=limit]")).to_contain_text("limit in your settings")


def test_replies_are_left_alone_when_they_are_not_wanted(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    extension.store(openReplies=False)
    watched = open_video(context, THREADS)
    popup = extension.popup(watched)

    found = shown(popup)

    threads = len(THREADS.comments)
    assert fields(found) == as_shown(
        ask(THREADS, threads), f"{threads} of {THREADS.total} comments read"
    )
    expect(popup.locator("[data-partial=end]")).to_contain_text("Replies were not opened")
    assert watched.locator("#expander-contents ytd-comment-view-model").count() == 0


def test_page_is_left_where_it_was_with_replies_closed(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, THREADS)
    watched.evaluate("scrollTo(0, 120)")
    popup = extension.popup(watched)

    state(popup, "results")

    assert watched.evaluate("scrollY") == 120
    expect(watched.locator("#expander-contents:visible")).to_have_count(0)


def test_page_that_was_read_before_is_read_again_to_the_same_end(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, THREADS)
    popup = extension.popup(watched)
    first = fields(shown(popup))

    popup.get_by_role("button", name="Read again").click()
    state(popup, "collecting")
    watched.bring_to_front()
    second = fields(shown(popup))

    assert first == second == as_shown(ask(THREADS), "36 comments read")
    expect(popup.locator("[data-partial]")).to_have_count(0)


def test_second_video_of_the_same_page_shows_its_own_numbers(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, THREADS)
    popup = extension.popup(watched)
    first = shown(popup)
    popup.close()

    watched.locator("#next-video").click()
    watched.wait_for_url(f"**/watch?v={SECOND_VIDEO.id}")
    popup = extension.popup(watched)
    second = shown(popup)

    assert fields(second) == as_shown(ask(SECOND_VIDEO), "45 comments read")
    assert second.counts != first.counts
    expect(popup.locator(".title")).to_have_text(SECOND_VIDEO.title)


def test_open_popup_starts_over_when_the_page_moves_on_in_the_middle(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, LONG)
    popup = extension.popup(watched)
    expect(popup.locator(".big")).not_to_have_text("0")

    watched.evaluate(f"navigate('{SECOND_VIDEO.id}')")

    expect(popup.locator(".title")).to_have_text(SECOND_VIDEO.title)
    assert fields(shown(popup)) == as_shown(ask(SECOND_VIDEO), "45 comments read")


@pytest.mark.parametrize("before", [SHORT, OFF], ids=["comments", "comments off"])
def test_what_another_video_left_on_the_page_is_not_taken_for_an_answer(
    context: BrowserContext, extension: Extension, ask: Ask, before: Video
) -> None:
    watched = open_video(context, before)
    popup = extension.popup(watched)
    state(popup, "comments-off" if before is OFF else "results")

    watched.evaluate(f"navigate('{SECOND_VIDEO.id}')")

    expect(popup.locator(".title")).to_have_text(SECOND_VIDEO.title)
    assert fields(shown(popup)) == as_shown(ask(SECOND_VIDEO), "45 comments read")


def test_likes_and_dates_of_another_language_are_understood(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    popup = extension.popup(open_video(context, GERMAN))

    found = shown(popup)

    assert fields(found) == as_shown(ask(GERMAN), "4 comments read")
    weighted = ask(GERMAN)["like_weighted"]["mean"]
    expect(popup.locator(".likes-line")).to_contain_text(written_score(weighted))
    expect(popup.locator("[data-comment=UgDeA] .badge:visible")).to_have_text("Edited")
    expect(popup.locator("[data-comment=UgDeA] .date")).to_contain_text("about ")
    popup.get_by_text("Show the numbers").click()
    assert len(popup.locator(".numbers tbody tr").all()) == 3


def test_comment_that_stands_out_leads_to_its_place_on_youtube(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    popup = extension.popup(open_video(context, SHORT))
    shown(popup)
    best = ask(SHORT)["top_comments"]["positive"][0]

    quote = popup.locator(f"[data-comment='{best['id']}']")

    expect(quote.locator(".quote-text")).to_have_text(best["text"])
    expect(quote.locator(".author")).to_have_text(best["author"])
    expect(quote.get_by_role("link", name="Open comment")).to_have_attribute(
        "href", f"https://www.youtube.com/watch?v={SHORT.id}&lc={best['id']}"
    )
