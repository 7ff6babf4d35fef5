"""What a person takes away from the full view, read as that person would read it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.popup import show_only, shown
from tests.browser.videos import KEPT, Comment

FEELINGS = ("positive", "neutral", "negative")
HEAD = [
    *("id", "text", "author", "likes", "published_at", "published_at_width", "reply_to", "level"),
    *("pinned", "hearted", "by_owner", "edited", "label", "corrected", "score", "language"),
]


@pytest.fixture
def view(context: BrowserContext, extension: Extension) -> Page:
    """Return the full view of a video with threads, marks of all kinds and awkward letters."""
    view = extension.full_view(open_video(context, KEPT))
    shown(view)
    return view


def taken(view: Page, name: str) -> tuple[str, bytes]:
    """Return name and content of the file that a button of the view saves."""
    with view.expect_download() as download:
        view.get_by_role("button", name=name, exact=True).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def walked(
    comments: tuple[Comment, ...] = KEPT.comments, above: str = ""
) -> Iterator[tuple[str, Comment]]:
    """Yield every comment after what it answers, with that one's id."""
    for comment in comments:
        yield above, comment
        yield from walked(comment.replies, comment.id)


def first_corrected_to(view: Page, label: str) -> str:
    """Correct the first comment of the list and return its id."""
    comment = view.locator("[data-comment]").first
    comment.get_by_label("What this comment feels").select_option(label)
    expect(comment.locator(".corrected")).to_be_visible()
    return str(comment.get_attribute("data-comment"))


def seconds_from_now(moment: str) -> float:
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()


def test_a_table_holds_every_comment_with_all_that_is_known_of_it(view: Page) -> None:
    name, content = taken(view, "Save the comments as CSV")

    assert name == "a-quoted-title-with-signs-and-more.csv"
    assert content.startswith(b"\xef\xbb\xbf"), "without the mark Excel takes it for another encoding"
    found = {row["id"]: row for row in rows(content)}
    assert list(rows(content)[0]) == HEAD
    assert len(found) == KEPT.total + 1 == 7
    for above, comment in walked():
        row = found[comment.id]
        # What a spreadsheet would run begins with an apostrophe, and is otherwise as it was written.
        assert row["text"].removeprefix("'") == comment.text
        assert row["author"].removeprefix("'") == comment.author
        assert row["text"][0] not in "=+-@"
        assert row["author"][0] not in "=+-@"
        assert (row["likes"], row["reply_to"]) == (str(comment.likes), above)
        assert row["level"] == str(comment.id.count("."))
        assert row["pinned"] == str(comment.pinned).lower()
        assert row["hearted"] == str(comment.hearted).lower()
        assert row["by_owner"] == str(comment.by_owner).lower()
        assert row["edited"] == str("(edited)" in comment.published).lower()
        assert row["label"] in FEELINGS
        assert -1 <= float(row["score"]) <= 1
    years = seconds_from_now(found["UgKeptB"]["published_at"]) / 31_557_600
    assert 3.4 < years < 3.6
    assert found["UgKeptB"]["published_at_width"] == "31557600"


def test_the_file_with_everything_keeps_the_threads(view: Page, ask: Any) -> None:
    _, content = taken(view, "Save everything as JSON")
    document = json.loads(content)

    def ids(comments: list[dict[str, Any]]) -> list[Any]:
        return [[comment["id"], *ids(comment.get("replies", []))] for comment in comments]

    def told(comments: tuple[Comment, ...]) -> list[Any]:
        return [[comment.id, *told(comment.replies)] for comment in comments]

    assert ids(document["comments"]) == told(KEPT.comments)
    assert document["video"] == {"id": KEPT.id, "title": KEPT.title, "channel": KEPT.channel} | {
        "kind": "watch"
    }
    assert document["comments"][0]["text"] == KEPT.comments[0].text
    assert document["comments"][1]["text"] == KEPT.comments[1].text, "JSON runs nothing"
    assert document["counts"]["total"] == document["counted"]["counts"]["total"] == 7
    assert document["model"] == ask(KEPT)["model"]
    assert {"score", "trend", "words", "languages"} <= document.keys()


def test_a_correction_is_in_all_that_is_taken_away_and_only_what_is_chosen_in_its_table(
    view: Page,
) -> None:
    _, before = taken(view, "Save the comments as CSV")
    label = next(row["label"] for row in rows(before) if row["id"] == "UgKeptC")
    assert label == "negative"
    view.get_by_label("Text or author").fill("waste")
    expect(view.locator("[data-comment]")).to_have_count(1)
    corrected = first_corrected_to(view, "positive")

    [row] = [row for row in rows(taken(view, "Save the comments as CSV")[1]) if row["corrected"]]
    assert (row["id"], row["label"], row["corrected"]) == (corrected, "negative", "positive")
    document = json.loads(taken(view, "Save everything as JSON")[1])
    assert document["comments"][2]["corrected"] == "positive"
    counts = document["counted"]["counts"]
    assert counts["positive"] == sum(row["label"] == "positive" for row in rows(before)) + 1

    view.get_by_role("button", name="Show all", exact=True).click()
    show_only(view, "positive")
    chosen = rows(taken(view, "These as CSV")[1])
    assert len(chosen) == counts["positive"]
    assert {row["corrected"] or row["label"] for row in chosen} == {"positive"}


def test_words_to_share_say_what_was_read_and_by_which_model(
    context: BrowserContext, extension: Extension, view: Page
) -> None:
    found = shown(view)
    view.get_by_role("button", name="Copy summary").click()
    expect(view.get_by_role("button", name="Copied")).to_be_visible()

    page = extension.privacy()
    page.evaluate("document.body.append(document.createElement('textarea'))")
    page.locator("textarea").press("Control+V")
    title, shares, read, model, address = page.locator("textarea").input_value().split("\n")

    total = sum(found.counts.values())
    assert title == f"What people feel about “{KEPT.title}”"
    said = ", ".join(f"{round(100 * found.counts[each] / total)}% {each}" for each in FEELINGS)
    assert shares == f"{said} · Mean score {found.score}"
    assert read == "7 comments read"
    assert model.startswith("Estimated by Undertone, ")
    assert model.endswith(". Sarcasm fools it.")
    assert address == f"https://www.youtube.com/watch?v={KEPT.id}"


def test_the_picture_shows_the_shares(view: Page) -> None:
    counts = shown(view).counts
    name, content = taken(view, "Save a picture of the summary")
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    colours = view.evaluate(
        """() => Object.fromEntries(["positive", "neutral", "negative"].map((name) => {
             const probe = document.createElement("span");
             probe.style.color = `var(--${name})`;
             document.body.append(probe);
             return [name, getComputedStyle(probe).color.match(/\\d+/g).map(Number)];
           }))"""
    )

    assert name == "a-quoted-title-with-signs-and-more.png"
    assert picture.size == (1200, 630)
    ring = picture.crop((836, 142, 1136, 442))
    seen = dict.fromkeys(FEELINGS, 0)
    for count, colour in ring.getcolors(maxcolors=1 << 24) or []:
        for feeling in FEELINGS:
            seen[feeling] += count if list(colour) == colours[feeling] else 0  # type: ignore[call-overload]
    for feeling in FEELINGS:
        share = counts[feeling] / sum(counts.values())
        assert seen[feeling] / sum(seen.values()) == pytest.approx(share, abs=0.02)
