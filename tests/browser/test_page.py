"""The creator's page at /: comments in, analysis out, in a real browser before the real server."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Download, Page, expect

from backend.settings import Settings
from tests.browser.conftest import Ask
from tests.browser.test_access import CONTRAST, READABLE
from tests.browser.videos import HOSTILE, SHORT, Video
from tests.server import running_backend

COLUMNS = ["id", "author", "text", "likes", "published_at", "published_at_width", "reply_to"]
HAS_HISTORY = "history" in Settings.model_fields


def table(video: Video, delimiter: str = ",") -> str:
    written = io.StringIO()
    rows = csv.DictWriter(written, COLUMNS, delimiter=delimiter, extrasaction="ignore")
    rows.writeheader()
    rows.writerows(video.sent(datetime.now(UTC)))
    return written.getvalue()


def opened(context: BrowserContext, address: str) -> Page:
    """Open the page; whatever its policy forbids, and whatever it doesn't catch, fails the test."""
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.on(
        "console",
        lambda message: pytest.fail(message.text) if "Security Policy" in message.text else None,
    )
    page.goto(address)
    return page


def bring(page: Page, text: str, *, name: str = "comments.csv", title: str = "") -> None:
    content = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.locator("#file").set_input_files([content])  # type: ignore[list-item]
    page.get_by_role("textbox", name="Title").fill(title)
    page.get_by_role("button", name="Analyse").click()


def counts(page: Page) -> dict[str, int]:
    expect(page.locator(".cards .mood")).to_be_visible()
    rows = page.locator(".cards [data-label-count]")
    return {
        str(row.get_attribute("data-label-count")): int(
            row.locator(".legend-count").inner_text().replace(",", "")
        )
        for row in rows.all()
    }


def shown(page: Page) -> list[str]:
    return [str(row.get_attribute("data-comment")) for row in page.locator("[data-comment]").all()]


def threaded(comments: list[dict[str, Any]]) -> int:
    """Return how many comments there are, those within others included."""
    return sum(1 + threaded(comment.get("replies", [])) for comment in comments)


def saved(download: Download) -> bytes:
    return Path(download.path()).read_bytes()


@pytest.fixture
def page(context: BrowserContext, backend: str) -> Page:
    """Return the page as it opens."""
    return opened(context, backend)


@pytest.fixture
def results(page: Page) -> Page:
    """Return the page with the short video analysed."""
    bring(page, table(SHORT), title=SHORT.title)
    expect(page.locator(".cards .comments")).to_be_visible()
    return page


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_becomes_the_analysis_that_the_api_gives(page: Page, ask: Ask, delimiter: str) -> None:
    bring(page, "\ufeff" + table(SHORT, delimiter), title=SHORT.title)

    found = counts(page)

    assert found == {label: ask(SHORT)["counts"][label] for label in found}
    expect(page.locator(".results-head .title")).to_have_text(SHORT.title)
    expect(page.get_by_role("img", name="Mean score over time")).to_be_visible()
    expect(page.get_by_role("group", name="Words by how much they stand out")).to_be_visible()
    expect(page.locator("[data-remarks]")).to_have_count(0)


def test_pasted_lines_and_pasted_json_are_read(page: Page) -> None:
    page.get_by_label("Or paste").fill(
        "I love this!\nThis is terrible, I hate it\n\nWonderful, thank you"
    )
    page.get_by_role("button", name="Analyse").click()
    assert counts(page) == {"positive": 2, "neutral": 0, "negative": 1}
    expect(page.locator(".time")).to_contain_text("No comment has a date")

    page.get_by_role("button", name="New analysis").click()
    page.get_by_label("Or paste").fill(
        '{"title": "From yt-dlp", "comments": [{"text": "I love this"}]}'
    )
    page.get_by_role("button", name="Analyse").click()
    assert counts(page) == {"positive": 1, "neutral": 0, "negative": 0}
    expect(page.locator(".results-head .title")).to_have_text("From yt-dlp")


def test_a_dropped_file_is_taken(page: Page) -> None:
    page.locator("#drop").evaluate(
        """(target) => {
             const dataTransfer = new DataTransfer();
             dataTransfer.items.add(new File(["text\\nI love this"], "dropped.csv"));
             const how = { dataTransfer, bubbles: true, cancelable: true };
             target.dispatchEvent(new DragEvent("drop", how));
           }"""
    )
    expect(page.locator("#drop")).to_contain_text("dropped.csv is chosen")

    page.get_by_role("button", name="Analyse").click()

    assert counts(page)["positive"] == 1
    expect(page.locator(".results-head .title")).to_have_text("dropped")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            'author,text\nann,fine\nbob,"open\n',
            'Row 3: a quote (") that opens in column 2 is never closed',
        ),
        ("author,text\nann,one, two\n", "Row 2 has 3 columns, but row 1 names 2"),
        ('[{"text": "x"}, 7]', "Entry 2 is neither a text nor an object"),
        (" ", "There is nothing in it"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_with_its_place(page: Page, text: str, said: str) -> None:
    bring(page, text)

    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_role("button", name="Analyse")).to_be_visible()


