"""What axe finds on a page that keeps people out.

Knows where axe-core is and which of its findings count. Knows nothing of what is tested.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

_SCRIPT = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """async (within) => {
  const { violations } = await axe.run(within, { resultTypes: ["violations"] });
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) =>
      `${id}: ${html}\\n${failureSummary}`));
}"""
# One that goes round for ever, such as a progress bar's, never finishes.
_STILL = """() => Promise.all(document.getAnimations()
  .filter((each) => each.effect.getComputedTiming().endTime < Infinity)
  .map((each) => each.finished))"""

needs_axe = pytest.mark.skipif(
    not _SCRIPT.exists(), reason="axe-core is missing: npm ci, which `make lint` does where npm is"
)


def barriers(page: Page, within: str = "html") -> list[str]:
    """Return what is serious or critical, where and why, once no colour is on its way to another."""
    page.evaluate(_STILL)
    page.evaluate(_SCRIPT.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN, within)
    return found
