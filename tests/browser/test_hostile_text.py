"""Comments that attack: nothing in them runs, nothing in them breaks the popup."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.conftest import Ask
from tests.browser.popup import show_only, shown, state, tab
from tests.browser.videos import HOSTILE


@pytest.fixture
def alarms(context: BrowserContext) -> list[str]:
    """Return what any page opened from now on tried to run."""
    raised: list[str] = []

    def watch(page: Page) -> None:
        page.on("dialog", lambda dialog: (raised.append(dialog.message), dialog.dismiss()))

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
