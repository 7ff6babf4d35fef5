"""A real Chromium with the extension in it, on an internet that holds nothing but our own YouTube.

Knows how the browser is started, where the extension is and which addresses exist. Knows nothing of
what is tested.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Page, Playwright, Route, ViewportSize

from tests.browser import chats, continuations
from tests.browser.videos import ALL, Video

EXTENSION = Path(__file__).parents[2] / "extension"
WATCH_PAGE = Path(__file__).parent / "watch_page"
YOUTUBE = "https://www.youtube.com"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# What is not of this machine. An extension's page is a hundred small files, which don't come by here.
_ELSEWHERE = re.compile(r"^https?://(?!127\.0\.0\.1|localhost)")
# Starting a browser and loading its first page can take long on a busy machine.
PATIENCE_MS = 60_000


def executable() -> str:
    """Return the browser to drive: `CHROMIUM`, or the first that is installed."""
    named = os.environ.get("CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise FileNotFoundError(
            "Chromium is missing: apt-get install chromium on Debian; elsewhere "
            ".venv/bin/python -m playwright install chromium, and its path in CHROMIUM"
        )
    return found


def extension_id(folder: Path) -> str:
    """Return the id that Chromium derives from where an unpacked extension is."""
    digest = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:32]
    return digest.translate(str.maketrans("0123456789abcdef", "abcdefghijklmnop"))


@contextmanager
def chromium(
    playwright: Playwright, profile: Path, *, extension: Path = EXTENSION, scale: float = 1
) -> Iterator[BrowserContext]:
    """Start the browser with an empty `profile` and the extension loaded."""
    context = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=executable(),
        headless=True,
        ignore_default_args=["--disable-extensions"],
        args=[
            f"--disable-extensions-except={extension}",
            f"--load-extension={extension}",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
        viewport={"width": 1000, "height": 800},
        device_scale_factor=scale,
        locale="en-US",
        timeout=PATIENCE_MS,
    )
    context.set_default_timeout(PATIENCE_MS)
    try:
        yield context
    finally:
        context.close()


def video_in(address: SplitResult) -> str:
    """Return the id of the video that a page at `address` shows, "" for none."""
    if address.path.startswith("/shorts/"):
        return address.path.removeprefix("/shorts/")
    return parse_qs(address.query).get("v", [""])[0] if address.path == "/watch" else ""


def watch_page(video: Video) -> str:
    """Return the page of `video`; it says how to ask for comments where that will be answered."""
    page = (WATCH_PAGE / "watch.html").read_text(encoding="utf-8")
    script = continuations.page_script(video) if video.shape else ""
    page = page.replace("<html>", f'<html lang="{video.language}">', 1)
    return page.replace("<head>", f"<head><script>var ytcfg = {{ set() {{}} }}; {script}</script>", 1)


def serve_youtube(context: BrowserContext, videos: Iterable[Video] = (*ALL, *chats.ALL)) -> None:
    """Answer YouTube's addresses from our own videos; no other host but this machine is reached."""
    known = {video.id: video for video in videos}

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.netloc != urlsplit(YOUTUBE).netloc:
            route.abort()
        elif address.path == "/youtubei/v1/next":
            status, body = continuations.answer(route.request.post_data_json, known)
            route.fulfill(status=status, json=body)
        elif address.path in ("/fixture/watch.js", "/fixture/chat.js"):
            route.fulfill(path=WATCH_PAGE / Path(address.path).name, content_type="text/javascript")
        elif address.path in ("/live_chat", "/live_chat_replay"):
            route.fulfill(path=WATCH_PAGE / "chat.html", content_type="text/html")
        elif fixture := re.fullmatch(r"/fixture/(.+)\.json", address.path):
            route.fulfill(body=json.dumps(known[fixture[1]].as_json()), content_type="application/json")
        elif video_in(address) in known:
            route.fulfill(body=watch_page(known[video_in(address)]), content_type="text/html")
        else:
            route.fulfill(body="<!doctype html><title>YouTube</title>", content_type="text/html")

    context.route(_ELSEWHERE, answer)


def open_video(context: BrowserContext, video: Video, path: str = "watch?v=") -> Page:
    """Open the page of `video` in a new tab."""
    page = context.new_page()
    page.goto(f"{YOUTUBE}/{path}{video.id}")
    page.wait_for_selector("#sections")
    return page


class Extension:
    """The extension's own pages in a browser."""

    def __init__(self, context: BrowserContext, folder: Path = EXTENSION) -> None:
        self.context = context
        self.origin = f"chrome-extension://{extension_id(folder)}"

    def options(self) -> Page:
        """Open the settings."""
        page = self.context.new_page()
        page.goto(f"{self.origin}/options/options.html")
        # The page fills its fields once it has read what is stored.
        page.wait_for_selector("body[data-open]")
        return page

    def privacy(self) -> Page:
        """Open the page on privacy."""
        page = self.context.new_page()
        page.goto(f"{self.origin}/privacy/privacy.html")
        return page

    def store(self, **settings: object) -> None:
        """Write settings as if they had been saved; the token goes to this computer's storage."""
        page = self.options()
        page.evaluate(
            """async ({ token, ...synced }) => {
                 await chrome.storage.sync.set(synced);
                 if (token !== undefined) await chrome.storage.local.set({ token });
               }""",
            settings,
        )
        page.close()

    def allow(self, pattern: str) -> None:
        """Have Chrome allow what matches `pattern` when asked, as a person would in its dialog."""
        page = self.context.new_page()
        page.goto("chrome://extensions")
        page.evaluate(
            "([id, pattern]) => chrome.developerPrivate.addHostPermission(id, pattern)",
            [urlsplit(self.origin).netloc, pattern],
        )
        page.close()

    def tab_of(self, watched: Page) -> int:
        """Return Chrome's number for the tab of `watched`."""
        page = self.options()
        tab = page.evaluate(
            "async (title) => (await chrome.tabs.query({ url: '*://*/*' })).findLast("
            "(tab) => tab.url === title)?.id",
            watched.url,
        )
        page.close()
        if tab is None:
            raise LookupError(f"no tab shows {watched.url}")
        return int(tab)

    def popup(self, watched: Page, *, scheme: str = "light", height: int = 600) -> Page:
        """Open the popup, in a tab of its own, for the tab of `watched`, which stays in front.

        Chromium draws a background tab about once a second, and the page loads more only when drawn.
        """
        size: ViewportSize = {"width": 400, "height": height}
        return self._beside(watched, "popup/popup.html", size=size, scheme=scheme)

    def full_view(self, watched: Page, *, scheme: str = "light", width: int = 1000) -> Page:
        """Open the full view of the tab of `watched`, which stays in front."""
        size: ViewportSize = {"width": width, "height": 800}
        return self._beside(watched, "view/view.html", size=size, scheme=scheme)

    def _beside(self, watched: Page, path: str, *, size: ViewportSize, scheme: str) -> Page:
        tab = self.tab_of(watched)
        page = self.context.new_page()
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{self.origin}/{path}?tab={tab}")
        watched.bring_to_front()
        return page
