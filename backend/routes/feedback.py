"""`POST /v1/feedback`: what a comment says by the judgement of a person."""

from __future__ import annotations

from flask import Blueprint, Response

from backend import history
from backend.answer import answer
from backend.body import read_body
from backend.history.wire import FeedbackAnswer, FeedbackRequest
from backend.openapi import BAD_BODY, describes
from backend.rate_limits import client

blueprint = Blueprint("feedback", __name__)

EXAMPLE = {
    "comment_id": "c1",
    "text": "This is sick!",
    "label": "positive",
    "predicted": "negative",
    "video_id": "dQw4w9WgXcQ",
}


@blueprint.post("/v1/feedback")
@describes(
    "Correct a label",
    takes=FeedbackRequest,
    needs="write",
    gives=FeedbackAnswer,
    succeeds=202,
    refuses=(*BAD_BODY, 404, 503),
    example=EXAMPLE,
)
def feedback() -> Response:
    """Keep the correction for retraining, with a keyed hash of the token's name or the address."""
    given = read_body(FeedbackRequest)
    history.current().keep_feedback(given, client())
    accepted = answer(FeedbackAnswer(status="accepted"))
    accepted.status_code = 202
    return accepted
