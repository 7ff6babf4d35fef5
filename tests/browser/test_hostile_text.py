"""Comments that attack: nothing in them runs, nothing in them breaks the popup or the full view."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.conftest import Ask
from tests.browser.layout import expect_fit
from tests.browser.popup import show_only, shown, state, tab
from tests.browser.videos import HOSTILE, SHORT


@pytest.fixture
def alarms(context: BrowserContext) -> list[str]:
    """Return what any page opened from now on tried to run, let through or not."""
    raised: list[str] = []

    def watch(page: Page) -> None:
        page.on("dialog", lambda dialog: (raised.append(dialog.message), dialog.dismiss()))
        page.on("pageerror", lambda error: raised.append(str(error)))
        page.on(
            "console",
            lambda said: raised.append(said.text) if "Security Policy" in said.text else None,
        )

    context.on("page", watch)
    return raised


def test_nothing_that_strangers_wrote_is_run(
    context: BrowserContext, extension: Extension, alarms: list[str]
) -> None:
    watched = open_video(context, HOSTILE)
    popup = extension.popup(watched)
    state(popup, "results")

    for kind in ("All", "Positive", "Neutral", "Negative"):
        tab(popup, "Words", kind).click()
    for button in popup.locator(".whole").all():
        button.click()

    # Enough for an image that fails to load to say so.
    popup.wait_for_timeout(500)
    assert alarms == []
    assert popup.evaluate("window.__pwned") is None
    assert watched.evaluate("window.__pwned") is None
    assert popup.locator("main :is(script, iframe, [onload], [onerror])").count() == 0
    assert popup.locator("main img").count() == 0


def test_hostile_comments_are_analysed_like_any_other(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    popup = extension.popup(open_video(context, HOSTILE))
    found = shown(popup)

    predictions = ask(HOSTILE)["predictions"]
    known = [each["label"] for each in predictions if each["language"] in ("en", "und")]
    assert found.counts == {label: known.count(label) for label in found.counts}
    others = popup.locator("[data-label-count=other] .legend-count")
    assert int(others.inner_text()) == len(HOSTILE.comments) - len(known) > 0


def test_nothing_runs_in_the_full_view_nor_sticks_out_of_it(
    context: BrowserContext, extension: Extension, alarms: list[str]
) -> None:
    # To compare with a video of a long name is offered from now on.
    shown(extension.popup(open_video(context, SHORT)))
    view = extension.full_view(open_video(context, HOSTILE))
    shown(view)
    show_only(view, "positive", "neutral", "negative", "other")
    view.get_by_label("Order").select_option("As YouTube shows them")
    quotes = view.locator("[data-comment]")
    expect(quotes).to_have_count(len(HOSTILE.comments))
    assert {str(quote.get_attribute("data-comment")) for quote in quotes.all()} == {
        comment.id for comment in HOSTILE.comments
    }
    for kind in ("All", "Positive", "Neutral", "Negative"):
        tab(view, "Words", kind).click()
        for word in view.locator(".cloud-word:visible").all():
            assert word.evaluate(
                """(word) => {
                     const { left, right } = word.getBoundingClientRect();
                     const cloud = word.ownerSVGElement.getBoundingClientRect();
                     return left >= cloud.left - 1 && right <= cloud.right + 1;
                   }"""
            ), word.text_content()
    for width in (1000, 420):
        view.set_viewport_size({"width": width, "height": 800})
        expect_fit(view)
        assert view.locator(".legend-name").evaluate_all(
            """(names) => names.every((name) => {
                 name.style.overflowWrap = "normal";
                 return name.scrollWidth <= name.clientWidth;
               })"""
        ), "a name is broken in the middle of a word"
    for button in view.locator(".whole").all():
        button.click()

    view.wait_for_timeout(500)
    assert view.evaluate("document.documentElement.scrollWidth") == 420
    assert alarms == []
    assert view.evaluate("window.__pwned") is None
    assert view.locator("main :is(script, iframe, img, object, [onload], [onerror])").count() == 0


def test_nothing_that_is_taken_away_runs_elsewhere(
    context: BrowserContext, extension: Extension, alarms: list[str]
) -> None:
    view = extension.full_view(open_video(context, HOSTILE))
    shown(view)

    def taken(name: str) -> bytes:
        with view.expect_download() as download:
            view.get_by_role("button", name=name, exact=True).click()
        assert set(download.value.suggested_filename) <= set("abcdefghijklmnopqrstuvwxyz1-.=0_")
        return Path(download.value.path()).read_bytes()

    table = io.StringIO(taken("Save the comments as CSV").decode("utf-8-sig"), newline="")
    rows = {row["id"]: row for row in csv.DictReader(table)}
    assert rows.keys() == {comment.id for comment in HOSTILE.comments}
    for comment in HOSTILE.comments:
        row = rows[comment.id]
        # A spreadsheet takes these for the beginning of a formula.
        assert not {row["text"][0], row["author"][0]} & set("=+-@\t\r\n＝＋－＠")
        assert len(row["text"]) >= len(comment.text) - 2
    document = json.loads(taken("Save everything as JSON"))
    assert len(document["comments"]) == len(HOSTILE.comments)
    assert Image.open(io.BytesIO(taken("Save a picture of the summary"))).size == (1200, 630)
    view.get_by_role("button", name="Copy summary").click()
    expect(view.get_by_role("button", name="Copied")).to_be_visible()
    assert alarms == []


@pytest.mark.parametrize("kind", ["Positive", "Neutral", "Negative"])
def test_popup_stays_400_pixels_wide(context: BrowserContext, extension: Extension, kind: str) -> None:
    popup = extension.popup(open_video(context, HOSTILE))
    state(popup, "results")
    show_only(popup, kind.lower())
    tab(popup, "Words", kind).click()

    assert popup.evaluate("document.documentElement.scrollWidth") == 400
    for part in popup.locator(":is(.quote, .quote-text, .author, .title, .cloud-word):visible").all():
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 400
        assert box["height"] < 240


def test_text_that_turns_direction_turns_nothing_else(
    context: BrowserContext, extension: Extension
) -> None:
    popup = extension.popup(open_video(context, HOSTILE))
    state(popup, "results")

    title = popup.locator(".title")
    expect(title).to_have_attribute("dir", "auto")
    for text in popup.locator(".quote-text, .title, .channel").all():
        assert text.evaluate("(e) => getComputedStyle(e).unicodeBidi") in ("isolate", "plaintext")
    words = popup.locator("#panel-words-all .cloud-word").all_text_contents()
    assert not any(sign in word for word in words for sign in "\u202a\u202b\u202d\u202e\u2066\u2067")
