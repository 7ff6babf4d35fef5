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
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import BrowserContext, Page, Playwright, Route

from tests.browser.videos import ALL, Video

EXTENSION = Path(__file__).parents[2] / "extension"
WATCH_PAGE = Path(__file__).parent / "watch_page"
YOUTUBE = "https://www.youtube.com"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# Starting a browser and loading its first page can take long on a busy machine.
PATIENCE_MS = 12_000


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


def serve_youtube(context: BrowserContext, videos: Iterable[Video] = ALL) -> None:
    """Answer YouTube's addresses from our own videos; no other host but this machine is reached."""
    known = {video.id: video for video in videos}

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.hostname in ("127.0.0.1", "localhost") or address.scheme == "chrome-extension":
            route.continue_()
        elif address.netloc != urlsplit(YOUTUBE).netloc:
            route.abort()
        elif address.path == "/fixture/watch.js":
            route.fulfill(path=WATCH_PAGE / "watch.js", content_type="text/javascript")
        elif fixture := re.fullmatch(r"/fixture/(.+)\.json", address.path):
            route.fulfill(body=json.dumps(known[fixture[1]].as_json()), content_type="application/json")
        elif address.path == "/watch" and parse_qs(address.query).get("v", [""])[0] in known:
            route.fulfill(path=WATCH_PAGE / "watch.html", content_type="text/html")
        else:
            route.fulfill(body="<!doctype html><title>YouTube</title>", content_type="text/html")

    context.route("**/*", answer)


def open_video(context: BrowserContext, video: Video) -> Page:
    """Open the watch page of `video` in a new tab."""
    page = context.new_page()
    page.goto(f"{YOUTUBE}/watch?v={video.id}")
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
        tab = self.tab_of(watched)
        page = self.context.new_page()
        page.set_viewport_size({"width": 400, "height": height})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{self.origin}/popup/popup.html?tab={tab}")
        watched.bring_to_front()
        return page
