"""What a person reads in the popup, as values.

Knows where the popup shows what. Knows nothing of how it came to be.
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

BUSY = ("collecting", "analysing")
FOREMOST = 5


def state(popup: Page, name: str) -> Locator:
    """Wait until the popup is in the state `name` and return its card.

    A popup that is done with the page comes to the front, where it is drawn without delay.
    """
    card = popup.locator(f"[data-state={name}]")
    expect(card).to_be_visible()
    if name not in BUSY:
        popup.bring_to_front()
    return card


@dataclass(frozen=True)
class Shown:
    """The numbers of a finished analysis as they stand there."""

    coverage: str
    counts: dict[str, int]
    shares: dict[str, str]
    score: str
    interval: str
    words: list[str]
    positive: list[str]
    negative: list[str]


def tab(popup: Page, group: str, name: str) -> Locator:
    """Return the tab `name` of one group of tabs."""
    return popup.get_by_role("tablist", name=group).get_by_role("tab", name=name, exact=True)


def show_only(popup: Page, *feelings: str) -> None:
    """Filter the comments by what they are counted as."""
    for box in popup.locator("[name=feeling]:visible").all():
        box.set_checked(box.get_attribute("value") in feelings)


def standing_out(popup: Page, feeling: str) -> list[str]:
    """Return the ids of the comments of one feeling that stand out most."""
    show_only(popup, feeling)
    quotes = popup.locator("[data-comment]").all()[:FOREMOST]
    ids = [str(quote.get_attribute("data-comment")) for quote in quotes]
    popup.get_by_role("button", name="Show all", exact=True).click()
    return ids


def shown(popup: Page) -> Shown:
    """Wait for the results of all that was read, and return what they show."""
    state(popup, "results")
    expect(popup.locator("[data-coverage]")).to_be_visible()
    expect(popup.locator("[data-refining]")).to_have_count(0)
    counts, shares = {}, {}
    for label in ("negative", "neutral", "positive"):
        row = popup.locator(f"[data-label-count={label}]")
        counts[label] = int(row.locator(".legend-count").inner_text().replace(",", ""))
        shares[label] = row.locator(".legend-share").inner_text()
    return Shown(
        coverage=popup.locator("[data-coverage]").inner_text(),
        counts=counts,
        shares=shares,
        # Where the model knows the language of none, there is no score.
        score=" ".join(popup.locator("[data-score]").all_inner_texts()),
        interval=" ".join(popup.locator("[data-interval]").all_inner_texts()),
        words=popup.locator("#panel-words-all .cloud-word title").all_text_contents(),
        positive=standing_out(popup, "positive"),
        negative=standing_out(popup, "negative"),
    )


def written_score(value: float) -> str:
    """Return a score as the popup writes it."""
    rounded = f"{value:+.2f}".replace("-", "−")
    return "0.00" if rounded in ("+0.00", "−0.00") else rounded
