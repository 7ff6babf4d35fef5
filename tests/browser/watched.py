"""What stands in YouTube's page: its comments, and what the extension adds to them.

Knows the elements of both. Knows nothing of what is tested.
"""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

MARKS = "undertone-mark"
BAR = "undertone-bar"
THREADS = "ytd-comment-thread-renderer"
# The id of a comment's head is in the address of its date.
_ID = """new URL(thread.querySelector("#published-time-text a").href).searchParams.get("lc")"""


def load(watched: Page, comments: int) -> None:
    """Scroll until so many comments are in the page."""
    threads = watched.locator(THREADS)
    for _ in range(400):
        if threads.count() >= comments:
            return
        watched.evaluate(
            """() => {
                 scrollTo(0, document.documentElement.scrollHeight);
                 document.querySelector("ytd-continuation-item-renderer")?.scrollIntoView();
               }"""
        )
        watched.wait_for_timeout(50)
    raise AssertionError(f"{threads.count()} comments were loaded")


def marked(watched: Page) -> dict[str, str]:
    """Return the feeling of each comment that has a sign, by its id."""
    found: dict[str, str] = watched.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("undertone-mark")].map((mark) => [
             new URL(mark.parentElement.querySelector("a").href).searchParams.get("lc"),
             mark.dataset.feeling,
           ]))"""
    )
    return found


def visible(watched: Page) -> list[str]:
    """Return the ids of the threads that a person can see, in their order."""
    found: list[str] = watched.evaluate(
        f"""() => [...document.querySelectorAll("{THREADS}")]
             .filter((thread) => thread.checkVisibility()).map((thread) => {_ID})"""
    )
    return found


def feeling(watched: Page, name: str) -> Locator:
    """Return the button of the bar for one feeling, or for `all`."""
    return watched.locator(f"{BAR} button[data-feeling={name}]")


def expect_count(watched: Page, name: str, count: int) -> None:
    """Wait until a button of the bar says that it shows `count` threads."""
    expect(feeling(watched, name).locator(".count")).to_have_text(f"{count:,}")


def search(watched: Page) -> Locator:
    """Return the field of the bar."""
    return watched.locator(BAR).get_by_role("searchbox")


def state(watched: Page) -> Locator:
    """Return what the bar says of what is shown."""
    return watched.locator(f"{BAR} .state p")
