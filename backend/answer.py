"""From models to the JSON that leaves the server: one for an answer, or several as they come.

Knows both media types, and what is left to say when something goes wrong half way. Knows nothing of
what the models hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from flask import Response, request, stream_with_context
from pydantic import BaseModel

from backend import errors
from backend.problem import Failed, ProblemDocument

JSON = "application/json"
LINES = "application/x-ndjson"


def answer(model: BaseModel, *, whole: bool = False) -> Response:
    """Return `model` as JSON: the fields that were given, or with `whole` those left at default too."""
    return Response(model.model_dump_json(exclude_unset=not whole), content_type=JSON)


def lines_are_wanted() -> bool:
    """Return whether the current request asks for lines rather than for one document."""
    return request.accept_mimetypes.best_match([JSON, LINES], default=JSON) == LINES


def answer_lines(models: Iterator[BaseModel], end: Callable[[], None]) -> Response:
    """Return each of `models` as a line of JSON, sent as it comes; a failure is the last line.

    The first is waited for, so that what fails before it is answered as ever. `end` is called when the
    last was sent, or the client has gone.
    """
    first = next(models)

    def lines() -> Iterator[str]:
        yield _line(first)
        try:
            yield from map(_line, models)
        # The head has left already, so the status can't tell any more.
        except Exception as error:
            yield _line(_failed(error))

    response = Response(stream_with_context(lines()), content_type=LINES)
    # A proxy that gathers the answer would defeat its purpose.
    response.headers["X-Accel-Buffering"] = "no"
    response.call_on_close(end)
    return response


def when_sent(response: Response, function: Callable[[], None]) -> None:
    """Call `function` once `response` has been made: for lines, when the last was sent."""
    if response.mimetype == LINES:
        response.call_on_close(function)
    else:
        function()


def _failed(error: Exception) -> Failed:
    problem = ProblemDocument.model_validate(errors.document(error))
    return Failed(kind="problem", problem=problem)


def _line(model: BaseModel) -> str:
    return model.model_dump_json(exclude_unset=True) + "\n"
