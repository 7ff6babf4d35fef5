"""Five thousand comments, from the page's requests to the list in the popup: how long, how large."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.popup import shown
from tests.browser.videos import MANY

# Of JavaScript objects, for 5,000 comments of a hundred letters: ten times what their texts take.
MOST_HEAP_BYTES = 150e6
WATCH_PAUSES = """() => {
  window.longestPause = 0;
  let before = performance.now();
  setInterval(() => {
    const now = performance.now();
    window.longestPause = Math.max(window.longestPause, now - before);
    before = now;
  }, 20);
}"""


def heap(page: Page) -> float:
    """Return the bytes of the page's JavaScript objects, what nobody needs any more left out."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    used = devtools.send("Runtime.getHeapUsage")["usedSize"]
    devtools.detach()
    return float(used)


@pytest.mark.slow
def test_five_thousand_comments(
    context: BrowserContext, extension: Extension, record_property: pytest.RecordProperty
) -> None:
    extension.store(limit=10_000)
    watched = open_video(context, MANY)
    watched.evaluate(WATCH_PAUSES)
    began = time.monotonic()
    popup = extension.popup(watched)
    expect(popup.locator("[data-state=results]")).to_be_visible(timeout=120_000)
    first = time.monotonic() - began
    expect(popup.locator("[data-coverage]")).to_be_visible(timeout=240_000)
    found = shown(popup)
    taken = time.monotonic() - began

    assert sum(found.counts.values()) == MANY.total == 5000
    assert popup.locator("[data-comment]").count() < 500, "only what is near is built"
    measured = {
        "first results, s": round(first, 1),
        "all, s": round(taken, 1),
        "longest pause of the page, ms": round(watched.evaluate("window.longestPause")),
        "heap of the page, MB": round(heap(watched) / 1e6, 1),
        "heap of the popup, MB": round(heap(popup) / 1e6, 1),
    }
    record_property("measured", str(measured))
    print(measured)  # noqa: T201  shown with -s
    assert heap(watched) < MOST_HEAP_BYTES
    assert heap(popup) < MOST_HEAP_BYTES
