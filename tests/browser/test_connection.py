"""The test of a backend on the settings page, and what Chrome is asked for to reach one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from backend.tokens import Tokens
from tests.browser.chromium import Extension
from tests.browser.test_states import answering
from tests.server import free_port, running_backend

ELSEWHERE = "https://mood.example.org"
PATTERN = f"{ELSEWHERE}/*"


@pytest.fixture
def options(extension: Extension) -> Page:
    return extension.options()


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def guarded(tokens: Tokens) -> Iterator[str]:
    """Yield the address of a backend that asks for tokens."""
    tokens.create("somebody", ["read"])
    with running_backend(require_token="true", state=str(tokens.path.parent)) as address:
        yield address


def said_of(options: Page, address: str, token: str = "") -> str:
    """Test the connection to `address` and return what is said of it."""
    options.get_by_label("Backend address").fill(address)
    options.get_by_label("Access token").fill(token)
    options.get_by_role("button", name="Test connection").click()
    expect(options.locator("#tested:is(.good, .bad)")).to_be_visible()
    return options.locator("#tested").inner_text()


def origins(options: Page) -> list[str]:
    """Return what Chrome lets the extension reach beside what the manifest names."""
    held: list[str] = options.evaluate(
        """async () => {
             const required = chrome.runtime.getManifest().host_permissions;
             const { origins } = await chrome.permissions.getAll();
             return origins.filter((origin) => !required.includes(origin));
           }"""
    )
    return held


def test_a_good_backend_says_what_model_it_serves_before_anything_is_saved(
    options: Page, backend: str
) -> None:
    before = options.evaluate("chrome.storage.sync.get()")

    assert said_of(options, f"{backend}/").startswith("Connected: ")
    assert options.evaluate("chrome.storage.sync.get()") == before


def test_nobody_there_is_said_with_the_command_that_starts_it(options: Page) -> None:
    port = free_port()

    said = said_of(options, f"http://127.0.0.1:{port}")

    assert said.startswith("The backend isn’t running\n")
    assert f"make serve PORT={port}" in said


def test_an_address_that_is_none_is_said_beside_it(options: Page) -> None:
    options.get_by_label("Backend address").fill("127.0.0.1:8000")

    options.get_by_role("button", name="Test connection").click()

    expect(options.get_by_role("alert").filter(has_text="An address starts with")).to_be_visible()
    expect(options.locator("#tested")).to_be_empty()


def test_a_missing_a_wrong_and_a_good_token_are_told_apart(
    options: Page, guarded: str, tokens: Tokens
) -> None:
    _, secret = tokens.create("reader", ["read"])

    assert said_of(options, guarded).startswith("This backend wants an access token\n")
    assert said_of(options, guarded, "undertone_wrong").startswith("The token was not accepted\n")
    assert said_of(options, guarded, secret).startswith("Connected: ")


def test_a_token_that_may_not_read_is_told(options: Page, guarded: str, tokens: Tokens) -> None:
    _, secret = tokens.create("writer", ["write"])

    assert said_of(options, guarded, secret).startswith("The token doesn’t allow enough\n")


@pytest.mark.parametrize(
    ("status", "ready", "title"),
    [
        (200, "<h1>It works!</h1>", "Something else answers there"),
        (404, "<h1>Not Found</h1>", "Something else answers there"),
        (200, '{"status": "ready"}', "Something else answers there"),
        (421, '{"title": "This server has another name"}', "The backend refused the request"),
        (503, '{"detail": "The prediction failed."}', "The backend isn’t ready"),
    ],
)
def test_what_is_wrong_with_a_backend_is_said(
    options: Page, status: int, ready: str, title: str
) -> None:
    with answering(200, "{}", ready=ready, ready_status=status) as address:
        said = said_of(options, address)

    assert said.startswith(f"{title}\n")
    assert address in said


def test_a_backend_elsewhere_is_asked_for_once_it_is_needed_and_given_back(
    extension: Extension, options: Page
) -> None:
    assert origins(options) == []
    extension.allow(PATTERN)
    options.bring_to_front()

    # What answers there is nobody: the test's internet holds no such host.
    assert said_of(options, ELSEWHERE).startswith("The backend doesn’t answer\n")
    assert origins(options) == [PATTERN]
    options.get_by_role("button", name="Save").click()
    expect(options.locator("#state")).to_have_text("Saved")
    assert origins(options) == [PATTERN]

    options.get_by_label("Backend address").fill("http://127.0.0.1:8000")
    options.get_by_role("button", name="Save").click()

    expect(options.locator("#state")).to_have_text("Saved")
    assert origins(options) == []


def test_what_was_allowed_for_a_test_alone_is_given_back_when_the_page_opens_again(
    extension: Extension, options: Page
) -> None:
    extension.allow(PATTERN)
    options.bring_to_front()
    said_of(options, ELSEWHERE)

    assert origins(extension.options()) == []


def test_without_leave_to_reach_an_address_nothing_is_saved(options: Page, backend: str) -> None:
    # Nobody can click in Chrome's own dialog here; this is what it answers when a person says no.
    options.evaluate("chrome.permissions.request = async () => false")
    assert said_of(options, ELSEWHERE).startswith("Chrome doesn’t let Undertone go there\n")

    options.get_by_role("button", name="Save").click()

    expect(options.get_by_role("alert").filter(has_text="so it wasn’t saved")).to_be_visible()
    assert options.evaluate("chrome.storage.sync.get('address')") == {"address": backend}


def test_an_address_that_came_from_another_computer_says_what_chrome_wants_here(
    extension: Extension,
) -> None:
    extension.store(address=ELSEWHERE)

    options = extension.options()

    expect(options.locator("#tested")).to_contain_text("Chrome doesn’t let Undertone go there")
