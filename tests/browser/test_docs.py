"""The interactive documentation in a real browser: a route is tried out where it is described."""

from __future__ import annotations

import json

from playwright.sync_api import BrowserContext, Page, expect


def article(context: BrowserContext, address: str, operation: str) -> Page:
    page = context.new_page()
    page.goto(f"{address}/docs")
    expect(page.locator(f"#{operation}")).to_be_visible()
    return page


def test_a_chart_is_shown_as_a_picture(context: BrowserContext, backend: str) -> None:
    page = article(context, backend, "draw_counts_png")
    shown = page.locator("#draw_counts_png")
    shown.get_by_label("width").fill("640")
    shown.get_by_label("theme").fill("dark")

    shown.get_by_role("button", name="Send").click()

    picture = shown.get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 1280
    expect(shown.locator("pre")).to_contain_text("200 OK")


def test_an_example_is_answered_and_a_mistake_explained(context: BrowserContext, backend: str) -> None:
    page = article(context, backend, "predict")
    shown = page.locator("#predict")
    shown.get_by_role("button", name="Send").click()
    expect(shown.locator("pre")).to_contain_text('"label": "positive"')

    shown.get_by_role("textbox").fill(json.dumps({"comments": []}))
    shown.get_by_role("button", name="Send").click()

    expect(shown.locator("pre")).to_contain_text("422")
    expect(shown.locator("pre")).to_contain_text("urn:undertone:problem:invalid-fields")
