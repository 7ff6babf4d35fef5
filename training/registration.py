"""Registration: what `register` decided, as `bundle` reads it.

Knows the file between the two stages. Knows nothing of how it was decided.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from training.paths import MODELS

REGISTRATION = MODELS / "registration.json"


class Registration(BaseModel):
    """What became of the best candidate: `version` of the registered model, and why not promoted."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    candidate: str
    model: str
    version: str
    promoted: bool
    reasons: tuple[str, ...]
