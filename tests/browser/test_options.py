"""The settings page: what is typed is checked, kept and used."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Request, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.popup import shown, state
from tests.browser.videos import SHORT


def test_saved_settings_are_used_by_the_popup(
    context: BrowserContext, extension: Extension, backend: str
) -> None:
    extension.store(address="http://127.0.0.1:1", limit=500)
    options = extension.options()
    options.get_by_label("Backend address").fill(f" {backend}/ ")
    options.get_by_label("Access token").fill("s3cret")
    options.get_by_label("Comments to read").fill("20")
    options.get_by_label("Which comments first").select_option("Newest first")
    options.get_by_label("Open replies").uncheck()
    options.get_by_label("Signs and a bar").uncheck()
    expect(options.locator("#state")).to_have_text("Not saved yet")

    options.get_by_role("button", name="Save").click()

    expect(options.locator("#state")).to_have_text("Saved")
    requests: list[Request] = []
    context.on("request", lambda request: requests.append(request))
    popup = extension.popup(open_video(context, SHORT))
    assert shown(popup).coverage == "20 of 30 comments read"
    assert options.evaluate("chrome.storage.sync.get()") == {
        "address": backend,
        "limit": 20,
        "order": "newest",
        "openReplies": False,
        "marks": False,
        "interfaceLanguage": "",
    }
    assert options.evaluate("chrome.storage.local.get()") == {"token": "s3cret"}
    asked = [request for request in requests if request.url == f"{backend}/v1/analyze"]
    assert [request.all_headers()["authorization"] for request in asked] == ["Bearer s3cret"]


def test_settings_are_there_when_the_page_opens_again(extension: Extension, backend: str) -> None:
    extension.store(
        address=backend, token="s3cret", limit=77, order="newest", openReplies=False, marks=False
    )

    options = extension.options()

    expect(options.get_by_label("Backend address")).to_have_value(backend)
    expect(options.get_by_label("Access token")).to_have_value("s3cret")
    expect(options.get_by_label("Access token")).to_have_attribute("type", "password")
    expect(options.get_by_label("Comments to read")).to_have_value("77")
    expect(options.get_by_label("Which comments first")).to_have_value("newest")
    expect(options.get_by_label("Open replies")).not_to_be_checked()
    expect(options.get_by_label("Signs and a bar")).not_to_be_checked()


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("Backend address", "localhost:8000", "An address starts with http:// or https://"),
        ("Backend address", "javascript:alert(1)", "An address starts with http:// or https://"),
        ("Backend address", "", "An address starts with http:// or https://"),
        ("Comments to read", "10001", "A whole number from 20 to 10,000."),
        ("Comments to read", "19", "A whole number from 20 to 10,000."),
        ("Comments to read", "20.5", "A whole number from 20 to 10,000."),
        ("Comments to read", "", "A whole number from 20 to 10,000."),
    ],
)
def test_what_makes_no_sense_is_not_saved(
    extension: Extension, field: str, typed: str, complaint: str
) -> None:
    options = extension.options()
    before = options.evaluate("chrome.storage.sync.get()")
    options.get_by_label(field).fill(typed)

    options.get_by_role("button", name="Save").click()

    expect(options.get_by_role("alert").filter(has_text=complaint)).to_be_visible()
    expect(options.get_by_label(field)).to_be_focused()
    expect(options.get_by_label(field)).to_have_attribute("aria-invalid", "true")
    assert options.evaluate("chrome.storage.sync.get()") == before


def test_what_chrome_does_not_store_is_said_and_stays_typed(extension: Extension) -> None:
    options = extension.options()
    # More than Chrome synchronises of one value.
    options.get_by_label("Backend address").fill(f"http://127.0.0.1/{'x' * 9_000}")

    options.get_by_role("button", name="Save").click()

    expect(options.locator("#state")).to_contain_text("Couldn’t be saved: ")
    expect(options.get_by_label("Backend address")).to_have_value(re.compile("x{9000}$"))


def test_token_can_be_looked_at(extension: Extension) -> None:
    options = extension.options()
    options.get_by_label("Access token").fill("s3cret")

    options.get_by_role("button", name="Show").click()

    expect(options.get_by_label("Access token")).to_have_attribute("type", "text")
    options.get_by_role("button", name="Hide").click()
    expect(options.get_by_label("Access token")).to_have_attribute("type", "password")


def test_popup_leads_to_the_settings(context: BrowserContext, extension: Extension) -> None:
    popup = extension.popup(open_video(context, SHORT))
    state(popup, "results")

    with context.expect_page() as opened:
        popup.get_by_role("button", name="Settings").click()

    expect(opened.value.get_by_role("heading", name="Settings")).to_be_visible()


def test_popup_and_settings_lead_to_the_page_on_privacy(
    context: BrowserContext, extension: Extension, backend: str
) -> None:
    popup = extension.popup(open_video(context, SHORT))
    state(popup, "results")
    with context.expect_page() as opened:
        popup.get_by_role("link", name="Privacy").click()
    expect(opened.value.get_by_role("heading", name="Privacy")).to_be_visible()
    expect(opened.value.locator("#backend")).to_have_text(
        f"Now that is {backend}, on your own computer. No comment leaves it."
    )

    extension.store(address="https://mood.example.org")
    options = extension.options()
    options.get_by_role("link", name="Privacy").click()

    expect(options.locator("#backend")).to_contain_text("https://mood.example.org, which is another")