def test_what_is_odd_in_a_row_is_said_and_the_comment_counts(page: Page) -> None:
    bring(page, "text,likes,date\nI love this,many,someday\n,1,\n")

    assert sum(counts(page).values()) == 1
    remarks = page.locator("[data-remarks]")
    expect(remarks).to_contain_text("1 row has no text and was left out")
    expect(remarks).to_contain_text("Row 2: “many” is not a number of likes; kept without likes")
    expect(remarks).to_contain_text("Row 2: “someday” is not a date")


def test_an_unknown_column_is_asked_for(page: Page) -> None:
    bring(page, "who,said\nann,I love this\nbob,I hate it\n")
    expect(page.get_by_role("alert")).to_contain_text("Which one holds the comments?")

    page.get_by_label("Column with the comments").select_option("said")
    page.get_by_role("button", name="Analyse").click()

    assert counts(page) == {"positive": 1, "neutral": 0, "negative": 1}


def test_more_comments_than_a_request_may_hold_go_in_parts(context: BrowserContext, ask: Ask) -> None:
    with running_backend(max_comments="12", graceful_timeout="1") as address:
        page = opened(context, address)
        asked: list[int] = []
        page.on(
            "request",
            lambda request: (
                asked.append(len(request.post_data_json["comments"]))
                if request.url.endswith("/v1/analyze")
                else None
            ),
        )
        bring(page, table(SHORT), title=SHORT.title)
        found = counts(page)

    assert found == {label: ask(SHORT)["counts"][label] for label in found}
    assert sum(asked) == len(SHORT.comments)
    assert max(asked) <= 12
    expect(page.locator("[data-remarks]")).to_contain_text("they were sent in 3 parts")


def test_comments_are_filtered_and_sorted(results: Page) -> None:
    total = len(SHORT.comments)
    status = results.locator("[data-shown]")
    expect(status).to_have_text(f"All {total} comments")

    results.get_by_role("checkbox", name="Positive").uncheck()
    results.get_by_role("checkbox", name="Neutral").uncheck()
    negative = counts(results)["negative"]
    expect(status).to_have_text(f"{negative} of {total} comments")
    assert len(shown(results)) == negative

    results.get_by_label("Text or author").fill("nobody wrote this")
    expect(results.locator(".comments")).to_contain_text("No comment is like that")

    results.get_by_role("button", name="Show all", exact=True).click()
    expect(status).to_have_text(f"All {total} comments")
    results.get_by_label("Order").select_option("Most liked")
    likes = {comment["id"]: comment.get("likes", 0) for comment in SHORT.sent(datetime.now(UTC))}
    found = [likes[identifier] for identifier in shown(results)]
    assert found == sorted(found, reverse=True)


def test_tables_json_and_pictures_can_be_taken_away(results: Page) -> None:
    with results.expect_download() as download:
        results.get_by_role("button", name="CSV", exact=True).click()
    rows = list(csv.DictReader(io.StringIO(saved(download.value).decode("utf-8-sig"))))
    assert len(rows) == len(SHORT.comments)
    assert {row["label"] for row in rows} <= {"negative", "neutral", "positive"}

    with results.expect_download() as download:
        results.get_by_role("button", name="JSON").click()
    document = json.loads(saved(download.value))
    assert document["counts"]["total"] == threaded(document["comments"]) == len(SHORT.comments)

    for name in ("Download counts as PNG", "Download trend as PNG", "Download wordcloud as PNG"):
        with results.expect_download() as download:
            results.get_by_role("button", name=name).click()
        assert Image.open(io.BytesIO(saved(download.value))).size == (1600, 800)
        assert download.value.suggested_filename.endswith(".png")


def test_two_videos_are_compared(results: Page) -> None:
    results.get_by_role("button", name="Compare with").click()
    expect(results.get_by_role("heading", level=2).first).to_contain_text("Compare “")
    lines = "\n".join(f"This is terrible, I hate number {n}" for n in range(40))

    bring(results, lines, name="cross.txt", title="A cross one")

    expect(results.locator("[data-compared]")).to_contain_text("The second is more negative, by −")
    expect(results.locator("[data-side]")).to_have_count(2)
    results.get_by_role("button", name="2: A cross one").click()
    assert counts(results)["negative"] == 40
    results.get_by_role("button", name="Stop comparing").click()
    assert sum(counts(results).values()) == len(SHORT.comments)
    expect(results.locator("[data-compared]")).to_have_count(0)


