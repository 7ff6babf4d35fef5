"""`python -m docs.pictures`: draw every picture of the project from its real parts.

The icons come from `extension/icons/icon.svg`. The popup is the real one in a real browser, with a
watch page of our own under it and the real backend behind it: three views of it, as a person scrolls
down. So is the creator's page. `python -m docs.pictures icons` draws the icons alone.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.browser.chromium import (
    EXTENSION,
    PATIENCE_MS,
    Extension,
    chromium,
    open_video,
    serve_youtube,
)
from tests.browser.test_page import bring, opened, table
from tests.browser.videos import LONG, SHORT
from tests.server import running_backend

DOCS = Path(__file__).parent
ICONS = EXTENSION / "icons"
ICON_SIZES = (16, 32, 48, 128)
# As large as Chrome lets a popup be.
POPUP_WIDTH, POPUP_HEIGHT = 400, 600
PAGE_WIDTH, PAGE_HEIGHT = 1280, 1240
SCALE = 1.5
VIEWS = ("header", "#time-title", "#top-title")
FRAMES = """<!doctype html>
<style>
  body { display: flex; gap: 20px; width: max-content; margin: 0; padding: 10px }
  img { border-radius: 14px; box-shadow: 0 0 0 1px #80808040, 0 3px 10px #00000030 }
</style>"""


def draw_icons(context: BrowserContext) -> None:
    """Write the icon at every size that Chrome asks for."""
    page = context.new_page()
    drawing = (ICONS / "icon.svg").read_text(encoding="utf-8")
    for size in ICON_SIZES:
        page.set_viewport_size({"width": size, "height": size})
        page.set_content(
            f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{drawing}"
        )
        page.screenshot(path=ICONS / f"{size}.png", omit_background=True)
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
    watched = open_video(context, LONG)
    for scheme in ("light", "dark"):
        popup = extension.popup(watched, scheme=scheme, height=POPUP_HEIGHT)
        expect(popup.locator("[data-state=results]")).to_be_visible(timeout=PATIENCE_MS)
        side_by_side(context, views(popup), DOCS / f"popup-{scheme}.png")
        popup.close()


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
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        with chromium(playwright, Path(scratch) / "icons") as context:
            draw_icons(context)
        if sys.argv[1:] == ["icons"]:
            return
        with (
            running_backend() as backend,
            chromium(playwright, Path(scratch) / "popup", scale=SCALE) as context,
        ):
            draw_popup(context, backend)
            draw_page(context, backend)


if __name__ == "__main__":
    main()
