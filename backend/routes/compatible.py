"""The routes of the usual Flask tutorials, so that plugins written against those work unchanged.

`/predict`, `/predict_with_timestamps`, `/generate_chart`, `/generate_wordcloud` and
`/generate_trend_graph` answer in the tutorials' shapes; failures are `{"error": "..."}`.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response
from werkzeug.exceptions import HTTPException

from backend import labelling
from backend.analysis.counts import count
from backend.analysis.words import words
from backend.answer import answer
from backend.body import read_body
from backend.charts import draw
from backend.charts.wire import ChartOptions, DrawnAnalysis
from backend.compatible import (
    SENTIMENTS,
    LabelledComment,
    LabelledComments,
    PlainComments,
    PlainError,
    SentimentCounts,
    SentimentData,
    StampedComments,
    StampedLabelledComment,
    StampedLabelledComments,
    counted,
    over_time,
)
from backend.errors import InvalidFields, Problem, log_unexpected
from backend.labelling import Labelling
from backend.openapi import describes
from backend.query import read_query
from backend.request_log import count_comments
from backend.routes.charts import LEFT_OUT, answer_with

blueprint = Blueprint("compatible", __name__)

_REFUSES = (400, 408, 413, 415)
_WORDS = 50
_LEFT_OUT = {LEFT_OUT: "Percent-encoded words that no font of this server has, separated by commas."}


def _label(texts: Sequence[str]) -> Labelling:
    count_comments(len(texts))
    return labelling.current().label(texts)


@blueprint.post("/predict")
@describes(
    "Label comments, as the tutorials do",
    takes=PlainComments,
    gives=LabelledComments,
    refuses=_REFUSES,
    problem=PlainError,
    example={"comments": ["This made my day 😂", "Worst take I have heard all year."]},
)
def predict_plainly() -> Response:
    """Return each comment with its sentiment: "1", "0" or "-1"."""
    comments = read_body(PlainComments).comments
    found = _label(comments)
    return answer(
        LabelledComments(
            [
                LabelledComment(comment=comment, sentiment=SENTIMENTS[label])
                for comment, label in zip(comments, found.labels, strict=True)
            ]
        )
    )


@blueprint.post("/predict_with_timestamps")
@describes(
    "Label comments that have timestamps, as the tutorials do",
    takes=StampedComments,
    gives=StampedLabelledComments,
    refuses=_REFUSES,
    problem=PlainError,
    example={"comments": [{"text": "This made my day 😂", "timestamp": "2026-03-02T18:00:00Z"}]},
)
def predict_with_timestamps() -> Response:
    """Return each comment with its sentiment and the timestamp that it came with."""
    comments = read_body(StampedComments).comments
    found = _label([comment.text for comment in comments])
    return answer(
        StampedLabelledComments(
            [
                StampedLabelledComment(
                    comment=comment.text, sentiment=SENTIMENTS[label], timestamp=comment.timestamp
                )
                for comment, label in zip(comments, found.labels, strict=True)
            ]
        )
    )


@blueprint.post("/generate_chart")
@describes(
    "Draw sentiment counts, as the tutorials do",
    takes=SentimentCounts,
    gives="image/png",
    asks=ChartOptions,
    refuses=_REFUSES,
    problem=PlainError,
    example={"sentiment_counts": {"1": 223, "0": 66, "-1": 80}},
)
def generate_chart() -> Response:
    """Return a picture of how many comments bear each sentiment."""
    options = read_query(ChartOptions)
    counts = read_body(SentimentCounts).sentiment_counts
    return answer_with(draw("counts", "png", counted(counts), options))


@blueprint.post("/generate_wordcloud")
@describes(
    "Draw the words of comments, as the tutorials do",
    takes=PlainComments,
    gives="image/png",
    asks=ChartOptions,
    refuses=_REFUSES,
    problem=PlainError,
    headers=_LEFT_OUT,
    example={"comments": ["I love this synthesizer", "This synthesizer is too loud 🔥"]},
)
def generate_wordcloud() -> Response:
    """Return a picture of the words that people use, coloured by the mood around them."""
    options = read_query(ChartOptions)
    found = _label(read_body(PlainComments).comments)
    analysed = DrawnAnalysis.model_validate(
        {
            "counts": count(found.labels).model_dump(),
            "bucket": "day",
            "trend": [],
            "words": words(found, _WORDS).model_dump(),
        }
    )
    return answer_with(draw("wordcloud", "png", analysed, options))


@blueprint.post("/generate_trend_graph")
@describes(
    "Draw sentiments over time, as the tutorials do",
    takes=SentimentData,
    gives="image/png",
    asks=ChartOptions,
    refuses=_REFUSES,
    problem=PlainError,
    example={
        "sentiment_data": [
            {"sentiment": 1, "timestamp": "2026-01-10T12:00:00Z"},
            {"sentiment": "-1", "timestamp": "2026-02-10"},
        ]
    },
)
def generate_trend_graph() -> Response:
    """Return a picture of the mean sentiment and the counts over time."""
    options = read_query(ChartOptions)
    data = read_body(SentimentData).sentiment_data
    return answer_with(draw("trend", "png", over_time(data), options))


@blueprint.errorhandler(Problem)
def _plainly(problem: Problem) -> Response:
    """Answer in the tutorials' shape; what is wrong with the fields is a 400 there."""
    said = [problem.title, problem.detail]
    if isinstance(problem, InvalidFields):
        said = [f"{error['field']}: {error['message']}" for error in problem.errors]
    status = 400 if isinstance(problem, InvalidFields) else problem.status
    response = _error("; ".join(filter(None, said)), status)
    response.headers.update(problem.headers())
    return response


@blueprint.errorhandler(HTTPException)
def _http_plainly(error: HTTPException) -> Response:
    return _error(error.description or error.name, error.code or 500)


@blueprint.errorhandler(Exception)
def _unexpected_plainly(error: Exception) -> Response:
    log_unexpected(error)
    return _error(Problem.title, Problem.status)


def _error(sentence: str, status: int) -> Response:
    body = PlainError(error=sentence).model_dump_json()
    return Response(body, status=status, content_type="application/json")
