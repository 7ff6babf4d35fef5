"""The full view and the tab that it belongs to: opened from the popup, in step with it, left behind."""

from __future__ import annotations

import re
from dataclasses import replace

from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.popup import shown, state, tab
from tests.browser.videos import ENTITIES, SECOND_VIDEO, THREADS


def test_the_popup_leads_to_the_full_view_which_reads_nothing_again(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, ENTITIES)
    popup = extension.popup(watched)
    found = shown(popup)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))

    with context.expect_page() as opened:
        popup.get_by_role("button", name="Open in a whole page").click()

    view = shown(opened.value)
    # A wider cloud has room for more words.
    assert set(found.words) <= set(view.words)
    assert replace(view, words=found.words) == found
    assert [address for address in asked if "/youtubei/" in address or "/v1/analyze" in address] == []


def test_a_tab_in_the_background_is_read_too(context: BrowserContext, extension: Extension) -> None:
    watched = open_video(context, ENTITIES)
    view = extension.full_view(watched)
    view.bring_to_front()

    assert sum(shown(view).counts.values()) == ENTITIES.total


def test_another_video_in_the_tab_is_another_view(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, THREADS)
    view = extension.full_view(watched)
    shown(view)
    watched.bring_to_front()

    watched.locator("#next-video").click()

    expect(view.locator(".title")).to_have_text(SECOND_VIDEO.title)
    assert sum(shown(view).counts.values()) == SECOND_VIDEO.total


def test_results_stay_when_the_tab_is_closed_and_a_view_of_no_tab_says_so(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, ENTITIES)
    view = extension.full_view(watched)
    found = shown(view)

    watched.close()

    expect(view.locator("#status")).to_have_text("The tab of the video is closed")
    assert shown(view) == found
    with view.expect_download():
        view.get_by_role("button", name="Save the comments as CSV").click()

    view.reload()
    expect(state(view, "tab-gone").get_by_role("heading")).to_have_text(
        "The tab of the video is closed"
    )


def test_a_word_leads_to_the_comments_that_it_is_in(
    context: BrowserContext, extension: Extension
) -> None:
    view = extension.full_view(open_video(context, ENTITIES))
    shown(view)
    tab(view, "Words", "Negative").click()
    word = view.locator("#panel-words-negative .cloud-word").first
    name, count = str(word.get_attribute("aria-label")).split(": ")

    word.click()

    expect(view.locator("[data-shown]")).to_have_text(
        f"{count.split()[0]} of {ENTITIES.total} comments"
    )
    for text in view.locator("[data-comment] .quote-text").all_inner_texts():
        assert name in text.lower()
    expect(view.locator(".quote.edge-negative")).to_have_count(int(count.split()[0]))

    view.get_by_role("button", name="Drop the word").click()

    negative = view.locator("[data-label-count=negative] .legend-count").inner_text()
    expect(view.locator("[data-shown]")).to_have_text(f"{negative} of {ENTITIES.total} comments")


def test_the_course_over_time_tells_how_old_the_video_was(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, SECOND_VIDEO)
    watched.evaluate(
        """(id) => {
             const published = new Date(Date.now() - 270 * 86_400_000).toISOString();
             for (const [name, content] of [["identifier", id], ["datePublished", published]]) {
               const meta = document.createElement("meta");
               meta.setAttribute("itemprop", name);
               meta.content = content;
               document.head.append(meta);
             }
           }""",
        SECOND_VIDEO.id,
    )
    view = extension.full_view(watched)
    shown(view)

    view.get_by_text("Show the numbers").click()

    ages = view.locator(".time tbody tr td:nth-child(2)").all_inner_texts()
    assert len(ages) >= 6
    assert all(age.startswith("video ") and age.endswith(" old") for age in ages), ages
    assert re.search(r"[78] months", ages[-1]), ages
