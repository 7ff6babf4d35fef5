"""Everything that isn't a result has a card of its own that says what to do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import PATIENCE_MS, YOUTUBE, Extension, open_video
from tests.browser.popup import shown, state
from tests.browser.videos import EMPTY, OFF, SHORT, SILENT, SLOW, STALLING, UNREADABLE
from tests.server import free_port, running_backend


@contextmanager
def answering(
    status: int,
    body: str,
    ready: str = '{"status": "ready"}',
    ready_status: int = 200,
    *,
    held: threading.Event | None = None,
) -> Iterator[str]:
    """Run a server that is ready and answers every analysis alike, as a broken or strange one would.

    With `held`, an analysis is answered once that is set.
    """

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(ready_status, ready)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if held and self.path == "/v1/analyze":
                held.wait(PATIENCE_MS / 1000)
            self._send(status, body)

        def _send(self, status: int, body: str) -> None:
            content = body.encode()
            # Who asked may be gone by now.
            with suppress(ConnectionError):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("path", ["/", "/results?search_query=synthesizer", "/shorts/", "/watch"])
def test_page_that_is_no_video(context: BrowserContext, extension: Extension, path: str) -> None:
    page = context.new_page()
    page.goto(YOUTUBE + path)

    card = state(extension.popup(page), "not-video")

    expect(card.get_by_role("heading")).to_have_text("Open a YouTube video")


def test_comments_turned_off(context: BrowserContext, extension: Extension) -> None:
    card = state(extension.popup(open_video(context, OFF)), "comments-off")

    expect(card.get_by_role("heading")).to_have_text("Comments are turned off")


def test_no_comment_yet(context: BrowserContext, extension: Extension) -> None:
    card = state(extension.popup(open_video(context, EMPTY)), "none-found")

    expect(card).to_contain_text("Nobody has written under this video yet")
    expect(card.get_by_role("button", name="Read again")).to_be_visible()


def test_none_found_though_youtube_announces_some(
    context: BrowserContext, extension: Extension
) -> None:
    card = state(extension.popup(open_video(context, UNREADABLE)), "none-found")

    expect(card.get_by_role("heading")).to_have_text("0 of 1,240 comments found")
    card.get_by_role("button", name="Copy a report").click()
    expect(card.get_by_role("button", name="Copied")).to_be_visible()


def test_backend_that_is_not_running_is_said_with_its_command_and_tried_again(
    context: BrowserContext, extension: Extension
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    extension.store(address=address)
    popup = extension.popup(open_video(context, SHORT))

    card = state(popup, "backend-down")
    expect(card.locator(".command code")).to_have_text(f"make serve PORT={port}")
    expect(card).to_contain_text(address)

    with running_backend(port=str(port)):
        card.get_by_role("button", name="Try again").click()
        assert shown(popup).coverage == "30 comments read"


def test_command_that_starts_the_backend_can_be_copied(
    context: BrowserContext, extension: Extension
) -> None:
    extension.store(address="http://127.0.0.1:9")
    popup = extension.popup(open_video(context, SHORT))

    state(popup, "backend-down").get_by_role("button", name="Copy").click()

    expect(popup.get_by_role("button", name="Copied")).to_be_visible()
    token = extension.options().get_by_label("Access token")
    token.press("Control+V")
    expect(token).to_have_value("make serve PORT=9")


def test_backend_on_another_computer_is_not_to_be_started_here(
    context: BrowserContext, extension: Extension
) -> None:
    extension.store(address="https://mood.example.org")

    card = state(extension.popup(open_video(context, SHORT)), "error")

    expect(card.get_by_role("heading")).to_have_text("Chrome doesn’t let Undertone go there")
    expect(card).to_contain_text("https://mood.example.org")
    expect(card.get_by_role("button", name="Settings")).to_be_visible()
    expect(card.locator(".command")).to_have_count(0)


def test_stopping_early_uses_what_was_read(context: BrowserContext, extension: Extension) -> None:
    popup = extension.popup(open_video(context, SLOW))
    card = state(popup, "collecting")
    expect(card.get_by_role("progressbar")).to_have_attribute("max", "369")
    expect(card).to_contain_text("of 369 comments")

    card.get_by_role("button", name="Stop").click()

    found = shown(popup)
    read = sum(found.counts.values())
    assert 20 <= read < SLOW.total
    assert found.coverage == f"{read} of {SLOW.total} comments read"
    expect(popup.locator("[data-partial=cancelled]")).to_contain_text("You stopped the reading early")


def test_stopping_before_the_first_comment(context: BrowserContext, extension: Extension) -> None:
    popup = extension.popup(open_video(context, SILENT))

    state(popup, "collecting").get_by_role("button", name="Stop").click()

    expect(state(popup, "stopped").get_by_role("button", name="Read again")).to_be_visible()


@pytest.mark.slow
def test_page_that_stops_loading_gives_a_partial_result(
    context: BrowserContext, extension: Extension
) -> None:
    popup = extension.popup(open_video(context, STALLING))

    assert shown(popup).coverage == "20 of 30 comments read"
    expect(popup.locator("[data-partial=stalled]")).to_contain_text("YouTube stopped sending more")


def test_too_much_for_the_backend_shows_what_it_says(
    context: BrowserContext, extension: Extension
) -> None:
    with running_backend(max_comments="10") as address:
        extension.store(address=address)

        card = state(extension.popup(open_video(context, SHORT)), "error")

        expect(card.get_by_role("heading")).to_have_text("Too much to send at once")
        expect(card.locator(".said")).to_contain_text("must hold at most 10 comments, this has 30")


@pytest.mark.parametrize(
    ("status", "title"),
    [
        (413, "Too much to send at once"),
        (500, "Something went wrong in the backend"),
        (503, "The backend isn’t ready"),
    ],
)
def test_problem_document_is_shown(
    context: BrowserContext, extension: Extension, status: int, title: str
) -> None:
    problem = {"title": "A title", "detail": "The detail <b>as text</b>", "request_id": "r-77"}
    with answering(status, json.dumps(problem)) as address:
        extension.store(address=address)

        card = state(extension.popup(open_video(context, SHORT)), "error")

        expect(card.get_by_role("heading")).to_have_text(title)
        expect(card.locator(".said")).to_have_text("A title: The detail <b>as text</b>")
        expect(card).to_contain_text(f"HTTP {status} · r-77")


def test_token_that_is_refused_leads_to_the_settings(
    context: BrowserContext, extension: Extension
) -> None:
    with answering(401, '{"title": "Unauthorized"}') as address:
        extension.store(address=address)
        card = state(extension.popup(open_video(context, SHORT)), "token")

        with context.expect_page() as opened:
            card.get_by_role("button", name="Settings").click()

        expect(opened.value.get_by_label("Access token")).to_be_visible()


def test_something_else_at_the_address(context: BrowserContext, extension: Extension) -> None:
    with answering(200, "{}", ready="<h1>It works!</h1>") as address:
        extension.store(address=address)

        card = state(extension.popup(open_video(context, SHORT)), "error")

        expect(card.get_by_role("heading")).to_have_text("Something else answers there")


def test_older_backend_without_the_extras_still_shows_its_answer(
    context: BrowserContext, extension: Extension
) -> None:
    word = {"term": "great", "count": 2, "weight": 1.0, "mean": 0.5}
    answer = {
        "video": {"id": SHORT.id},
        "model": {"name": "old", "version": "0"},
        "counts": {"negative": 1, "neutral": 2, "positive": 3, "total": 6},
        "score": {"mean": 0.25, "low": 0.1, "high": 0.4},
        "trend": [],
        "words": {"all": [word], "negative": [], "neutral": [], "positive": []},
        "top_comments": {"negative": [], "positive": []},
        "predictions": [
            {"id": comment.id, "label": "positive", "score": 0.5} for comment in SHORT.comments
        ],
    }
    with answering(200, json.dumps(answer)) as address:
        extension.store(address=address)

        found = shown(extension.popup(open_video(context, SHORT)))

        assert found.counts == {"negative": 0, "neutral": 0, "positive": 30}
        assert found.score == "+0.50"
