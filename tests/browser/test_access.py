"""The popup without a mouse, without eyes, in the dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.popup import state, tab
from tests.browser.videos import OFF, SHORT, SLOW

READABLE = 4.5

CONTRAST = """(element) => {
  const pen = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const channels = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (colour) => {
    const [r, g, b] = channels(colour).map((value) => value / 255).map((value) =>
      value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let ground = element;
  while (channels(getComputedStyle(ground).backgroundColor)[3] < 255) ground = ground.parentElement;
  const style = getComputedStyle(element);
  const ink = element instanceof SVGElement ? style.fill : style.color;
  const both = [ink, getComputedStyle(ground).backgroundColor].map(luminance);
  return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
}"""


@pytest.fixture
def results(context: BrowserContext, extension: Extension) -> Page:
    """Return the popup with a finished analysis."""
    popup = extension.popup(open_video(context, SHORT))
    state(popup, "results")
    return popup


def test_tabs_are_moved_by_arrows_home_and_end(results: Page) -> None:
    first = tab(results, "Words", "All")
    first.focus()

    for key, chosen in (
        ("ArrowRight", "Positive"),
        ("End", "Negative"),
        ("ArrowRight", "All"),
        ("ArrowLeft", "Negative"),
        ("Home", "All"),
    ):
        results.keyboard.press(key)
        now = tab(results, "Words", chosen)
        expect(now).to_be_focused()
        expect(now).to_have_attribute("aria-selected", "true")
        panel = results.locator(f"#{now.get_attribute('aria-controls')}")
        expect(panel).to_be_visible()
    expect(results.get_by_role("tabpanel")).to_have_count(1)


def test_everything_is_reached_with_the_tab_key_and_seen(results: Page) -> None:
    reached = []
    for _ in range(60):
        results.keyboard.press("Tab")
        focused = results.evaluate(
            """() => {
              const element = document.activeElement;
              const { outlineStyle } = getComputedStyle(element);
              return element === document.body
                ? null
                : [element.ariaLabel || (element.labels?.[0] ?? element).innerText || "", outlineStyle];
            }"""
        )
        if focused is None:
            break
        reached.append(focused)
    names = [name.strip() for name, _ in reached]

    for name in ("Settings", "Read again", "Show the numbers", "All", "Positive", "Open comment"):
        assert name in names
    chosen = results.get_by_role("tab", name="Neutral")
    expect(chosen).to_have_attribute("tabindex", "-1")
    assert {outline for _, outline in reached} == {"solid"}


def test_pictures_are_told_in_words(results: Page) -> None:
    for told in (
        r"^Comments by feeling\. Positive: \d+ \(\d+%\), Neutral: ",
        r"^Mean score [+−]0\.\d\d on a scale from −1 to \+1, ",
        r"^Mean score over time\. \w+ \d+: [+−]0\.\d\d; ",
        r"^Words by how much they stand out: .+: \d+ comments, ",
    ):
        expect(results.locator("svg[role]").and_(results.get_by_label(re.compile(told)))).to_have_count(
            1
        )
    unnamed = "svg:not([role][aria-label]):not([aria-hidden=true])"
    expect(results.locator(unnamed)).to_have_count(0)


def test_headings_and_sections_give_the_page_an_outline(results: Page) -> None:
    expect(results.get_by_role("heading", level=1)).to_have_text("Undertone")
    titles = results.get_by_role("heading", level=2).all_inner_texts()
    assert titles[1:] == ["Over time", "Words", "Comments"]
    assert results.get_by_role("region").count() == 4


def test_progress_and_result_are_announced(context: BrowserContext, extension: Extension) -> None:
    popup = extension.popup(open_video(context, SLOW))
    status = popup.locator("#status")

    expect(status).to_contain_text("of 369 comments")
    popup.get_by_role("button", name=re.compile("^Stop( and use|$)")).click()

    expect(status).to_contain_text("Done. ")


def test_card_is_announced(context: BrowserContext, extension: Extension) -> None:
    popup = extension.popup(open_video(context, OFF))

    expect(popup.locator("#status")).to_have_text("Comments are turned off")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_is_readable(context: BrowserContext, extension: Extension, scheme: str) -> None:
    popup = extension.popup(open_video(context, SHORT), scheme=scheme)
    state(popup, "results")

    texts = popup.locator(
        "h1, h2, .muted, .title, .legend-name, .legend-count, .author, .quote-text, .tab, a, .button,"
        " .cloud-word, .likes span[aria-hidden], [data-coverage]"
    )

    faint = [
        (text.inner_text() if text.evaluate("(e) => e instanceof HTMLElement") else "word", ratio)
        for text in texts.all()
        if text.is_visible() and (ratio := text.evaluate(CONTRAST)) < READABLE
    ]
    assert faint == []


def test_dark_is_dark_and_light_is_light(context: BrowserContext, extension: Extension) -> None:
    watched = open_video(context, OFF)
    grounds = {
        scheme: extension.popup(watched, scheme=scheme).evaluate(
            "getComputedStyle(document.body).backgroundColor"
        )
        for scheme in ("light", "dark")
    }

    assert grounds == {"light": "rgb(245, 245, 248)", "dark": "rgb(19, 19, 26)"}
