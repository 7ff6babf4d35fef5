"""`POST /v1/analyze`: what the comments of a video say together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from flask import Blueprint, Response

from backend import history, labelling
from backend.analysis import analyse
from backend.answer import LINES, answer, answer_lines, lines_are_wanted
from backend.body import read_body
from backend.inference import admission
from backend.labelling import Labelling
from backend.openapi import BAD_BODY, describes
from backend.request_log import count_comments
from backend.schemas import Analysed, AnalysisLine, AnalyzeAnswer, AnalyzeRequest, ModelName

blueprint = Blueprint("analyze", __name__)

_FIRST = 100
_GROWTH = 4

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
    also={LINES: AnalysisLine},
    refuses=BAD_BODY,
    example=EXAMPLE,
)
def analyze() -> Response:
    """Return counts, mean score, trend, words, top comments, authors, languages and predictions.

    Who accepts `application/x-ndjson` gets the analysis of the first comments as soon as they are
    labelled, and at last that of all: an object on each line.
    """
    asked = read_body(AnalyzeRequest)
    number = len(asked.comments)
    count_comments(number)
    labeller = labelling.current()
    texts = [comment.text for comment in asked.comments]
    if not lines_are_wanted():
        return answer(_analysis(asked, labeller.label(texts), labeller.model))
    with ExitStack() as begun:
        labellings = begun.enter_context(labeller.begin(texts, list(_ends(number))))
        begun.callback(admission.keep())
        lines = _lines(asked, labellings, labeller.model)
        return answer_lines(lines, begun.pop_all().close)


def _lines(
    asked: AnalyzeRequest, labellings: Iterator[Labelling], model: ModelName
) -> Iterator[Analysed]:
    of = len(asked.comments)
    for found in labellings:
        analysed = len(found.texts)
        if analysed == of:
            yield Analysed(kind="final", analysed=of, of=of, analysis=_analysis(asked, found, model))
            return
        part = asked.model_copy(update={"comments": asked.comments[:analysed]})
        partial = analyse(part, found, model)
        yield Analysed(kind="partial", analysed=analysed, of=of, analysis=partial)


def _analysis(asked: AnalyzeRequest, found: Labelling, model: ModelName) -> AnalyzeAnswer:
    """Return the analysis of all comments, and keep it in the history."""
    answered = analyse(asked, found, model)
    history.keep_analysis(asked, answered)
    return answered


def _ends(number: int) -> Iterator[int]:
    """Yield how many comments each line is about: few at first, so that it comes soon; then more."""
    end = _FIRST
    while end < number:
        yield end
        end *= _GROWTH
    yield number
