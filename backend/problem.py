"""What goes over the wire when something went wrong: a problem document (RFC 9457), or a line with one.

Knows fields and types. Which failure is which problem is the business of `backend.errors`.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from backend.fields import Wire


class FieldError(Wire):
    """One thing that is wrong with the request."""

    field: str
    message: str
    limit: int | float | str | None = None


class ProblemDocument(Wire):
    """A failure, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str | None = None
    errors: list[FieldError] | None = None
    scope: str | None = Field(default=None, description="What the token lacks.")
    request_id: str


class Failed(Wire):
    """The last line of a progressive answer, where something went wrong after the first."""

    kind: Literal["problem"]
    problem: ProblemDocument
