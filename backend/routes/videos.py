"""`/v1/videos`: what is stored of the videos that were analysed, and how to have it deleted."""

from __future__ import annotations

from typing import NoReturn
from uuid import UUID

from flask import Blueprint, Response
from pydantic import TypeAdapter, ValidationError
from werkzeug.exceptions import MethodNotAllowed

from backend import history
from backend.access import needs
from backend.answer import answer
from backend.errors import InvalidFields, UnknownVideo
from backend.fields import Identifier
from backend.history import reading
from backend.history.wire import AnalysisAnswer, CommentsPage, Deleted, Page, VideoAnswer, VideosAnswer
from backend.openapi import describes
from backend.query import read_query

blueprint = Blueprint("videos", __name__)

_ID: TypeAdapter[str] = TypeAdapter(Identifier)
_UNKNOWN = "Nothing is stored under this id."


@blueprint.get("/v1/videos")
@describes("The videos of the history", asks=Page, gives=VideosAnswer, refuses=(404, 422, 503))
def videos() -> Response:
    """Return the videos that were analysed, with their latest analysis, the latest first."""
    page = read_query(Page)
    with history.current().reading() as connection:
        return answer(reading.videos(connection, page))


@blueprint.get("/v1/videos/<path:video>")
@describes("A video over time", asks=Page, gives=VideoAnswer, refuses=(404, 422, 503))
def video(video: str) -> Response:
    """Return the analyses of the video, newest first."""
    video_id, page = _checked(video), read_query(Page)
    with history.current().reading() as connection:
        found = reading.video(connection, video_id, page)
    if found is None:
        raise UnknownVideo(_UNKNOWN)
    return answer(found)


@blueprint.get("/v1/videos/<path:video>/analyses/<uuid:analysis>")
@describes("A stored analysis", asks=CommentsPage, gives=AnalysisAnswer, refuses=(404, 422, 503))
def analysis(video: str, analysis: UUID) -> Response:
    """Return an analysis of the video: trend, words, and its comments in the order they were given."""
    video_id, page = _checked(video), read_query(CommentsPage)
    with history.current().reading() as connection:
        found = reading.analysis(connection, video_id, analysis, page)
    if found is None:
        raise UnknownVideo(_UNKNOWN)
    return answer(found)


@blueprint.delete("/v1/videos/<path:video>/analyses/<uuid:analysis>")
@needs("admin")
def delete_analysis(video: str, analysis: UUID) -> NoReturn:
    """Refuse what would otherwise be taken for a video whose id has slashes."""
    raise MethodNotAllowed(valid_methods=["GET", "HEAD", "OPTIONS"])


@blueprint.delete("/v1/videos/<path:video>")
@describes("Delete a video", gives=Deleted, refuses=(404, 422, 503), needs="admin")
def delete_video(video: str) -> Response:
    """Delete all that is stored of the video, if anything is, and the feedback about it too."""
    history.current().forget(_checked(video))
    return answer(Deleted(status="deleted"))


def _checked(video: str) -> str:
    try:
        return _ID.validate_python(video, strict=True)
    except ValidationError as error:
        (first,) = error.errors(include_url=False, include_input=False)[:1]
        field = {"field": "video", "message": first["msg"]}
        raise InvalidFields("1 value is not valid.", [field]) from None
