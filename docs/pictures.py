"""`python -m docs.pictures`: draw every picture of the project from its real parts.

The icons come from `extension/icons/icon.svg`. The popup is the real one in a real browser, with a
watch page of our own under it and the real backend behind it: three views of it, as a person scrolls
down. So are the creator's page and what the web store shows. `python -m docs.pictures icons` draws the
icons alone, `python -m docs.pictures store` what the store takes.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from docs import screenshots
from docs.screenshots import STORE, Screenshot
from tests.browser.chromium import (
    EXTENSION,
    PATIENCE_MS,
    Extension,
    chromium,
    open_video,
    serve_youtube,
)
from tests.browser.test_page import bring, opened, table
from tests.browser.videos import BY_REQUESTS, LONG, SHORT
from tests.browser.watched import MARKS, feeling, load
from tests.server import running_backend

DOCS = Path(__file__).parent
ICONS = EXTENSION / "icons"
ICON_SIZES = (16, 32, 48, 128)
# The store wants its icon with so much room around it.
STORE_ICON, STORE_MARGIN = 128, 16
# As large as Chrome lets a popup be.
POPUP_WIDTH, POPUP_HEIGHT = 400, 600
DEFAULT_ADDRESS = "http://127.0.0.1:8000"
PAGE_WIDTH, PAGE_HEIGHT = 1280, 1240
SETTLED_MS = 500
SCALE = 1.5
VIEWS = ("header", "#time-title", "#comments-title")
# What the fake watch page lacks of a page that one would read comments on.
WATCH_LOOK = """
  html { background: #fff; color: #0f0f0f } html[dark] { background: #0f0f0f; color: #f1f1f1 }
  body { margin: 0 auto; padding: 0 32px; max-width: 900px; font: 15px/1.45 Roboto, Arial, sans-serif }
  #player, #title, #sort, #more-replies button, #show { display: none }
  #count { margin: 22px 0 14px; font-size: 21px; font-weight: 700 }
  ytd-comment-thread-renderer { display: block; position: relative; margin: 20px 0; padding-left: 56px }
  ytd-comment-thread-renderer::before { content: ""; position: absolute; left: 0; top: 2px; width: 40px;
    height: 40px; border-radius: 50%; background: linear-gradient(135deg, #8f86e8, #5ab0d8) }
  ytd-comment-thread-renderer:nth-of-type(3n)::before {
    background: linear-gradient(135deg, #e8a786, #d85a8f) }
  ytd-comment-thread-renderer:nth-of-type(3n + 1)::before {
    background: linear-gradient(135deg, #86c8a0, #5a86d8) }
  #header-author { display: flex; gap: 6px; align-items: center }
  h3 { margin: 0; font-size: 13px } a { color: inherit; text-decoration: none }
  #published-time-text a { font-size: 12px; opacity: .65 }
  #vote-count-middle { font-size: 12px; opacity: .65 }"""
WATCH_HEIGHT = 640
DARK = "(dark) => document.documentElement.toggleAttribute('dark', dark)"
FRAMES = """<!doctype html>
<style>
  body { display: flex; gap: 20px; width: max-content; margin: 0; padding: 10px }
  img { border-radius: 14px; box-shadow: 0 0 0 1px #80808040, 0 3px 10px #00000030 }
</style>"""


def draw_icons(context: BrowserContext) -> None:
    """Write the icon at every size that Chrome asks for, and the store's."""
    page = context.new_page()
    drawing = (ICONS / "icon.svg").read_text(encoding="utf-8")

    def draw(size: int, margin: int, path: Path) -> None:
        look = f"body {{ margin: {margin}px }} svg {{ display: block; width: {size - 2 * margin}px }}"
        page.set_viewport_size({"width": size, "height": size})
        page.set_content(f"<style>{look}</style>{drawing}")
        page.screenshot(path=path, omit_background=True)

    for size in ICON_SIZES:
        draw(size, 0, ICONS / f"{size}.png")
    draw(STORE_ICON, STORE_MARGIN, STORE / "icon.png")
    page.close()


def views(popup: Page) -> Iterable[bytes]:
    """Yield the popup as it looks with each section of `VIEWS` at its top."""
    for top in VIEWS:
        popup.locator(top).evaluate(
            """(heading) => {
                 const edge = heading.closest("section") ?? heading;
                 scrollTo(0, edge.getBoundingClientRect().top + scrollY - 12);
               }"""
        )
        settled(popup)
        yield popup.screenshot()


def side_by_side(context: BrowserContext, pictures: Iterable[bytes], path: Path) -> None:
    """Write `pictures`, each as a popup of its own, into one."""
    sources = (f"data:image/png;base64,{base64.b64encode(picture).decode()}" for picture in pictures)
    page = context.new_page()
    page.set_content(FRAMES + "".join(f'<img src="{each}" width="{POPUP_WIDTH}">' for each in sources))
    page.locator("body").screenshot(path=path, omit_background=True)
    page.close()


def draw_popup(context: BrowserContext, backend: str) -> None:
    """Write the popup with a finished analysis, light and dark."""
    serve_youtube(context)
    extension = Extension(context)
    extension.store(address=backend)
    watched = open_video(context, BY_REQUESTS)
    for scheme in ("light", "dark"):
        popup = extension.popup(watched, scheme=scheme, height=POPUP_HEIGHT)
        expect(popup.locator("[data-coverage]")).to_be_visible(timeout=PATIENCE_MS)
        side_by_side(context, views(popup), DOCS / f"popup-{scheme}.png")
        popup.close()


def draw_full_view(context: BrowserContext) -> None:
    """Write the full view of the video whose popup was drawn, light and dark."""
    extension = Extension(context)
    watched = next(page for page in context.pages if BY_REQUESTS.id in page.url)
    tab = extension.tab_of(watched)
    for scheme in ("light", "dark"):
        page = context.new_page()
        page.set_viewport_size({"width": PAGE_WIDTH, "height": PAGE_HEIGHT})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(f"{extension.origin}/view/view.html?tab={tab}")
        expect(page.locator(".cards .comments")).to_be_visible(timeout=PATIENCE_MS)
        page.screenshot(path=DOCS / f"view-{scheme}.png")
        page.close()


def draw_in_page(context: BrowserContext) -> None:
    """Write what the extension adds to the watch page, light and dark, with one feeling chosen."""
    watched = open_video(context, LONG)
    watched.set_viewport_size({"width": PAGE_WIDTH, "height": WATCH_HEIGHT})
    watched.add_style_tag(content=WATCH_LOOK)
    load(watched, 60)
    feeling(watched, "negative").click()
    expect(watched.locator(f"{MARKS}:visible").first).to_be_visible(timeout=PATIENCE_MS)
    # Pictures of emoji are on a host that isn't reached from here.
    watched.evaluate("document.querySelectorAll('img[alt]').forEach((img) => img.replaceWith(img.alt))")
    watched.evaluate("document.querySelector('#count').scrollIntoView()")
    for scheme in ("light", "dark"):
        watched.evaluate(DARK, scheme == "dark")
        settled(watched)
        watched.screenshot(path=DOCS / f"in-page-{scheme}.png")
    watched.close()


def settled(page: Page) -> None:
    """Wait until what was scrolled to or changed is painted, which comes some frames later."""
    page.wait_for_timeout(SETTLED_MS)


def draw_store(context: BrowserContext, backend: str) -> None:
    """Write what the web store shows of the extension."""
    serve_youtube(context)
    extension = Extension(context)
    extension.store(address=backend)
    watched = open_video(context, BY_REQUESTS)
    seen: dict[str, list[bytes]] = {}
    for scheme in ("light", "dark"):
        popup = extension.popup(watched, scheme=scheme, height=POPUP_HEIGHT)
        expect(popup.locator("[data-coverage]")).to_be_visible(timeout=PATIENCE_MS)
        seen[scheme] = list(views(popup))
        popup.close()
    extension.store(address=DEFAULT_ADDRESS)
    options = extension.options()
    options.set_viewport_size({"width": 600, "height": 720})
    settings = options.screenshot()
    options.close()
    mood, time, comments = seen["light"]
    screenshots.draw(
        context,
        EXTENSION,
        [
            Screenshot(
                "What do the people under a video feel?",
                "Open a video, click Undertone: how many are glad, neutral or cross, and how surely.",
                "light",
                [mood],
            ),
            Screenshot(
                "How it changed, and what carries it",
                "The trend over time and the words of each feeling.",
                "light",
                [time, comments],
            ),
            Screenshot(
                "The comments behind the numbers",
                "Sarcasm fools models: look for yourself.",
                "dark",
                [seen["dark"][0], seen["dark"][2]],
            ),
            Screenshot(
                "Yours alone",
                "The model runs on your own computer. No account, no API key, no tracking.",
                "light",
                [settings],
            ),
        ],
    )


def draw_page(context: BrowserContext, backend: str) -> None:
    """Write the creator's page with two videos compared, light and dark."""
    for scheme in ("light", "dark"):
        page = opened(context, backend)
        page.set_viewport_size({"width": PAGE_WIDTH, "height": PAGE_HEIGHT})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for video in (LONG, SHORT):
            bring(page, table(video), title=video.title)
            expect(page.locator(".cards .comments")).to_be_visible(timeout=PATIENCE_MS)
            if video is LONG:
                page.get_by_role("button", name="Compare with").click()
        page.locator("#results").evaluate("(results) => results.blur()")
        page.screenshot(path=DOCS / f"page-{scheme}.png")
        page.close()


def main() -> None:
    """Draw the icons, then the popup that carries one of them."""
    wanted = sys.argv[1:]
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        with chromium(playwright, Path(scratch) / "icons") as context:
            draw_icons(context)
        if wanted == ["icons"]:
            return
        with running_backend() as backend:
            with chromium(playwright, Path(scratch) / "store") as context:
                draw_store(context, backend)
            if wanted == ["store"]:
                return
            with chromium(playwright, Path(scratch) / "popup", scale=SCALE) as context:
                draw_popup(context, backend)
                draw_full_view(context)
                draw_in_page(context)
                draw_page(context, backend)


if __name__ == "__main__":
    main()
