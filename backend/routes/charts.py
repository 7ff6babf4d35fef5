"""`POST /v1/charts/{counts,trend,wordcloud}.{png,svg}`: an analysis as a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args
from urllib.parse import quote

from flask import Blueprint, Response

from backend import labelling
from backend.analysis import analyse
from backend.body import read_body
from backend.charts import MEDIA_TYPES, Chart, Form, Picture, draw
from backend.charts.wire import ChartBody, ChartOptions, DrawnAnalysis, drawn
from backend.openapi import BAD_BODY, describes
from backend.query import read_query
from backend.request_log import count_comments
from backend.schemas import AnalyzeRequest

blueprint = Blueprint("charts", __name__)

LEFT_OUT = "X-Undertone-Left-Out"

_SHOWS: dict[Chart, str] = {
    "counts": "how many comments bear each label, and the mean score",
    "trend": "the mean score and the counts over time",
    "wordcloud": "the words that people use, or those that one label's comments use more",
}
_MOST_NAMED = 20

EXAMPLE: dict[str, Any] = {
    "video": {"id": "dQw4w9WgXcQ", "title": "A video"},
    "counts": {"negative": 80, "neutral": 66, "positive": 223, "total": 369},
    "score": {"mean": 0.37, "low": 0.29, "high": 0.44},
    "bucket": "month",
    "trend": [
        {
            "start": f"2026-{month:02}-01T00:00:00Z",
            "negative": 30 - month * 4,
            "neutral": 20,
            "positive": 30 + month * 12,
            "mean": month / 10,
            "low": month / 10 - 0.1,
            "high": month / 10 + 0.1,
        }
        for month in range(1, 6)
    ],
    "words": {
        "all": [
            {"term": "great", "count": 48, "weight": 48, "mean": 0.8},
            {"term": "synthesizer", "count": 31, "weight": 31, "mean": 0.1},
            {"term": "🔥", "count": 24, "weight": 24, "mean": 0.7},
            {"term": "noise", "count": 12, "weight": 12, "mean": -0.5},
        ],
        "negative": [{"term": "noise", "count": 12, "weight": 4.1, "mean": -0.5}],
        "neutral": [],
        "positive": [{"term": "great", "count": 48, "weight": 5.2, "mean": 0.8}],
    },
}


def answer_with(picture: Picture) -> Response:
    """Return the answer that holds `picture`, and says which words it could not draw."""
    response = Response(picture.content, content_type=picture.media_type)
    if picture.left_out:
        named = ",".join(quote(text, safe="") for text in picture.left_out[:_MOST_NAMED])
        response.headers[LEFT_OUT] = named
    return response


def _analysed() -> DrawnAnalysis:
    """Return what the body of the current request holds or asks for."""
    asked = read_body(ChartBody).root
    if not isinstance(asked, AnalyzeRequest):
        return asked
    count_comments(len(asked.comments))
    labeller = labelling.current()
    found = labeller.label([comment.text for comment in asked.comments])
    return drawn(analyse(asked, found, labeller.model))


def _view(chart: Chart, form: Form) -> Callable[[], Response]:
    @describes(
        f"Draw the {chart} of an analysis as {form.upper()}",
        takes=ChartBody,
        gives=MEDIA_TYPES[form],
        asks=ChartOptions,
        refuses=BAD_BODY,
        example=EXAMPLE,
        headers={
            LEFT_OUT: "Percent-encoded words that no font of this server has, separated by commas; "
            "a PNG doesn't show them."
        }
        if form == "png"
        else {},
    )
    def view() -> Response:
        options = read_query(ChartOptions)
        return answer_with(draw(chart, form, _analysed(), options))

    view.__name__ = f"draw_{chart}_{form}"
    view.__doc__ = (
        f"Return a picture that shows {_SHOWS[chart]}. The body is what `/v1/analyze` takes, or what "
        "it answered; the same input gives the same bytes. An empty analysis gives a picture that "
        "says so."
    )
    return view


for _chart in get_args(Chart):
    for _form in get_args(Form):
        blueprint.add_url_rule(
            f"/v1/charts/{_chart}.{_form}", view_func=_view(_chart, _form), methods=["POST"]
        )
