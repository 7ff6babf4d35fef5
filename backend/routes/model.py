"""`GET /v1/model`: what is known of the champion."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response

from backend import labelling, metrics
from backend.answer import answer
from backend.openapi import describes
from backend.status import ServedCard, Serving

blueprint = Blueprint("model", __name__)


@blueprint.get("/v1/model")
@describes("The champion's card", gives=ServedCard)
def model() -> Response:
    """Return the card of the champion that is being served, and what each server process serves."""
    serving = tuple(
        Serving(
            process=each.process,
            version=each.version,
            identity=each.identity,
            since=datetime.fromtimestamp(each.since, UTC),
        )
        for each in metrics.served()
    )
    card = labelling.current().card.model_dump()
    return answer(ServedCard.model_validate(card | {"serving": serving}), whole=True)
