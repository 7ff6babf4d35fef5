"""What a server does without because its state directory can't be written to: the disk is full, say.

Knows the parts that can be missing, and who is told: the log why, readiness and the metrics which.
Knows nothing of the parts themselves. Nothing is refused because of it but what needs the part.
"""

from __future__ import annotations

import logging

from flask import Flask

from backend import metrics
from backend.status import Part

_EXTENSION = "undertone_lacks"

_log = logging.getLogger(__name__)


def note(app: Flask, part: Part, reason: object) -> None:
    """Note that this process does without `part` from now on."""
    _lacks(app).add(part)
    metrics.LACKS.labels(part).set(1)
    _log.error("this server does without %s: %s", part, reason)


def end(app: Flask, part: Part) -> None:
    """Note that this process has `part` after all."""
    _lacks(app).discard(part)
    metrics.LACKS.labels(part).set(0)
    _log.info("this server has %s again", part)


def of(app: Flask) -> list[Part]:
    """Return what this process does without."""
    return sorted(_lacks(app))


def _lacks(app: Flask) -> set[Part]:
    found: set[Part] = app.extensions.setdefault(_EXTENSION, set())
    return found
