"""The bar above the comments in YouTube's page: it shows some of them and harms none."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import barriers, needs_axe
from tests.browser.chromium import Extension, open_video
from tests.browser.conftest import Ask
from tests.browser.popup import shown
from tests.browser.videos import (
    HOSTILE,
    LONG,
    OFF,
    PWN,
    SECOND_VIDEO,
    SHORT,
    SHORTS,
    THOUSAND,
    THREADS,
    Video,
)
from tests.browser.watched import (
    BAR,
    MARKS,
    expect_count,
    feeling,
    load,
    search,
    state,
    visible,
)

# No more are on their way, and each that came has its label.
_AT_REST = """() => {
  const more = document.querySelector("ytd-continuation-item-renderer");
  const heads = [...document.querySelectorAll("#comment-container")];
  return !more.dataset.asked && more.getBoundingClientRect().top > innerHeight &&
    heads.every((each) => each.querySelector("undertone-mark"));
}"""
FEELINGS = ("positive", "neutral", "negative")


def labels_of(ask: Ask, video: Video) -> dict[str, str]:
    """Return the feeling of each comment of `video`, by its id."""
    return {
        each["id"]: each["label"] if each["language"] in ("en", "und") else "other"
        for each in ask(video)["predictions"]
    }


def having(labels: dict[str, str], wanted: str) -> list[str]:
    return [identifier for identifier, label in labels.items() if label == wanted]


def open_loaded(context: BrowserContext, video: Video, path: str = "watch?v=") -> Page:
    """Open `video` with all its comments in the page, and the bar above them."""
    watched = open_video(context, video, path)
    load(watched, len(video.comments))
    expect_count(watched, "all", len(video.comments))
    return watched


@pytest.mark.parametrize(
    ("video", "path"), [(SHORT, "watch?v="), (SHORTS, "shorts/")], ids=["watch", "shorts"]
)
def test_each_button_shows_as_many_as_it_says(
    context: BrowserContext, extension: Extension, ask: Ask, video: Video, path: str
) -> None:
    watched = open_loaded(context, video, path)
    labels = labels_of(ask, video)
    expect(state(watched)).to_have_text("All 30 comments")
    expect(watched.locator(MARKS)).to_have_count(30)

    for name in FEELINGS:
        expect_count(watched, name, len(having(labels, name)))
        feeling(watched, name).click()
        expect(feeling(watched, name)).to_have_attribute("aria-pressed", "true")
        assert visible(watched) == having(labels, name)
        expect(state(watched)).to_have_text(f"{len(having(labels, name))} of 30 comments")

    expect(feeling(watched, "other")).to_be_hidden()
    feeling(watched, "all").click()
    assert visible(watched) == list(labels)


def test_words_are_looked_for_in_text_and_author(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_loaded(context, SHORT)
    labels = labels_of(ask, SHORT)
    expect_count(watched, "negative", len(having(labels, "negative")))

    search(watched).fill("THE  i")
    found = [
        each.id
        for each in SHORT.comments
        if "the" in (said := f"{each.text}\n{each.author}".lower()) and "i" in said
    ]
    assert 0 < len(found) < 30
    assert visible(watched) == found
    feeling(watched, "negative").click()
    assert visible(watched) == [each for each in found if labels[each] == "negative"]
    expect_count(watched, "all", len(found))
    # Pressed once more, it lets go.
    feeling(watched, "negative").click()
    search(watched).fill(SHORT.comments[7].author)
    assert visible(watched) == [SHORT.comments[7].id]

    search(watched).press("Escape")
    assert len(visible(watched)) == 30


def test_a_thread_is_shown_whole_where_a_reply_fits(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_loaded(context, THREADS)
    head = next(each for each in THREADS.comments if each.replies)
    watched.locator("#more-replies button").first.click()
    expect(watched.locator("#replies ytd-comment-view-model")).to_have_count(len(head.replies))

    search(watched).fill(head.replies[0].author)

    expect(state(watched)).to_have_text("1 of 12 comments")
    assert visible(watched) == [head.id]
    expect(watched.locator("#replies ytd-comment-view-model:visible")).to_have_count(len(head.replies))


def test_what_youtube_loads_draws_again_and_sorts_is_filtered_too(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, LONG)
    load(watched, 20)
    labels = labels_of(ask, LONG)
    feeling(watched, "negative").click()

    # With the sixtieth, the page draws the first twenty anew.
    load(watched, 100)
    watched.wait_for_function(_AT_REST)
    seen = visible(watched)
    assert len(seen) > 5
    assert {labels[each] for each in seen} == {"negative"}
    expect(state(watched)).to_contain_text(f"{len(seen)} of")

    watched.locator("#sort").click()
    load(watched, 20)
    watched.wait_for_function(_AT_REST)
    last = [each.id for each in reversed(LONG.comments) if labels[each.id] == "negative"]
    first = watched.locator("ytd-comment-thread-renderer:visible").first
    expect(first.locator(f"a[href*='{last[0]}']")).to_be_attached()
    assert visible(watched)[:3] == last[:3]
    expect(watched.locator(BAR)).to_have_count(1)
    expect(feeling(watched, "negative")).to_have_attribute("aria-pressed", "true")


def test_loading_waits_for_a_person_where_nothing_fits(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, LONG)
    load(watched, 20)
    search(watched).fill("nobody wrote this")
    watched.evaluate("scrollTo(0, document.documentElement.scrollHeight)")

    more = watched.locator(BAR).get_by_role("button", name="Show more")
    expect(more).to_be_visible()
    expect(state(watched)).to_contain_text("loading waits for you")
    held = watched.locator("ytd-comment-thread-renderer").count()
    assert 200 <= held <= 240
    assert visible(watched) == []

    more.click()
    expect(state(watched)).to_have_text(f"0 of {len(LONG.comments)} comments")


def test_another_video_in_the_same_page_starts_with_all(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, SHORT)
    load(watched, 20)
    search(watched).fill("nobody wrote this")
    expect(watched.locator("ytd-comment-thread-renderer:visible")).to_have_count(0)

    watched.evaluate(f"navigate('{SECOND_VIDEO.id}')")
    expect(watched.locator(BAR)).to_have_count(0)
    watched.wait_for_timeout(400)
    load(watched, len(SECOND_VIDEO.comments))

    expect_count(watched, "all", len(SECOND_VIDEO.comments))
    expect(watched.locator(BAR)).to_have_count(1)
    expect(search(watched)).to_have_value("")
    assert len(visible(watched)) == len(SECOND_VIDEO.comments)

    watched.evaluate(f"navigate('{OFF.id}')")
    expect(watched.locator("ytd-message-renderer")).to_be_visible()
    expect(watched.locator(BAR)).to_have_count(0)
    assert "undertone" not in watched.content()


def test_reading_the_page_finds_what_is_filtered_away(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_loaded(context, THREADS)
    search(watched).fill("nobody wrote this")
    assert visible(watched) == []

    popup = extension.popup(watched)

    assert shown(popup).coverage == f"{THREADS.total} comments read"
    watched.bring_to_front()
    expect(state(watched)).to_have_text("0 of 12 comments")
    assert visible(watched) == []


def everything(context: BrowserContext, watched: Page) -> tuple[str, int, list[tuple[str, str]]]:
    """Return the page as markup, its sheets, and what listens at its window, document and body."""
    session = context.new_cdp_session(watched)
    listening: list[tuple[str, str]] = []
    for place in ("window", "document", "document.body"):
        found: dict[str, Any] = session.send("Runtime.evaluate", {"expression": place})["result"]
        listeners = session.send("DOMDebugger.getEventListeners", {"objectId": found["objectId"]})
        listening.extend((place, each["type"]) for each in listeners["listeners"])
    session.detach()
    return watched.content(), watched.evaluate("document.adoptedStyleSheets.length"), listening


def test_switched_off_while_it_filters_nothing_is_left(
    context: BrowserContext, extension: Extension
) -> None:
    extension.store(marks=False)
    watched = open_video(context, SHORT)
    load(watched, len(SHORT.comments))
    watched.evaluate("scrollTo(0, 0)")
    before = everything(context, watched)

    extension.store(marks=True)
    expect(watched.locator(MARKS)).to_have_count(30)
    feeling(watched, "negative").click()
    assert 0 < len(visible(watched)) < 30
    assert everything(context, watched) != before

    extension.store(marks=False)
    expect(watched.locator(BAR)).to_have_count(0)
    assert everything(context, watched) == before

    extension.store(marks=True)
    expect_count(watched, "all", 30)
    assert len(visible(watched)) == 30


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@needs_axe
def test_the_bar_follows_youtubes_theme_and_keeps_nobody_out(
    context: BrowserContext, extension: Extension, dark: bool
) -> None:
    watched = open_loaded(context, SHORT)
    watched.evaluate("(dark) => document.documentElement.toggleAttribute('dark', dark)", dark)
    feeling(watched, "neutral").click()

    colours = feeling(watched, "neutral").evaluate(
        "(button) => [getComputedStyle(button).backgroundColor, getComputedStyle(button).color]"
    )
    bright, deep = ("rgb(241, 241, 241)", "rgb(15, 15, 15)")
    assert colours == ([bright, deep] if dark else [deep, "rgb(255, 255, 255)"])
    assert barriers(watched, BAR) == []


def test_keys_belong_to_the_bar_and_what_they_do_is_said(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_loaded(context, SHORT)
    watched.evaluate(
        """() => {
             window.taken = [];
             document.addEventListener("keydown", ({ key }) => window.taken.push(key));
           }"""
    )
    feeling(watched, "all").focus()

    for key in ("Tab", "Tab", "Tab", "Space"):
        watched.keyboard.press(key)
    expect(feeling(watched, "negative")).to_have_attribute("aria-pressed", "true")
    expect(feeling(watched, "all")).to_have_attribute("aria-pressed", "false")
    watched.keyboard.press("Tab")
    watched.keyboard.type("fkm")

    expect(search(watched)).to_have_value("fkm")
    expect(watched.locator(BAR).get_by_role("status")).to_have_text("0 of 30 comments")
    assert watched.evaluate("window.taken") == []


def test_hostile_comments_and_words_stay_text(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, HOSTILE)
    alarms: list[str] = []
    watched.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    load(watched, len(HOSTILE.comments))
    others = having(labels_of(ask, HOSTILE), "other")
    expect_count(watched, "other", len(others))

    feeling(watched, "other").click()
    assert visible(watched) == others
    feeling(watched, "all").click()
    search(watched).fill(f'<img src=x onerror="{PWN}">')

    assert visible(watched) == [HOSTILE.comments[0].id]
    assert alarms == []
    assert watched.evaluate("window.__pwned") is None
    assert watched.locator(f"{BAR} :is(img, script)").count() == 0


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_bar_fits_a_narrow_place_in_another_language(
    context: BrowserContext, extension: Extension, direction: str
) -> None:
    extension.store(interfaceLanguage="de")
    watched = open_video(context, HOSTILE)
    watched.set_viewport_size({"width": 340, "height": 700})
    watched.evaluate("(direction) => (document.documentElement.dir = direction)", direction)
    load(watched, len(HOSTILE.comments))
    expect(feeling(watched, "negative")).to_have_attribute("title", "Undertone: Negativ")
    expect(feeling(watched, "other")).to_be_visible()

    host = watched.locator(BAR).bounding_box()
    assert host is not None
    for part in watched.locator(f"{BAR} :is(button, input, .state):visible").all():
        box = part.bounding_box()
        assert box is not None
        assert host["x"] <= box["x"]
        assert box["x"] + box["width"] <= host["x"] + host["width"] + 1

    extension.store(interfaceLanguage="fr")
    expect(feeling(watched, "negative")).to_have_attribute("title", "Undertone: Négatif")
    expect(watched.locator(BAR)).to_have_count(1)


def test_without_a_backend_it_says_so_and_still_searches(
    context: BrowserContext, extension: Extension
) -> None:
    extension.store(address="http://127.0.0.1:9")
    watched = open_loaded(context, SHORT)

    expect(state(watched)).to_contain_text("The backend doesn’t answer")
    search(watched).fill(SHORT.comments[3].author)
    assert visible(watched) == [SHORT.comments[3].id]


def test_a_thousand_threads_are_filtered_at_once(context: BrowserContext, extension: Extension) -> None:
    watched = open_video(context, THOUSAND)
    load(watched, 1000)
    expect_count(watched, "all", 1000)
    field = search(watched)

    for words in ("oscillator", ""):
        started = time.perf_counter()
        field.fill(words)
        held = sum(words in each.text for each in THOUSAND.comments)
        expect(state(watched)).to_contain_text(f"{held} of 1,000" if words else "All 1,000")
        took = time.perf_counter() - started
        print(f"{words or 'all'}: {held} of 1,000 shown after {took:.3f} s")  # noqa: T201  shown with -s
    assert len(visible(watched)) == 1000
