"""What this browser remembers of earlier readings, and the full view that compares with it."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.chromium import Extension, open_video
from tests.browser.conftest import Ask
from tests.browser.popup import shown
from tests.browser.videos import SECOND_VIDEO, SHORT

FEELINGS = ("negative", "neutral", "positive")
OF_A_VIDEO, OF_ALL = 20, 300
ALL = """async () => {
  const request = indexedDB.open("undertone");
  await new Promise((resolve) => { request.onsuccess = resolve });
  const database = request.result;
  const all = database.transaction("visits").objectStore("visits").getAll();
  await new Promise((resolve) => { all.onsuccess = resolve });
  database.close();
  return all.result;
}"""
KEEP = """async ([from, count, videoIdOf]) => {
  const { keepVisit } = await import("/session/visits.js");
  for (let at = from; at < from + count; at += 1) {
    const videoId = videoIdOf ?? `other${at}`;
    const words = { positive: [], negative: [] };
    const counts = { negative: 0, neutral: 1, positive: 0, other: 0, total: 1 };
    await keepVisit({ key: `${videoId} ${at}`, videoId, title: videoId, channel: "", at,
      read: 1, announced: 1, model: "m 1", counts, score: null, words });
  }
}"""


pytestmark = pytest.mark.usefixtures("nothing_remembered")


def kept(page: Page) -> list[dict[str, object]]:
    """Return every visit that is remembered."""
    found: list[dict[str, object]] = page.evaluate(ALL)
    return found


def until_kept(page: Page, count: int) -> None:
    """Wait until so many visits are remembered; a view keeps its own once its numbers stand."""
    for _ in range(600):
        if len(kept(page)) == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{len(kept(page))} visits are kept, not {count}")


def side(view: Page, place: int) -> Locator:
    return view.locator(f"[data-side='{place}']")


def shares_of(compared: Locator) -> list[str]:
    """Return the shares that one side shows, from negative to positive."""
    told = str(compared.locator(".shares").get_attribute("aria-label"))
    shares = dict(part.rsplit(" ", 1) for part in told.split(", "))
    return [shares[feeling.capitalize()] for feeling in FEELINGS]


def shares(counts: dict[str, int]) -> list[str]:
    total = sum(counts[feeling] for feeling in FEELINGS)
    return [f"{round(100 * counts[feeling] / total)}%" for feeling in FEELINGS]


def test_a_second_visit_is_compared_with_the_earlier_one(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    watched = open_video(context, SHORT)
    popup = extension.popup(watched)
    shown(popup)
    until_kept(popup, 1)
    extension.store(limit=20)
    view = extension.full_view(watched)
    shown(view)
    expect(view.locator(".compare")).to_be_hidden()

    view.get_by_role("button", name="Read again").click()
    expect(view.locator("[data-coverage]")).to_have_text("20 of 30 comments read")
    found = shown(view)
    earlier = view.get_by_label("Compare with").locator("optgroup[label^='Earlier visits'] option")
    expect(earlier).to_have_count(1)
    view.get_by_label("Compare with").select_option(index=1)

    assert sum(found.counts.values()) == 20
    expect(view.locator("[data-compared]")).to_have_text("The difference may be chance.")
    assert shares_of(side(view, 1)) == shares(ask(SHORT)["counts"])
    assert shares_of(side(view, 2)) == shares(ask(SHORT, 20)["counts"]) == shares(found.counts)
    expect(side(view, 1)).to_contain_text("30 comments · ")
    expect(side(view, 2)).to_contain_text("20 comments")


def test_a_reading_is_remembered_once_however_often_it_is_looked_at_and_as_it_was_corrected(
    context: BrowserContext, extension: Extension
) -> None:
    watched = open_video(context, SHORT)
    popup = extension.popup(watched)
    before = shown(popup).counts
    until_kept(popup, 1)
    view = extension.full_view(watched)
    shown(view)
    select = view.locator("[data-comment]").first.get_by_label("What this comment feels")
    was = select.input_value()
    now = "negative" if was == "positive" else "positive"

    select.select_option(now)

    changed = before | {was: before[was] - 1, now: before[now] + 1}
    for _ in range(600):
        [visit] = kept(view)
        if visit["counts"] == changed | {"other": 0, "total": 30}:
            break
        view.wait_for_timeout(100)
    assert visit["counts"] == changed | {"other": 0, "total": 30}
    assert visit["videoId"] == SHORT.id


def test_another_video_is_compared_and_follows_what_is_corrected(
    context: BrowserContext, extension: Extension, ask: Ask
) -> None:
    popup = extension.popup(open_video(context, SHORT))
    shown(popup)
    until_kept(popup, 1)
    view = extension.full_view(open_video(context, SECOND_VIDEO))
    found = shown(view)

    others = view.get_by_label("Compare with").locator("optgroup[label='Other videos'] option")
    expect(others).to_have_count(1)
    expect(others).to_contain_text(SHORT.title)
    view.get_by_label("Compare with").select_option(index=1)

    expect(view.locator("[data-compared]")).to_contain_text("The second is more negative, by −")
    assert shares_of(side(view, 1)) == shares(ask(SHORT)["counts"])
    assert shares_of(side(view, 2)) == shares(ask(SECOND_VIDEO)["counts"])
    expect(side(view, 2)).to_contain_text(SECOND_VIDEO.title)

    view.locator("[name=feeling][value=negative]").set_checked(False)
    select = view.locator("[data-comment]").first.get_by_label("What this comment feels")
    was = select.input_value()
    before = str(side(view, 2).locator(".shares").get_attribute("aria-label"))
    select.select_option("negative")

    expect(side(view, 2).locator(".shares")).not_to_have_attribute("aria-label", before)
    corrected = found.counts | {
        was: found.counts[was] - 1,
        "negative": found.counts["negative"] + 1,
    }
    assert shares_of(side(view, 2)) == shares(corrected)


def test_what_is_remembered_is_bounded_and_holds_no_comment(
    context: BrowserContext, extension: Extension
) -> None:
    popup = extension.popup(open_video(context, SHORT))
    shown(popup)
    until_kept(popup, 1)
    remembered = str(kept(popup))
    assert SHORT.title in remembered
    assert not any(part in remembered for each in SHORT.comments for part in (each.text, each.author))

    popup.evaluate(KEEP, [1, OF_A_VIDEO + 5, "often"])
    assert sorted(str(visit["at"]) for visit in kept(popup) if visit["videoId"] == "often") == sorted(
        map(str, range(6, OF_A_VIDEO + 6))
    )

    popup.evaluate(KEEP, [100, OF_ALL, None])
    visits = kept(popup)
    assert len(visits) == OF_ALL
    # The real one is the latest of all; the oldest had to go.
    assert any(visit["videoId"] == SHORT.id for visit in visits)
    assert not any(visit["videoId"] in ("often", "other100") for visit in visits)
