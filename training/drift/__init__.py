"""Drift: whether what people ask about still looks like what the champion was made with.

`quantities` says what is looked at, `comparison` when two looks differ, `states` what the model itself
sees in a comment, `log` where the comments of a window come from, `corrections` what people said of the
labels, `report` how all that is told. `python -m training.drift` does it.
"""

from __future__ import annotations

from training.errors import StageError


class DriftError(StageError):
    """Whether anything drifted can't be told, or not be handed on."""
