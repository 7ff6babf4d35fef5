"""The mood of a live chat and of its replay: followed, stopped, kept apart, and honest."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from tests.browser import chats
from tests.browser.axe import barriers, needs_axe
from tests.browser.chats import CALM, CROSS, GLAD, LIVE, OTHER_LIVE, REPLAY, Action, message, said
from tests.browser.chromium import Extension, open_video, serve_youtube
from tests.browser.layout import expect_fit
from tests.browser.popup import state
from tests.browser.recorded import FOLDER, needs_recorded
from tests.browser.videos import SECOND_VIDEO, Video
from tests.server import free_port, running_backend


def chat_of(watched: Page) -> Frame:
    """Return the frame of the chat, once its list is there."""
    watched.frame_locator("#chatframe").locator("yt-live-chat-item-list-renderer").wait_for(
        state="attached"
    )
    return next(frame for frame in watched.frames if "/live_chat" in frame.url)


def show(watched: Page, actions: Sequence[Action]) -> None:
    """Have the chat do what YouTube would say in an answer."""
    chat_of(watched).evaluate("(actions) => show(actions)", list(actions))


def expect_read(popup: Page, words: str) -> None:
    """Wait until the strip says so of how much was read."""
    expect(popup.locator("[data-chat-counts]")).to_contain_text(words)


def counts(popup: Page) -> dict[str, int]:
    """Return how many messages have each feeling in the window that is shown."""
    rows = popup.locator("[data-label-count]").all()
    return {
        str(row.get_attribute("data-label-count")): int(row.locator(".legend-count").inner_text())
        for row in rows
    }


def expect_counts(popup: Page, expected: dict[str, int]) -> None:
    """Wait until the window that is shown has so many messages of each feeling."""
    for feeling, count in expected.items():
        shown = popup.locator(f"[data-label-count={feeling}] .legend-count")
        expect(shown).to_have_text(str(count))


def opened(extension: Extension, watched: Page, **how: Any) -> Page:
    """Open the popup and wait until it reads the chat."""
    popup = extension.popup(watched, **how)
    expect(popup.locator("[data-state=chat]")).to_be_visible()
    return popup


def test_the_mood_of_a_live_chat_follows_what_is_said(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, LIVE)
    popup = opened(extension, watched)
    expect(popup.locator("[data-chat-state]")).to_have_text("Reading the live chat")
    expect(popup.locator(".title")).to_have_text(LIVE.title)

    show(watched, said(GLAD))
    expect(popup.locator("h2").first).to_have_text("Very positive")
    expect_counts(popup, {"positive": 4, "neutral": 0, "negative": 0})

    show(watched, said(CROSS * 3, "c"))
    expect(popup.locator("h2").first).to_have_text("Mostly negative")
    expect_counts(popup, {"positive": 4, "neutral": 0, "negative": 12})
    popup.get_by_role("button", name="1 min", exact=True).click()
    expect_counts(popup, {"positive": 4, "neutral": 0, "negative": 12})


def test_paid_messages_and_stickers_members_and_youtubes_own_words_are_told_apart(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, LIVE)
    popup = opened(extension, watched)

    show(
        watched,
        [
            *chats.paid("paid", "I love this so much, thank you ❤ :slow-dance:"),
            message("sticker", "", renderer="liveChatPaidStickerRenderer"),
            message(
                "member",
                "",
                renderer="liveChatMembershipItemRenderer",
                headerSubtext={"simpleText": "Welcome to the club!"},
                message=None,
            ),
            message(
                "milestone",
                "Six wonderful months, I love it here",
                renderer="liveChatMembershipItemRenderer",
                role="member",
            ),
            message("owner", "Thank you all, I am so happy", author="@slowworkshop", role="owner"),
            message(
                "moderator", "Stop it, this is awful and annoying", author="@mod", role="moderator"
            ),
            message("place", "", renderer="liveChatPlaceholderItemRenderer"),
            message(
                "youtube", "Welcome to live chat!", renderer="liveChatViewerEngagementMessageRenderer"
            ),
            chats.mode_change("Slow mode is on", "Send a message every 10 seconds"),
        ],
    )

    expect_read(popup, "4 of 4 messages read.")
    expect_counts(popup, {"positive": 3, "neutral": 0, "negative": 1})
    expect(popup.locator("[data-message=owner] .badge")).to_have_text("Creator")
    expect(popup.locator("[data-message=moderator] .badge")).to_have_text("Moderator")
    expect(popup.locator("[data-message=milestone] .badge")).to_have_text("Member")
    expect(popup.locator("[data-message=paid] .quote-text")).to_have_text(
        "I love this so much, thank you ❤:slow-dance:"
    )
    expect(popup.locator("[data-chat-remarks]")).to_contain_text(
        "YouTube says: Slow mode is on · Send a message every 10 seconds"
    )


def test_what_is_taken_back_counts_no_more_and_what_scrolls_away_does(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, LIVE)
    popup = opened(extension, watched)
    show(watched, said([*GLAD, *CROSS]))
    expect_read(popup, "8 of 8 messages read.")

    show(watched, [chats.removed("m5"), chats.deleted("m6")])
    expect_read(popup, "6 of 6 messages read.")
    expect_read(popup, "2 were taken back and don’t count.")
    expect_counts(popup, {"positive": 4, "neutral": 0, "negative": 2})
    expect(popup.locator("[data-message=m6]")).to_have_count(0)

    # The list holds 250; the first ones have to go.
    show(watched, said(CALM * 70, "calm"))
    expect_read(popup, "286 of 286 messages read.")
    assert chat_of(watched).evaluate("list().children.length") == 250
    expect_read(popup, "2 were taken back and don’t count.")


def test_what_was_said_before_is_read_too_at_its_time(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, LIVE)
    old = [message(f"old{place}", text, ago=480) for place, text in enumerate(CROSS)]
    show(watched, [*old, *said(GLAD)])

    popup = opened(extension, watched)

    expect_read(popup, "8 of 8 messages read.")
    expect_counts(popup, {"positive": 4, "neutral": 0, "negative": 0})
    popup.get_by_role("button", name="15 min", exact=True).click()
    expect_counts(popup, {"positive": 4, "neutral": 0, "negative": 4})
    expect(popup.locator(".chat-time svg.trend")).to_be_visible()


def test_the_page_reads_on_when_the_popup_closes_and_stops_when_asked(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, LIVE)
    popup = opened(extension, watched)
    show(watched, said(GLAD))
    expect_read(popup, "4 of 4 messages read.")
    popup.close()
    show(watched, said(CROSS, "c"))

    popup = opened(extension, watched)
    expect_read(popup, "8 of 8 messages read.")
    popup.get_by_role("button", name="Stop", exact=True).click()
    expect(popup.locator("[data-chat-state]")).to_contain_text("Stopped at")
    show(watched, said(CALM, "calm"))
    watched.wait_for_timeout(1500)
    expect_read(popup, "8 of 8 messages read.")

    popup.get_by_role("button", name="Start again").click()
    expect_read(popup, "12 of 12 messages read.")


def test_a_backend_that_stops_is_asked_again_and_nothing_is_lost(
    context: BrowserContext, extension: Extension
) -> None:
    port = free_port()
    extension.store(address=f"http://127.0.0.1:{port}")
    watched = open_video(context, LIVE)
    with running_backend(port=str(port), graceful_timeout="1"):
        popup = opened(extension, watched)
        show(watched, said(GLAD))
        expect_read(popup, "4 of 4 messages read.")

    show(watched, said(CROSS, "c"))
    expect(popup.get_by_role("alert")).to_contain_text("The backend isn’t running")
    expect_read(popup, "4 of 8 messages read.")

    with running_backend(port=str(port), graceful_timeout="1"):
        expect_read(popup, "8 of 8 messages read.")
        expect(popup.get_by_role("alert")).to_be_hidden()


def test_a_chat_without_a_backend_says_how_to_start_it(
    context: BrowserContext, extension: Extension, backend: str
) -> None:
    extension.store(address="http://127.0.0.1:9")
    popup = extension.popup(open_video(context, LIVE))

    card = state(popup, "backend-down")
    expect(card.get_by_role("button", name="Try again")).to_be_visible()


def test_another_video_ends_it_and_its_chat_is_not_mixed_up(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, LIVE)
    popup = opened(extension, watched)
    show(watched, said(GLAD))
    expect_read(popup, "4 of 4 messages read.")

    # The old chat stays in the frame for a moment.
    watched.evaluate(f"void navigate('{OTHER_LIVE.id}')")

    expect(popup.locator(".title")).to_have_text(OTHER_LIVE.title)
    expect_read(popup, "4 of 4 messages read.")
    expect_counts(popup, {"positive": 0, "neutral": 0, "negative": 4})

    watched.evaluate(f"void navigate('{SECOND_VIDEO.id}')")
    state(popup, "results")
    expect(popup.get_by_role("group", name="What to show")).to_be_hidden()


@pytest.mark.parametrize("how", ["player", "closed"])
def test_a_stream_that_is_over_leaves_its_last_mood(
    context: BrowserContext, extension: Extension, how: str
) -> None:
    watched = open_video(context, LIVE)
    popup = opened(extension, watched)
    show(watched, said(GLAD))
    expect_read(popup, "4 of 4 messages read.")

    if how == "player":
        # An advertisement that is over isn't the end.
        end = "document.querySelector('#movie_player video').dispatchEvent(new Event('ended'))"
        watched.evaluate(f"document.querySelector('#movie_player').classList.add('ad-showing'); {end}")
        watched.wait_for_timeout(500)
        expect(popup.locator("[data-chat-state]")).to_have_text("Reading the live chat")
        watched.evaluate(
            f"document.querySelector('#movie_player').classList.remove('ad-showing'); {end}"
        )
    else:
        chat_of(watched).evaluate("close('Chat is over')")

    expect(popup.locator("[data-chat-state]")).to_have_text("The live chat has ended")
    expect_counts(popup, {"positive": 4, "neutral": 0, "negative": 0})


def test_a_replay_follows_the_player_and_another_place_starts_anew(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, REPLAY)
    popup = extension.popup(watched)
    state(popup, "results")
    chat_of(watched)
    watched.bring_to_front()
    watched.evaluate("play(1500)")
    popup.get_by_role("button", name="Chat", exact=True).click()

    expect(popup.locator("[data-chat-state]")).to_have_text("Reading along with the chat replay")
    expect_read(popup, "12 of 12 messages read. From 23:10 on.")
    expect(popup.locator("h2").first).to_have_text("Very positive")

    watched.evaluate("play(1505); play(1512)")
    expect_read(popup, "13 of 13 messages read.")

    # Its second half is cross.
    watched.evaluate("play(3000)")
    expect_read(popup, "12 of 12 messages read. From 48:10 on.")
    expect(popup.locator("h2").first).to_have_text("Very negative")
    expect_counts(popup, {"positive": 0, "neutral": 0, "negative": 12})

    popup.get_by_role("button", name="Comments", exact=True).click()
    state(popup, "results")


@pytest.mark.parametrize(
    ("video", "name"),
    [(chats.CHAT_OFF, "chat-off"), (chats.CHAT_CLOSED, "chat-closed")],
    ids=["off", "closed"],
)
def test_where_no_chat_can_be_read_comments_are_and_the_chat_says_why(
    context: BrowserContext, extension: Extension, video: Video, name: str
) -> None:
    popup = extension.popup(open_video(context, video))
    state(popup, "results")

    popup.get_by_role("button", name="Chat", exact=True).click()

    state(popup, name)


def test_a_hundred_messages_a_second_are_sampled_and_the_page_stays_quick(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, LIVE)
    popup = opened(extension, watched)
    watched.evaluate(
        """() => {
             window.longest = 0;
             new PerformanceObserver((list) => {
               for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
             }).observe({ type: "longtask" });
           }"""
    )

    chat_of(watched).evaluate("(texts) => flood(150, 4, texts)", [*GLAD, *CROSS, *CALM])

    expect_read(popup, "of 600 messages read.")
    expect(popup.locator("[data-chat-counts]")).to_contain_text("left out: the chat is too fast.")
    popup.get_by_role("button", name="Stop", exact=True).click()
    expect(popup.locator("[data-chat-state]")).to_contain_text("Stopped")
    words = popup.locator("[data-chat-counts]").inner_text()
    read, left = int(words.split()[0]), int(words.split("read.")[1].split("on.")[1].split()[0])
    assert read + left == 600
    assert read >= 120
    rest = counts(popup)
    assert sum(rest.values()) == read
    assert rest["positive"] > 0.2 * read < 3 * rest["negative"]
    assert watched.evaluate("longest") < 1000


def test_nothing_that_strangers_say_in_a_chat_is_run_or_breaks_the_layout(
    context: BrowserContext, extension: Extension
) -> None:
    raised: list[str] = []
    context.on(
        "page",
        lambda page: page.on(
            "dialog", lambda dialog: (raised.append(dialog.message), dialog.dismiss())
        ),
    )
    watched = open_video(context, LIVE)
    popup = opened(extension, watched)

    hostile = [
        message(f"h{place}", text, author=text) for place, text in enumerate(chats.HOSTILE_MESSAGES)
    ]
    show(watched, hostile)

    expect_read(popup, f"{len(hostile)} of {len(hostile)} messages read.")
    expect(popup.locator("[data-message]").first).to_be_visible()
    assert raised == []
    assert popup.evaluate("window.__pwned") is None
    assert watched.evaluate("window.__pwned") is None
    assert popup.locator("main :is(img, script, iframe, [onload], [onerror])").count() == 0
    assert popup.evaluate("document.documentElement.scrollWidth") <= 400
    expect_fit(popup)


@needs_axe
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_use_it(context: BrowserContext, extension: Extension, scheme: str) -> None:
    watched = open_video(context, LIVE)
    show(watched, [message("old", CROSS[0], ago=240), *said([*GLAD, *CALM])])
    popup = opened(extension, watched, scheme=scheme)
    expect_read(popup, "9 of 9 messages read.")
    expect(popup.locator("[data-message]").first).to_be_visible()

    assert barriers(popup) == []


def test_the_full_view_shows_the_same_chat(context: BrowserContext, extension: Extension) -> None:
    watched = open_video(context, LIVE)
    popup = opened(extension, watched)
    show(watched, said(GLAD))
    expect_read(popup, "4 of 4 messages read.")

    view = context.new_page()
    view.goto(f"{extension.origin}/view/view.html?tab={extension.tab_of(watched)}")

    expect_read(view, "4 of 4 messages read.")
    show(watched, said(CROSS, "c"))
    expect_read(view, "8 of 8 messages read.")
    expect_counts(view, {"positive": 4, "neutral": 0, "negative": 4})


@needs_recorded
@pytest.mark.parametrize("name", ["superchat", "textmessage", "replay"])
def test_what_youtube_really_sent_is_read(
    context: BrowserContext, extension: Extension, name: str
) -> None:
    folder = FOLDER / "livechat"
    file = "pytchat_chatreplay" if name == "replay" else f"pytchat_compatible_{name}"
    answer = json.loads((folder / f"{file}.json").read_text(encoding="utf-8"))
    actions = answer["continuationContents"]["liveChatContinuation"]["actions"]
    chat = {"replay": name == "replay", "actions": actions}
    video = Video(id="recorded111", comments_off=True, chat=lambda: chat)
    context.unroute_all()
    serve_youtube(context, [video])
    watched = open_video(context, video)
    chat_of(watched)
    if name == "replay":
        popup = extension.popup(watched)
        watched.evaluate("play(3750)")
        popup.get_by_role("button", name="Chat", exact=True).click()
    else:
        popup = opened(extension, watched)

    try:
        expect_read(popup, "8 of 8 messages read." if name == "replay" else "1 of 1 message read.")
    finally:
        context.unroute_all()
        serve_youtube(context)
