"""Whether what a page says fits where it is said.

Knows how a browser lays text out. Knows nothing of what is said.
"""

from __future__ import annotations

from playwright.sync_api import Page

# Charts are drawn anew for a new width a moment after it.
_PATIENCE_MS = 10_000

# Text that leaves the window, that its own box cuts off, or that runs into the text beside it in a row.
_MISFITS = """() => {
  const wide = document.documentElement.clientWidth;
  const shown = [...document.body.querySelectorAll("*")].filter((element) =>
    element instanceof HTMLElement && element.innerText?.trim() &&
    element.checkVisibility({ visibilityProperty: true }) &&
    !element.closest(".unseen, .scroll, details:not([open]) > :not(summary)"));
  const cut = (element) => {
    const { overflowX, textOverflow } = getComputedStyle(element);
    return overflowX !== "visible" && overflowX !== "auto" && textOverflow !== "ellipsis" &&
      element.scrollWidth > element.clientWidth + 1;
  };
  const spilt = (element) =>
    getComputedStyle(element).display !== "inline" && element.scrollWidth > element.clientWidth + 1 &&
    getComputedStyle(element).overflowX === "visible";
  const outside = (element) => {
    const { left, right } = element.getBoundingClientRect();
    return left < -1 || right > wide + 1;
  };
  return shown
    .filter((element) => element !== document.body)
    .filter((element) => cut(element) || spilt(element) || outside(element))
    .map((element) => `${element.localName}.${element.className}: ${element.innerText.slice(0, 60)}`);
}"""


def misfits(page: Page) -> list[str]:
    """Return the elements whose text doesn't fit them or the window."""
    found: list[str] = page.evaluate(_MISFITS)
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        found.append("the page is wider than the window")
    return found


def expect_fit(page: Page) -> None:
    """Wait until all fits, or raise an error that names what doesn't."""
    for _ in range(_PATIENCE_MS // 100):
        found = misfits(page)
        if not found:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"At {page.viewport_size} this doesn't fit: {found}")
