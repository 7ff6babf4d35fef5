"""`GET /v1/model`: what is known of the champion."""

from __future__ import annotations

from flask import Blueprint, Response

from backend import labelling
from backend.answer import answer
from backend.bundle import Card
from backend.openapi import describes

blueprint = Blueprint("model", __name__)


@blueprint.get("/v1/model")
@describes("The champion's card", gives=Card)
def model() -> Response:
    """Return the card of the champion that is being served."""
    return answer(labelling.current().card, whole=True)
