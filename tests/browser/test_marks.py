"""A sign of its feeling beside each comment in YouTube's own page."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.conftest import Ask
from tests.browser.popup import shown
from tests.browser.videos import LONG, SECOND_VIDEO, SHORT
from tests.browser.watched import MARKS, load, marked


def test_every_comment_gets_the_sign_of_its_label(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, SHORT)
    load(watched, len(SHORT.comments))

    expect(watched.locator(MARKS)).to_have_count(len(SHORT.comments))
    labels = {each["id"]: each["label"] for each in ask(SHORT)["predictions"]}
    assert marked(watched) == labels
    assert {mark.get_attribute("aria-label") for mark in watched.locator(MARKS).all()} == {
        "Positive",
        "Neutral",
        "Negative",
    }


def test_comments_that_youtube_draws_again_keep_their_sign(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, LONG)

    # With the sixtieth, the page draws the first twenty anew.
    load(watched, 80)

    comments = watched.locator("ytd-comment-thread-renderer").count()
    expect(watched.locator(MARKS)).to_have_count(comments)
    assert len(marked(watched)) == comments


def test_switched_off_nothing_is_left_and_on_again_it_is_back(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, SHORT)
    load(watched, 20)
    expect(watched.locator(MARKS).first).to_be_attached()

    extension.store(marks=False)
    expect(watched.locator(MARKS)).to_have_count(0)
    assert "undertone" not in watched.content()

    extension.store(marks=True)
    expect(watched.locator(MARKS).first).to_be_attached()


def test_another_video_in_the_same_page_has_its_own(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, SHORT)
    load(watched, 20)
    expect(watched.locator(MARKS).first).to_be_attached()

    watched.evaluate(f"navigate('{SECOND_VIDEO.id}')")
    watched.wait_for_timeout(400)
    load(watched, 20)

    expect(watched.locator(MARKS).first).to_be_attached()
    labels = {each["id"]: each["label"] for each in ask(SECOND_VIDEO)["predictions"]}
    assert marked(watched).items() <= labels.items()


def test_a_corrected_comment_changes_its_sign(context: BrowserContext, extension: Extension) -> None:
    watched = open_video(context, SHORT)
    popup = extension.popup(watched)
    shown(popup)
    comment = popup.locator("[data-comment]").first
    identifier = str(comment.get_attribute("data-comment"))
    before = marked(watched)[identifier]
    other = "negative" if before == "positive" else "positive"

    comment.get_by_label("What this comment feels").select_option(other)

    place = f"a[href*='{identifier}'] ~ {MARKS}[data-feeling={other}]"
    expect(watched.locator(place)).to_be_attached()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_signs_follow_youtubes_theme(context: BrowserContext, extension: Extension, dark: bool) -> None:
    watched = open_video(context, SHORT)
    watched.evaluate("(dark) => document.documentElement.toggleAttribute('dark', dark)", dark)
    load(watched, 20)
    mark = watched.locator(f"{MARKS}[data-feeling=positive]").first
    expect(mark).to_be_attached()

    colour = mark.evaluate("(mark) => getComputedStyle(mark.shadowRoot.querySelector('svg')).fill")

    assert colour == ("rgb(90, 180, 245)" if dark else "rgb(31, 127, 208)")
