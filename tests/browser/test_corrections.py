"""A label that a person mends: it counts at once, and is in the backend's database for training."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.popup import shown
from tests.browser.videos import SHORT
from tests.server import free_port, running_backend

PATIENCE_SECONDS = 60
ROWS = (
    "SELECT comment_id, text, label, predicted, video_id FROM feedback ORDER BY received_at, position"
)


@pytest.fixture
def keeping(extension: Extension, tmp_path: Path) -> Iterator[Path]:
    """Have the extension use a backend of its own, and return where that keeps its database."""
    with running_backend(state=str(tmp_path), graceful_timeout="1") as address:
        extension.store(address=address)
        yield tmp_path / "history.db"


def until_stored(database: Path, count: int) -> list[tuple[str, ...]]:
    """Return what is stored of corrections once there are so many; it is written after the answer."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    found: list[tuple[str, ...]] = []
    while time.monotonic() < deadline and len(found) < count:
        time.sleep(0.1)
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            found = connection.execute(ROWS).fetchall()
    return found


def judge(view: Page, comment_id: str) -> Locator:
    return view.locator(f"[data-comment='{comment_id}']").get_by_label("What this comment feels")


def expect_counts(view: Page, counts: dict[str, int]) -> None:
    for label, count in counts.items():
        expect(view.locator(f"[data-label-count={label}] .legend-count")).to_have_text(str(count))


def test_a_correction_counts_at_once_is_stored_and_can_be_taken_back(
    context: BrowserContext, extension: Extension, keeping: Path
) -> None:
    view = extension.full_view(open_video(context, SHORT))
    before = shown(view).counts
    comment = SHORT.comments[0]
    view.get_by_label("Order").select_option("As YouTube shows them")
    was = judge(view, comment.id).input_value()
    now = "negative" if was == "positive" else "positive"

    judge(view, comment.id).select_option(now)

    expect_counts(view, before | {was: before[was] - 1, now: before[now] + 1})
    told = (comment.id, comment.text, now, was, SHORT.id)
    assert until_stored(keeping, 1) == [told]

    judge(view, comment.id).select_option(was)

    expect_counts(view, before)
    expect(view.locator(".corrected:visible")).to_have_count(0)
    assert until_stored(keeping, 2) == [told, (comment.id, comment.text, was, was, SHORT.id)]


def test_a_correction_that_no_backend_takes_does_not_look_as_if_it_had_been(
    context: BrowserContext, extension: Extension
) -> None:
    port = free_port()
    extension.store(address=f"http://127.0.0.1:{port}")
    with running_backend(port=str(port), graceful_timeout="1"):
        view = extension.full_view(open_video(context, SHORT))
        before = shown(view).counts
    view.get_by_label("Order").select_option("As YouTube shows them")
    comment = SHORT.comments[0].id
    was = judge(view, comment).input_value()

    judge(view, comment).select_option("negative" if was == "positive" else "positive")

    expect(view.get_by_role("alert")).to_contain_text("The backend isn’t running")
    expect_counts(view, before)
    expect(judge(view, comment)).to_have_value(was)
    expect(view.locator(".corrected:visible")).to_have_count(0)
