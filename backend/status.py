"""What the server says of itself over the wire: whether it is ready, what it lacks, what it serves.

Knows fields and types, like `backend.schemas`. Knows nothing of how any of it is found out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from backend.bundle import Card
from backend.fields import Wire, without_default
from backend.schemas import ModelName


class Serving(Wire):
    """Which bundle one server process serves."""

    process: int
    version: str
    identity: str = Field(description="Tells bundles apart whose versions are named alike.")
    since: datetime


class ServedCard(Card):
    """The card of the champion, and what each server process serves: for a moment, two may differ."""

    serving: tuple[Serving, ...]


class Live(Wire):
    """The process answers."""

    status: Literal["live"]


Part = Literal["history", "model-changes"]


class Ready(Wire):
    """A prediction just succeeded."""

    status: Literal["ready"]
    model: ModelName
    lacks: list[Part] = Field(
        default=[],
        description="What this server does without, because its state directory can't be written to.",
        json_schema_extra=without_default,
    )
