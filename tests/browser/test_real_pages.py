"""YouTube's own pages: the collector finds every comment of them, with all that belongs to it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.chromium import EXTENSION, YOUTUBE, Extension
from tests.browser.popup import shown
from tests.browser.recorded import FOLDER, comments_of, needs_recorded

pytestmark = needs_recorded

BUILT = {
    "2026_built_pinned": "2026-06_pinned_3_new",
    "2026_built_formatting": "2026-06_formatting_3_new",
}
AROUND = (
    '<ytd-comments><ytd-item-section-renderer><div id="contents">{}</div></ytd-item-section-renderer>'
)
THREAD = "<ytd-comment-thread-renderer>{}</ytd-comment-thread-renderer>"
COMMENT = """<ytd-comment-view-model>
  <span id="published-time-text"><a href="/watch?v=video&amp;lc=Ug{}">1 day ago</a></span>
  <yt-attributed-string id="content-text"><span>{}</span></yt-attributed-string>
</ytd-comment-view-model>"""


def page_with(context: BrowserContext, body: str, language: str = "en") -> Page:
    """Return a watch page that holds `body`, with the part of the collector that reads pages."""
    page = context.new_page()
    content = f'<!doctype html><html lang="{language}"><meta charset="utf-8"><body>{body}'
    page.route("**/watch?*", lambda route: route.fulfill(body=content, content_type="text/html"))
    page.goto(f"{YOUTUBE}/watch?v=video")
    module = (EXTENSION / "youtube" / "page.js").read_text(encoding="utf-8")
    offered = "window.undertonePage = { comments, moreRepliesButtons };"
    page.add_script_tag(content=f"{module}\n{offered}", type="module")
    page.wait_for_function("() => window.undertonePage")
    return page


def found_on(page: Page, video_id: str) -> list[dict[str, Any]]:
    """Return the comments that the collector finds."""
    found: list[dict[str, Any]] = page.evaluate(
        "(videoId) => undertonePage.comments(document, videoId, () => true)", video_id
    )
    return found


@pytest.mark.parametrize("name", BUILT)
def test_popup_sends_what_youtube_answered(
    context: BrowserContext, extension: Extension, name: str
) -> None:
    # As many as there are, since no more will ever come.
    extension.store(openReplies=False, limit=20)
    document = (FOLDER / "dom" / f"{name}.html").read_text(encoding="utf-8")
    video_id = re.search(r'video-id="([^"]+)"', document)[1]  # type: ignore[index]
    page = context.new_page()
    page.route("**/watch?*", lambda route: route.fulfill(body=document, content_type="text/html"))
    page.goto(f"{YOUTUBE}/watch?v={video_id}")

    with context.expect_event("request", lambda asked: asked.url.endswith("/v1/analyze")) as asked:
        popup = extension.popup(page)

    sent = {comment.pop("id"): comment for comment in asked.value.post_data_json["comments"]}
    expected = {comment.id: comment.sent() for comment in comments_of(BUILT[name])}
    assert len(expected) == 20
    assert sent.keys() == expected.keys()
    for comment_id, comment in sent.items():
        assert comment.pop("published_at")
        assert {"id": comment_id, **comment} == expected[comment_id]
    shown(popup)
    expect(popup.locator("[data-shown]")).to_have_text("All 20 comments")
    expect(popup.locator(".title")).to_have_text("Fixture video")


def test_head_of_a_pinned_edited_comment_in_japanese(context: BrowserContext) -> None:
    head = (FOLDER / "dom" / "2024-06_ja_pinned_edited_header.html").read_text(encoding="utf-8")
    video_id = re.search(r"/watch\?v=([\w-]+)", head)[1]  # type: ignore[index]
    page = page_with(
        context,
        AROUND.format(THREAD.format(f"<ytd-comment-view-model>{head}</ytd-comment-view-model>")),
        "ja-JP",
    )

    [found] = found_on(page, video_id)

    assert found["author"] == "@Kuvina"
    assert found["published"] == "1 か月前（編集済み）"
    assert (found["pinned"], found["byOwner"], found["hearted"]) == (True, True, False)
    assert found["id"].startswith("Ug")


def test_thread_of_2025_with_its_closed_replies(context: BrowserContext) -> None:
    thread = FOLDER / "dom" / "2025_en_thread_with_replies.transcript.html"
    page = page_with(context, AROUND.format(thread.read_text(encoding="utf-8")))

    found = found_on(page, "nS9McwlWGzo")

    assert found == [
        {
            "id": "Ugw0Yj8xvGhcuC_GwNZ4AaABAg",
            "videoId": "nS9McwlWGzo",
            "text": "We need a saparate Tal series. This guys is one of the greatest people ever.",
            "author": "@Boris_Nedev",
            "likes": "490",
            "published": "12 hours ago",
            "replies": "9 replies",
            "replyTo": None,
            "level": 0,
            "pinned": False,
            "hearted": False,
            "byOwner": False,
        }
    ]
    labels = "undertonePage.moreRepliesButtons(document).map((button) => button.ariaLabel)"
    assert page.evaluate(labels) == ["9 replies"]


class Words(HTMLParser):
    """The words of a comment with its emoji, as another parser than the browser's reads them."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.feed(markup)
        self.close()

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.parts.append(dict(attrs).get("alt") or "")


def test_words_and_emoji_of_thousands_of_saved_comments(context: BrowserContext) -> None:
    folder = FOLDER / "dom" / "2026-04_content-text_innerhtml"
    lines = [
        line for path in sorted(folder.glob("*.txt")) for line in path.read_text("utf-8").splitlines()
    ]
    comments = (COMMENT.format(number, line) for number, line in enumerate(lines))
    page = page_with(context, AROUND.format("".join(map(THREAD.format, comments))))

    found = {comment["id"]: comment["text"] for comment in found_on(page, "video")}

    expected = {f"Ug{number}": "".join(Words(line).parts).strip() for number, line in enumerate(lines)}
    assert len(expected) > 6_000
    assert sum("<img" in line for line in lines) > 500
    assert found == expected
