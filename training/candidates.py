"""Candidates: the models of a run, where each stage finds them, and what they are judged by.

Knows their names and figures. Knows nothing of how they are trained, exported or evaluated, so that who
only compares them needs none of the libraries of those who do.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from backend.bundle import Bundle, BundleError, Estimate, read_bundle
from training.paths import CHAMPION, MODELS, REPORTS

CLASSICAL = ("logistic", "lightgbm", "xgboost")
CANDIDATES = (*CLASSICAL, "transformer")
# As exported, and with the figures that `evaluate` found in their cards.
BUNDLES = MODELS / "bundles"
JUDGED = MODELS / "judged"
PARITY = REPORTS / "parity.json"
CANDIDATE_FIGURES = REPORTS / "candidates.json"


class Judged(BaseModel):
    """What `register` goes by: a candidate on validation data, beside the champion of today."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    macro_f1: float
    is_champion: bool  # the very graph that is served today
    versus_champion: Estimate | None
    slice_drops: dict[str, float]
    milliseconds: float
    megabytes: float


def read_champion() -> Bundle | None:
    """Return the champion that is served today, None where there is none that this program can read."""
    try:
        return read_bundle(CHAMPION)
    except BundleError:
        return None
