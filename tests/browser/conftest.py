"""What the browser tests share: one backend, one browser, pages that are closed after each test."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect, sync_playwright

from tests.browser.chromium import PATIENCE_MS, Extension, chromium, serve_youtube
from tests.browser.videos import Video
from tests.server import running_backend

# What every test finds chosen, whatever another chose before it.
FIRST = {
    "token": "",
    "order": "top",
    "openReplies": True,
    "marks": True,
    "interfaceLanguage": "",
}

Ask = Callable[[Video, int], dict[str, Any]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder, since each drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def backend() -> Iterator[str]:
    """Yield the address of the real backend with the real champion."""
    with running_backend() as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Yield what drives browsers."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser_context(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory, backend: str
) -> Iterator[BrowserContext]:
    """Yield one browser for all tests; starting it is what takes longest.

    It is closed before the backend is stopped, which would wait for the connections that it keeps.
    """
    with chromium(playwright, tmp_path_factory.mktemp("profile")) as context:
        serve_youtube(context)
        yield context


@pytest.fixture
def context(browser_context: BrowserContext) -> Iterator[BrowserContext]:
    """Yield the browser, and close what the test leaves open."""
    yield browser_context
    # Without any page the browser would end.
    browser_context.new_page()
    for page in browser_context.pages[:-1]:
        page.close()


@pytest.fixture
def extension(context: BrowserContext, backend: str) -> Extension:
    """Return the extension with its first settings and the address of the backend."""
    installed = Extension(context)
    installed.store(address=backend, limit=500, **FIRST)
    return installed


@pytest.fixture
def nothing_remembered(extension: Extension) -> None:
    """Forget the visits that other tests made."""
    page = extension.privacy()
    page.evaluate("async () => (await import('/session/visits.js')).forgetVisits()")
    page.close()


@pytest.fixture
def ask(backend: str) -> Ask:
    """Return how to get the backend's own answer for the first comments of a video."""

    def ask(video: Video, limit: int = 5000) -> dict[str, Any]:
        body = {
            "video": {"id": video.id, "title": video.title, "channel": video.channel},
            "comments": list(video.sent(datetime.now(UTC)))[:limit],
            "options": {"top": 5, "words": 60, "timezone": "UTC"},
        }
        request = urllib.request.Request(
            f"{backend}/v1/analyze",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=300) as response:
            answer: dict[str, Any] = json.load(response)
            return answer

    return ask
