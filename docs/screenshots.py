"""The pictures of the web store, 1280 by 800: the extension's real pages, with a line of what they are.

Knows what each picture says and shows, and how it is laid out. What a page shows by then, and which
browser draws it, is the business of `docs.pictures`.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext

STORE = Path(__file__).parent / "store"
WIDTH, HEIGHT = 1280, 800

_LOOK = """<!doctype html>
<style>
  @font-face {{ font-family: Inter; src: url({font}); font-weight: 100 900 }}
  * {{ box-sizing: border-box; margin: 0 }}
  body {{ display: flex; align-items: center; gap: 44px; width: {width}px; height: {height}px;
    padding: 0 56px; overflow: hidden; font: 400 22px/1.45 Inter, sans-serif; letter-spacing: -.01em }}
  .light {{ background: linear-gradient(135deg, #f6f5ff, #dedafc); color: #191926 }}
  .dark {{ background: linear-gradient(135deg, #201c4a, #0f0d1e); color: #f1f1f7 }}
  .words {{ flex: 1; min-width: 300px }}
  .words img {{ width: 60px; margin-bottom: 26px }}
  h1 {{ margin-bottom: 16px; font-size: 46px; font-weight: 750; line-height: 1.12;
    letter-spacing: -.035em }}
  .words p {{ opacity: .78 }}
  .shots {{ display: flex; gap: 24px }}
  .shots img {{ display: block; max-height: 720px; border-radius: 16px;
    box-shadow: 0 0 0 1px #80808033, 0 18px 50px #19103a40 }}
</style>
<body class="{scheme}">
  <div class="words"><img src="{icon}"><h1>{headline}</h1><p>{line}</p></div>
  <div class="shots">{shots}</div>
</body>"""


@dataclass(frozen=True)
class Screenshot:
    """One picture: its words, and the pages that it shows as PNG."""

    headline: str
    line: str
    scheme: str
    shots: Sequence[bytes]


def _inline(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def draw(context: BrowserContext, extension: Path, screenshots: Sequence[Screenshot]) -> None:
    """Write `screenshots` to the folder of the store, numbered, and remove those of before."""
    for former in STORE.glob("screenshot-*.png"):
        former.unlink()
    font = _inline((extension / "vendor" / "inter" / "inter-latin.woff2").read_bytes(), "font/woff2")
    icon = _inline((extension / "icons" / "icon.svg").read_bytes(), "image/svg+xml")
    page = context.new_page()
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    for number, each in enumerate(screenshots, 1):
        page.set_content(
            _LOOK.format(
                font=font,
                icon=icon,
                width=WIDTH,
                height=HEIGHT,
                scheme=each.scheme,
                headline=html.escape(each.headline),
                line=html.escape(each.line),
                shots="".join(f'<img src="{_inline(shot, "image/png")}">' for shot in each.shots),
            )
        )
        page.evaluate("document.fonts.ready")
        page.screenshot(path=STORE / f"screenshot-{number}.png")
    page.close()
