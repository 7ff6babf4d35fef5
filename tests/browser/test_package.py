"""The package as it is given away, unpacked and loaded by a browser of its own."""

from __future__ import annotations

import zipfile
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from release.extension import EXTENSION, pack
from tests.browser.chromium import Extension, chromium, open_video, serve_youtube
from tests.browser.popup import state
from tests.browser.videos import SHORT


def test_the_package_alone_is_the_whole_extension(
    playwright: Playwright, backend: str, tmp_path: Path
) -> None:
    folder = tmp_path / "unpacked"
    with zipfile.ZipFile(pack(EXTENSION, tmp_path)) as package:
        package.extractall(folder)
        pages = [path for path in package.namelist() if path.endswith(".html")]
    troubles: list[str] = []

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
        page.on("requestfailed", lambda request: troubles.append(request.url))

    with chromium(playwright, tmp_path / "profile", extension=folder) as context:
        serve_youtube(context)
        context.on("page", watch)
        extension = Extension(context, folder)
        extension.store(address=backend, interfaceLanguage="ja")
        popup = extension.popup(open_video(context, SHORT))
        state(popup, "results")
        for path in pages:
            page = context.new_page()
            page.goto(f"{extension.origin}/{path}", wait_until="networkidle")
            expect(page.locator("html")).to_have_attribute("lang", "ja")

    assert troubles == []
