"""`GET /health/live` and `GET /health/ready`: whether to restart this server, and whether to use it."""

from __future__ import annotations

import logging
import time

import numpy as np
from flask import Blueprint, Response, current_app

from backend import draining, history, labelling, lacks
from backend.answer import answer
from backend.errors import NotReady
from backend.inference.deadline import Deadline
from backend.openapi import describes
from backend.status import Live, Ready

blueprint = Blueprint("health", __name__)

# Who asks gives up after some seconds too, and many requests may be on their way through the model.
_PATIENCE_SECONDS = 5.0

_log = logging.getLogger(__name__)


@blueprint.get("/health/live")
@describes("Whether the process answers", gives=Live, needs=None)
def live() -> Response:
    """Say that the process answers."""
    return answer(Live(status="live"))


@blueprint.get("/health/ready")
@describes("Whether a prediction succeeds", gives=Ready, refuses=(503,), needs=None)
def ready() -> Response:
    """Make a prediction and say that it succeeded."""
    if draining.has_begun():
        raise NotReady("The server is shutting down.")
    labeller = labelling.current()
    try:
        found = labeller.probe(Deadline(time.monotonic() + _PATIENCE_SECONDS))
    # Whatever the runtime raises, the answer is the same: not ready.
    except Exception as error:
        _log.exception("the readiness prediction failed")
        raise NotReady("The prediction that readiness is tested with failed.") from error
    if not np.allclose(found.sum(axis=1), 1, atol=1e-3):
        raise NotReady("The champion's probabilities do not sum to 1.")
    history.of(current_app)
    without = lacks.of(current_app)
    return answer(
        Ready(status="ready", model=labeller.model, **({"lacks": without} if without else {}))
    )
