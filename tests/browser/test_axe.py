"""Every page, in the light and in the dark, without anything that axe calls serious or critical."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import barriers, needs_axe
from tests.browser.chromium import PATIENCE_MS, Extension, open_video
from tests.browser.popup import shown, state
from tests.browser.test_page import bring, opened, table
from tests.browser.videos import HOSTILE, OFF, SHORT, SLOW

pytestmark = [needs_axe, pytest.mark.parametrize("scheme", ["light", "dark"])]


def lit(page: Page, scheme: str) -> Page:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    return page


def test_the_popup_with_results(context: BrowserContext, extension: Extension, scheme: str) -> None:
    popup = extension.popup(open_video(context, SHORT), scheme=scheme)
    state(popup, "results")
    popup.locator("summary").first.click()

    assert barriers(popup) == []


def test_the_popup_with_what_strangers_wrote(
    context: BrowserContext, extension: Extension, scheme: str
) -> None:
    popup = extension.popup(open_video(context, HOSTILE), scheme=scheme)
    state(popup, "results")

    assert barriers(popup) == []


def test_the_popup_without_results(context: BrowserContext, extension: Extension, scheme: str) -> None:
    popup = extension.popup(open_video(context, OFF), scheme=scheme)
    state(popup, "comments-off")
    assert barriers(popup) == []

    extension.store(address="http://127.0.0.1:9")
    popup = extension.popup(open_video(context, SHORT), scheme=scheme)
    state(popup, "backend-down")
    assert barriers(popup) == []


def test_the_full_view_while_it_reads(
    context: BrowserContext, extension: Extension, scheme: str
) -> None:
    view = extension.full_view(open_video(context, SLOW), scheme=scheme)
    expect(view.locator("[data-state=collecting]")).to_be_visible()
    assert barriers(view) == []

    expect(view.locator("[data-refining]")).to_be_visible()
    assert barriers(view) == []


@pytest.mark.usefixtures("nothing_remembered")
def test_the_full_view_with_filters_and_another_visit(
    context: BrowserContext, extension: Extension, scheme: str
) -> None:
    view = extension.full_view(open_video(context, HOSTILE), scheme=scheme)
    shown(view)
    view.get_by_role("button", name="Read again").click()
    # There is something to compare with once the second reading has ended.
    view.get_by_label("Compare with").select_option(index=1)
    expect(view.locator("[data-side]")).to_have_count(2)
    view.locator(".cloud-word").first.click()
    expect(view.locator(".chip")).to_be_visible()

    assert barriers(view) == []


def test_the_settings(extension: Extension, scheme: str) -> None:
    extension.store(address="http://127.0.0.1:9")
    options = lit(extension.options(), scheme)
    assert barriers(options) == []

    options.get_by_role("button", name="Test connection").click()
    expect(options.locator("#tested.bad")).to_be_visible()
    options.get_by_label("Comments to read").fill("1")
    options.get_by_role("button", name="Save").click()
    expect(options.locator("#limit-wrong")).not_to_be_empty()
    assert barriers(options) == []


def test_privacy(extension: Extension, scheme: str) -> None:
    privacy = lit(extension.privacy(), scheme)
    expect(privacy.locator("#backend")).not_to_be_empty()

    assert barriers(privacy) == []


def test_the_creators_page(context: BrowserContext, backend: str, scheme: str) -> None:
    page = lit(opened(context, backend), scheme)
    expect(page.get_by_role("button", name="Analyse")).to_be_visible()
    assert barriers(page) == []

    bring(page, table(SHORT), title=SHORT.title)
    expect(page.locator(".cards .comments")).to_be_visible(timeout=PATIENCE_MS)
    assert barriers(page) == []


def test_a_barrier_is_found(extension: Extension, scheme: str) -> None:
    options = lit(extension.options(), scheme)
    options.locator("#test").evaluate(
        "(button) => { button.textContent = ''; button.style.color = '#888' }"
    )

    assert [found.split(":")[0] for found in barriers(options)] == ["button-name"]
