"""`POST /v1/analyze`: what the comments of a video say together."""

from __future__ import annotations

from flask import Blueprint, Response

from backend import history, labelling
from backend.analysis import analyse
from backend.answer import answer
from backend.body import read_body
from backend.openapi import BAD_BODY, describes
from backend.request_log import count_comments
from backend.schemas import AnalyzeAnswer, AnalyzeRequest

blueprint = Blueprint("analyze", __name__)

EXAMPLE = {
    "video": {"id": "dQw4w9WgXcQ", "title": "A video", "channel": "A channel"},
    "comments": [
        {
            "id": "c1",
            "text": "This made my day 😂",
            "author": "@ada",
            "likes": 120,
            "published_at": "2026-03-02T18:00:00Z",
            "published_at_width": 86400,
        },
        {"id": "c2", "text": "Worst take I have heard all year.", "reply_to": "c1"},
    ],
    "options": {"bucket": "auto", "timezone": "Europe/Berlin", "top": 5, "words": 50},
}


@blueprint.post("/v1/analyze")
@describes(
    "Analyse the comments of a video",
    takes=AnalyzeRequest,
    gives=AnalyzeAnswer,
    refuses=BAD_BODY,
    example=EXAMPLE,
)
def analyze() -> Response:
    """Return counts, mean score, trend, words, top comments, authors, languages and predictions."""
    asked = read_body(AnalyzeRequest)
    count_comments(len(asked.comments))
    labeller = labelling.current()
    found = labeller.label([comment.text for comment in asked.comments])
    answered = analyse(asked, found, labeller.model)
    history.keep_analysis(asked, answered)
    return answer(answered)
