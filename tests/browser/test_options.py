"""The settings page: what is typed is checked, kept and used."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.popup import shown, state
from tests.browser.videos import SHORT
from tests.server import free_port


def test_saved_settings_are_used_by_the_popup(
    context: BrowserContext, extension: Extension, backend: str
) -> None:
    extension.store(address="http://127.0.0.1:1", limit=500)
    options = extension.options()
    options.get_by_label("Backend address").fill(f" {backend}/ ")
    options.get_by_label("Access token").fill("s3cret")
    options.get_by_label("Comments to read").fill("20")
    options.get_by_label("Open replies").uncheck()
    expect(options.locator("#state")).to_have_text("Not saved yet")

    options.get_by_role("button", name="Save").click()

    expect(options.locator("#state")).to_have_text("Saved")
    popup = extension.popup(open_video(context, SHORT))
    requests = []
    popup.on("request", lambda request: requests.append(request))
    assert shown(popup).coverage == "20 of 30 comments read"
    assert options.evaluate("chrome.storage.sync.get()") == {
        "address": backend,
        "limit": 20,
        "openReplies": False,
    }
    assert options.evaluate("chrome.storage.local.get()") == {"token": "s3cret"}
    asked = [request for request in requests if request.url == f"{backend}/v1/analyze"]
    assert [request.all_headers()["authorization"] for request in asked] == ["Bearer s3cret"]


def test_settings_are_there_when_the_page_opens_again(extension: Extension, backend: str) -> None:
    extension.store(address=backend, token="s3cret", limit=77, openReplies=False)

    options = extension.options()

    expect(options.get_by_label("Backend address")).to_have_value(backend)
    expect(options.get_by_label("Access token")).to_have_value("s3cret")
    expect(options.get_by_label("Access token")).to_have_attribute("type", "password")
    expect(options.get_by_label("Comments to read")).to_have_value("77")
    expect(options.get_by_label("Open replies")).not_to_be_checked()


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("Backend address", "localhost:8000", "An address starts with http:// or https://"),
        ("Backend address", "javascript:alert(1)", "An address starts with http:// or https://"),
        ("Backend address", "", "An address starts with http:// or https://"),
        ("Comments to read", "5001", "A whole number from 20 to 5,000."),
        ("Comments to read", "19", "A whole number from 20 to 5,000."),
        ("Comments to read", "20.5", "A whole number from 20 to 5,000."),
        ("Comments to read", "", "A whole number from 20 to 5,000."),
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


def test_connection_is_tested_before_saving(extension: Extension, backend: str) -> None:
    options = extension.options()
    options.get_by_label("Backend address").fill(backend)

    options.get_by_role("button", name="Test connection").click()

    expect(options.locator("#tested")).to_contain_text("Connected: ")


def test_connection_that_fails_says_why(extension: Extension) -> None:
    options = extension.options()
    nowhere = f"http://127.0.0.1:{free_port()}"
    options.get_by_label("Backend address").fill(nowhere)

    options.get_by_role("button", name="Test connection").click()

    expect(options.locator("#tested")).to_have_text(f"The backend isn’t running · {nowhere}")


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
