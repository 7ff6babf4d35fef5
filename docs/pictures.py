"""`python -m docs.pictures`: draw every picture of the project from its real parts.

The icons come from `extension/icons/icon.svg`, the popup from a real browser with the extension in
it, a watch page with comments of our own, and the real backend behind it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import BrowserContext, expect, sync_playwright

from tests.browser.chromium import (
    EXTENSION,
    PATIENCE_MS,
    Extension,
    chromium,
    open_video,
    serve_youtube,
)
from tests.browser.videos import LONG
from tests.server import running_backend

DOCS = Path(__file__).parent
ICONS = EXTENSION / "icons"
ICON_SIZES = (16, 32, 48, 128)
POPUP_HEIGHT = 600


def draw_icons(context: BrowserContext) -> None:
    """Write the icon at every size that Chrome asks for."""
    page = context.new_page()
    drawing = (ICONS / "icon.svg").read_text()
    for size in ICON_SIZES:
        page.set_viewport_size({"width": size, "height": size})
        page.set_content(
            f"<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px }}</style>{drawing}"
        )
        page.screenshot(path=ICONS / f"{size}.png", omit_background=True)
    page.close()


def draw_popup(context: BrowserContext, backend: str) -> None:
    """Write the popup with a finished analysis, light and dark."""
    serve_youtube(context)
    extension = Extension(context)
    extension.store(address=backend)
    watched = open_video(context, LONG)
    for scheme in ("light", "dark"):
        popup = extension.popup(watched, scheme=scheme)
        expect(popup.locator("[data-state=results]")).to_be_visible(timeout=PATIENCE_MS)
        popup.set_viewport_size(
            {"width": 400, "height": popup.evaluate("document.documentElement.scrollHeight")}
        )
        popup.screenshot(path=DOCS / f"popup-{scheme}.png")
        popup.close()


def main() -> None:
    """Draw the icons, then the popup that carries one of them."""
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as scratch:
        with chromium(playwright, Path(scratch) / "icons") as context:
            draw_icons(context)
        if sys.argv[1:] == ["icons"]:
            return
        with (
            running_backend() as backend,
            chromium(playwright, Path(scratch) / "popup", scale=2) as context,
        ):
            draw_popup(context, backend)


if __name__ == "__main__":
    main()