def test_strangers_text_stays_text(page: Page) -> None:
    rows = [[comment["text"], comment.get("author", "")] for comment in HOSTILE.sent(datetime.now(UTC))]
    bring(page, json.dumps([{"text": text, "author": author} for text, author in rows]), name="x.json")
    expect(page.locator(".cards .comments")).to_be_visible()

    assert page.evaluate("window.__pwned") is None
    assert page.locator("main :is(script, iframe, img, [onload], [onerror])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_server_that_refuses_says_why(context: BrowserContext, backend: str) -> None:
    page = opened(context, backend)
    page.route("**/v1/analyze", lambda route: route.fulfill(status=401, json={"title": "No token"}))
    bring(page, "text\nfine\n")

    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("This server wants an access token")
    page.unroute("**/v1/analyze")
    with page.expect_request("**/v1/analyze") as request:
        page.get_by_label("Access token").fill("ut_secret")
        page.get_by_role("button", name="Use").click()

    assert request.value.headers["authorization"] == "Bearer ut_secret"
    assert sum(counts(page).values()) == 1


def test_a_history_behind_a_token_asks_for_it(context: BrowserContext, backend: str) -> None:
    page = context.new_page()
    page.route("**/v1/videos*", lambda route: route.fulfill(status=401, json={"title": "No token"}))
    page.goto(backend)
    expect(page.get_by_label("Access token")).to_be_visible()

    with page.expect_request("**/v1/videos*") as request:
        page.get_by_label("Access token").fill("ut_secret")
        page.get_by_role("button", name="Use").click()

    assert request.value.headers["authorization"] == "Bearer ut_secret"


def test_an_analysis_can_be_stopped(context: BrowserContext, backend: str) -> None:
    page = opened(context, backend)
    page.route("**/v1/analyze", lambda route: None)
    bring(page, "text\nfine\n")

    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_role("button", name="Analyse")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_empty()


@pytest.mark.parametrize("width", [1280, 390, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_is_readable_and_nothing_sticks_out(results: Page, scheme: str, width: int) -> None:
    results.set_viewport_size({"width": width, "height": 800})
    results.emulate_media(color_scheme="dark" if scheme == "dark" else "light")

    assert results.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in results.locator(
        ":is(h1, h2, .muted, .button, .tab, .field span, .quote-text, .legend span):visible"
    ).all()[:80]:
        assert part.evaluate(CONTRAST) >= READABLE, part.inner_text()


def test_everything_is_reached_with_the_keyboard_and_named(results: Page) -> None:
    expect(results.locator("#results")).to_be_focused()
    reached = []
    for _ in range(40):
        results.keyboard.press("Tab")
        reached.append(
            results.evaluate(
                """() => {
                     const { activeElement: it } = document;
                     return it.ariaLabel || it.labels?.[0]?.innerText || it.innerText;
                   }"""
            ).strip()
        )

    for name in ("Compare with …", "CSV", "JSON", "Download counts as PNG", "Show the numbers", "All"):
        assert name in reached, reached
    for name in ("Positive", "Text or author", "Language", "Order"):
        assert any(name in one for one in reached), (name, reached)
    assert all(reached)


def test_a_server_without_history_says_so(context: BrowserContext) -> None:
    off = {"history": "false"} if HAS_HISTORY else {}
    with running_backend(**off, graceful_timeout="1") as address:
        page = opened(context, address)
        expect(page.locator("[data-history=off]")).to_contain_text("keeps no history")


@pytest.mark.skipif(not HAS_HISTORY, reason="this server keeps no history")
def test_a_stored_video_is_opened_with_its_visits(context: BrowserContext, tmp_path: Path) -> None:
    with running_backend(state=str(tmp_path), graceful_timeout="1") as address:
        for _ in range(2):
            page = opened(context, address)
            bring(page, table(SHORT), title=SHORT.title)
            analysed = counts(page)
        page.get_by_role("button", name="New analysis").click()
        stored = page.locator(".videos > li")
        # The history is written a moment after the answer.
        for _ in range(100):
            page.get_by_role("button", name="Refresh").click()
            page.wait_for_load_state("networkidle")
            if "2 visits" in page.locator("#stored").inner_text():
                break
            page.wait_for_timeout(100)
        expect(stored).to_contain_text(f"{len(SHORT.comments)} comments")
        stored.get_by_text("2 visits").click()
        expect(stored.locator(".visits-list li")).to_have_count(2)

        stored.get_by_role("button", name=SHORT.title).click()

        assert counts(page) == analysed
        expect(page.get_by_role("heading", name="From visit to visit")).to_be_visible()
        expect(page.get_by_role("img", name="Mean score from visit to visit")).to_be_visible()
        expect(page.locator("[data-shown]")).to_have_text(f"All {len(SHORT.comments)} comments")
        with page.expect_download() as download:
            page.get_by_role("button", name="Download trend as PNG").click()
        assert saved(download.value).startswith(b"\x89PNG")
