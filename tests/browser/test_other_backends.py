"""A backend older or newer than the extension: what both know is shown, the rest is left out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.conftest import Ask
from tests.browser.popup import shown
from tests.browser.test_states import answering
from tests.browser.videos import SHORT

NOT_IN_THE_FIRST = ("like_weighted", "bucket", "undated", "languages")
READY = '{"status": "ready", "from_the_future": {"queue": 3}}'


def older(answer: dict[str, Any]) -> dict[str, Any]:
    """Return `answer` as a backend gives it that knows only what the contract began with."""
    known = {name: value for name, value in answer.items() if name not in NOT_IN_THE_FIRST}
    found = [{name: each[name] for name in ("id", "label", "score")} for each in answer["predictions"]]
    top = {label: answer["top_comments"][label] for label in ("negative", "positive")}
    return known | {"predictions": found, "top_comments": top}


def newer(value: object) -> object:
    """Return `value` with more in each of its objects."""
    if isinstance(value, dict):
        more = {"from_the_future": {"irony": 0.5}, "also_new": [1, None, "x"]}
        # These hold what was counted, by its name.
        counted = all(isinstance(each, int | float) for each in value.values())
        return {name: newer(each) for name, each in value.items()} | ({} if counted else more)
    return [newer(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("change", [older, newer])
def test_what_both_know_is_shown_in_the_popup_and_in_the_full_view(
    context: BrowserContext, extension: Extension, ask: Ask, change: Any
) -> None:
    answer = ask(SHORT)
    troubles: list[str] = []
    context.on("page", lambda page: page.on("pageerror", lambda error: troubles.append(str(error))))
    with answering(200, json.dumps(change(answer)), ready=READY) as address:
        extension.store(address=address)
        watched = open_video(context, SHORT)
        for view in (extension.popup(watched), extension.full_view(watched)):
            found = shown(view)
            labels = [each["label"] for each in answer["predictions"]]
            assert found.counts == {label: labels.count(label) for label in found.counts}
            assert found.words
            expect(view.locator("[data-model]")).to_contain_text(answer["model"]["name"])
            expect(view.locator(".time svg")).to_be_visible()
            with view.expect_download():
                view.get_by_role("button", name="Save everything as JSON").click()

    assert troubles == []
