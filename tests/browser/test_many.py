"""Thousands of comments, from the page's requests to the list in the popup: how long, how large.

Five thousand, or as many as `MANY_COMMENTS` says, up to the ten thousand that a person can ask for.
"""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import PATIENCE_MS, Extension, open_video
from tests.browser.popup import shown
from tests.browser.videos import MANY

# Of JavaScript objects, for each comment of a hundred letters: room for its text, labels and entry.
MOST_HEAP_BYTES = 15_000
OF_THE_REST = 50e6
# A timer would tell how seldom Chromium wakes a tab that is not in front.
WATCH_PAUSES = """() => {
  window.longestPause = 0;
  new PerformanceObserver((tasks) => {
    for (const { duration } of tasks.getEntries()) {
      window.longestPause = Math.max(window.longestPause, duration);
    }
  }).observe({ type: "longtask", buffered: true });
}"""


def heap(page: Page) -> float:
    """Return the bytes of the page's JavaScript objects, what nobody needs any more left out."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("HeapProfiler.collectGarbage")
    used = devtools.send("Runtime.getHeapUsage")["usedSize"]
    devtools.detach()
    return float(used)


@pytest.mark.slow
def test_thousands_of_comments(
    context: BrowserContext, extension: Extension, record_property: pytest.RecordProperty
) -> None:
    extension.store(limit=10_000)
    watched = open_video(context, MANY)
    watched.evaluate(WATCH_PAUSES)
    began = time.monotonic()
    popup = extension.popup(watched)
    popup.evaluate(WATCH_PAUSES)
    expect(popup.locator("[data-state=results]")).to_be_visible(timeout=PATIENCE_MS)
    first = time.monotonic() - began
    expect(popup.locator("[data-coverage]")).to_be_visible(timeout=8 * PATIENCE_MS)
    found = shown(popup)
    taken = time.monotonic() - began

    assert sum(found.counts.values()) == MANY.total >= 5000
    assert popup.locator("[data-comment]").count() < 500, "only what is near is built"
    measured = {
        "comments": MANY.total,
        "first results, s": round(first, 1),
        "all, s": round(taken, 1),
        "longest pause of the page, ms": round(watched.evaluate("window.longestPause")),
        "longest pause of the popup, ms": round(popup.evaluate("window.longestPause")),
        "heap of the page, MB": round(heap(watched) / 1e6, 1),
        "heap of the popup, MB": round(heap(popup) / 1e6, 1),
    }
    record_property("measured", str(measured))
    print(measured)  # noqa: T201  shown with -s
    most = OF_THE_REST + MOST_HEAP_BYTES * MANY.total
    assert heap(watched) < most
    assert heap(popup) < most
