"""Bundle: the candidate that did best on validation data becomes the champion that is served.

Knows where candidates and the champion lie. Knows nothing of how good is good enough; a candidate that
failed the parity gate has no bundle and can't be chosen.
"""

from __future__ import annotations

import json
from pathlib import Path

from backend.bundle import Bundle, read_bundle, write_bundle
from training.evaluate import VALIDATION
from training.export import BUNDLES

CHAMPION = Path("backend/champion")


def crown(candidate: Bundle, champion: Path = CHAMPION) -> Bundle:
    """Replace the bundle at `champion` with `candidate`, whole or not at all."""
    contents = {name: (candidate.directory / name).read_bytes() for name in candidate.card.files}
    return write_bundle(champion, candidate.card, contents)


def main() -> None:
    """Crown the candidate with the highest macro-F1 on validation data."""
    validation = json.loads(VALIDATION.read_text(encoding="utf-8"))
    best = max(validation, key=validation.__getitem__)
    crown(read_bundle(BUNDLES / best))


if __name__ == "__main__":
    main()
