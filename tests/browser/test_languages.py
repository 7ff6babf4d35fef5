"""The interface in its languages: chosen, switched, and with room for its words."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import EXTENSION, Extension, open_video
from tests.browser.layout import expect_fit, misfits
from tests.browser.popup import state
from tests.browser.videos import OFF, SHORT

# Of those with the longest words, the tallest letters and no spaces, and the browser's own.
LANGUAGES = ["", "de", "hi", "ja"]
NARROW = 420


def words(locale: str) -> dict[str, str]:
    catalogue = EXTENSION / "_locales" / locale / "messages.json"
    return {
        name: message["message"]
        for name, message in json.loads(catalogue.read_text(encoding="utf-8")).items()
    }


def narrow(page: Page) -> Page:
    page.set_viewport_size({"width": NARROW, "height": 800})
    return page


def test_the_settings_speak_a_language_as_soon_as_it_is_saved(extension: Extension) -> None:
    options = extension.options()
    options.get_by_label("Language", exact=True).select_option("Deutsch")
    options.get_by_role("button", name="Save").click()

    expect(options.get_by_role("heading", name="Einstellungen")).to_be_visible()
    expect(options.locator("html")).to_have_attribute("lang", "de")
    expect(options.locator("#state")).to_have_text("Gespeichert")
    expect(options.locator("#limit-hint")).to_have_text("Von 20 bis 10.000. Mehr dauert länger.")
    expect(options).to_have_title("Undertone: Einstellungen")

    options.get_by_label("Sprache", exact=True).select_option(label="Wie im Browser")
    options.get_by_role("button", name="Speichern").click()

    expect(options.get_by_role("heading", name="Settings")).to_be_visible()
    expect(options.locator("html")).to_have_attribute("lang", "en")


def test_every_page_speaks_the_chosen_language(context: BrowserContext, extension: Extension) -> None:
    popup = extension.popup(open_video(context, OFF))
    state(popup, "comments-off")
    privacy = extension.privacy()
    for locale in ("de", "es", "fr", "hi", "ja", "pt_BR"):
        privacy.evaluate("(locale) => chrome.storage.sync.set({ interfaceLanguage: locale })", locale)
        expected = words(locale)
        popup.reload()
        privacy.reload()

        expect(popup.get_by_role("heading", name=expected["commentsOffTitle"])).to_be_visible()
        expect(popup.locator("html")).to_have_attribute("lang", locale.replace("_", "-"))
        expect(privacy.get_by_role("heading", level=1)).to_have_text(expected["privacyTitle"])
        expect(privacy).to_have_title(f"Undertone: {expected['privacyTitle']}")


@pytest.mark.parametrize("locale", LANGUAGES)
def test_all_words_fit(context: BrowserContext, extension: Extension, locale: str) -> None:
    extension.store(interfaceLanguage=locale)
    popup = extension.popup(open_video(context, SHORT))
    state(popup, "results")
    expect_fit(popup)

    options = narrow(extension.options())
    options.locator("#address").fill("nowhere")
    options.locator("#limit").fill("")
    options.locator("form").evaluate("(form) => form.requestSubmit()")
    expect(options.locator("#address-wrong")).not_to_be_empty()
    expect_fit(options)
    options.locator("#address").fill("http://127.0.0.1:9")
    options.locator("#limit").fill("20")
    options.locator("#test").click()
    expect(options.locator("#tested.bad")).to_be_visible()
    expect_fit(options)

    privacy = narrow(extension.privacy())
    expect(privacy.locator("#backend")).not_to_be_empty()
    expect_fit(privacy)


def test_what_does_not_fit_is_found(extension: Extension) -> None:
    options = narrow(extension.options())
    button = options.locator("#test")
    button.evaluate("(button) => { button.style.width = '40px'; button.style.whiteSpace = 'nowrap' }")

    assert any("Test connection" in misfit for misfit in misfits(options))
