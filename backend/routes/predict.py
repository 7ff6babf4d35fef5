"""`POST /v1/predict`: a label for each comment."""

from __future__ import annotations

from flask import Blueprint, Response

from backend import history, labelling
from backend.answer import answer
from backend.body import read_body
from backend.openapi import BAD_BODY, describes
from backend.request_log import count_comments
from backend.schemas import PredictAnswer, PredictRequest

blueprint = Blueprint("predict", __name__)

EXAMPLE = {
    "comments": ["This made my day 😂", {"id": "c2", "text": "Worst take I have heard all year."}]
}


@blueprint.post("/v1/predict")
@describes(
    "Label comments",
    takes=PredictRequest,
    gives=PredictAnswer,
    refuses=BAD_BODY,
    example=EXAMPLE,
)
def predict() -> Response:
    """Return one prediction for each comment, in the order given."""
    comments = read_body(PredictRequest).comments
    count_comments(len(comments))
    texts = [comment if isinstance(comment, str) else comment.text for comment in comments]
    ids = [None if isinstance(comment, str) else comment.id or None for comment in comments]
    labeller = labelling.current()
    found = labeller.label(texts)
    answered = PredictAnswer(model=labeller.model, predictions=found.predictions(ids))
    history.keep_predictions(comments, answered)
    return answer(answered)
