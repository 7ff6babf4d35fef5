"""Difference: what a run of the pipeline changed, as Markdown: `python -m training.difference`.

Knows the champion of a commit, the best candidate of the run and what `register` decided. Knows nothing
of where the page is posted. What DVC compares beside that is `dvc metrics diff --md`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from backend.bundle import CARD, Card, CardError, Estimate, parse_card
from training.candidates import CANDIDATE_FIGURES, JUDGED, Judged
from training.errors import StageError
from training.paths import CHAMPION
from training.registration import REGISTRATION, Registration
from training.stage import aside, run
from training.tracking import git

_FIGURES = {
    "macro_f1": "macro-F1",
    "macro_recall": "macro-recall",
    "calibration_error": "calibration error",
}


class DifferenceError(StageError):
    """There is nothing to compare, or with nothing."""


def page(
    registration: Registration,
    candidates: Mapping[str, Judged],
    before: Card | None,
    after: Card,
) -> str:
    """Return the page: what became of the best candidate `after`, and its figures beside `before`'s."""
    decided = _title(registration, after)
    if registration.reasons:
        decided += ["It was not promoted:", "", *(f"- {reason}" for reason in registration.reasons), ""]
    return "\n".join(
        [
            *decided,
            "On validation data, which decides:",
            "",
            *_table(("candidate", "macro-F1", "against the champion", "100 comments", "size"),
                    _validation(registration, candidates)),
            "",
            f"On test sets, which decide nothing; before: {_named(before)}, after: {_named(after)}.",
            "",
            *_table(("test set", "figure", "before", "after", "difference"), _tests(before, after)),
            "",
        ]
    )  # fmt: skip


def _title(registration: Registration, after: Card) -> list[str]:
    if registration.promoted:
        title = f"{_named(after)} is the champion now"
    else:
        title = f"The champion stays; {_named(after)} is the challenger"
    return [f"## {title}", "", f"{registration.model} version {registration.version}.", ""]


def _named(card: Card | None) -> str:
    return f"{card.name} {card.version}" if card else "none"


def _validation(
    registration: Registration, candidates: Mapping[str, Judged]
) -> Iterator[tuple[str, ...]]:
    for name, found in sorted(candidates.items(), key=lambda item: -item[1].macro_f1):
        versus = found.versus_champion
        yield (
            f"**{name}**" if name == registration.candidate else name,
            f"{found.macro_f1:.3f}",
            f"{versus.value:+.3f} [{versus.low:+.3f}, {versus.high:+.3f}]"
            if versus
            else "there is none",
            f"{found.milliseconds:.0f} ms",
            f"{found.megabytes:.1f} MB",
        )


def _tests(before: Card | None, after: Card) -> Iterator[tuple[str, ...]]:
    for source, table in after.metrics.items():
        old = before.metrics.get(source, {}).get("all", {}) if before else {}
        for key, title in _FIGURES.items():
            if (new := table["all"].get(key)) is not None:
                yield source, title, *_beside(old.get(key), new)


def _beside(old: Estimate | None, new: Estimate) -> tuple[str, str, str]:
    if old is None:
        return "", _interval(new), ""
    return _interval(old), _interval(new), f"{new.value - old.value:+.3f}"


def _interval(found: Estimate) -> str:
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def _table(head: Sequence[str], rows: Iterator[tuple[str, ...]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines]


def champion_of(revision: str) -> Card | None:
    """Return the card of the champion at the git `revision`, None where it has none that can be read.

    Raises:
        DifferenceError: there is no such revision.
    """
    if git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") is None:
        raise DifferenceError(f"{revision} is no commit of this repository")
    name = f"{revision}:./{CHAMPION.as_posix()}/{CARD}"
    content = git("show", name)
    try:
        return parse_card(content.encode("utf-8"), name) if content else None
    except CardError:
        return None


def main() -> None:
    """Write the page to a file, or to the terminal."""
    parser = argparse.ArgumentParser(prog="python -m training.difference", description=__doc__)
    parser.add_argument("--since", default="HEAD", help="the commit to compare with (HEAD)")
    parser.add_argument("--into", type=Path, help="the file to write; the terminal where none is named")
    words = parser.parse_args()
    registration = Registration.model_validate_json(REGISTRATION.read_text(encoding="utf-8"))
    judged = json.loads(CANDIDATE_FIGURES.read_text(encoding="utf-8"))
    card = JUDGED / registration.candidate / CARD
    text = page(
        registration,
        {name: Judged.model_validate(found) for name, found in judged.items()},
        champion_of(words.since),
        parse_card(card.read_bytes(), str(card)),
    )
    if words.into is None:
        sys.stdout.write(text)
        return
    with aside(words.into) as path:
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    run(main)
