"""The types of what goes over the wire: texts, names, moments, labels, scores.

Knows what makes a value one of them, and how strict a model is. Knows no request and no answer. Two
limits are settings and so come with the validation's context:

    context["max_comments"]   comments a request may hold
    context["now"]            the present moment, after which no comment can have been written
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

Label = Literal["negative", "neutral", "positive"]
# In the order of the columns of a bundle's probabilities.
LABELS: tuple[Label, ...] = get_args(Label)
Bucket = Literal["hour", "day", "week", "month", "year"]

# YouTube's first video is of April 2005. The extension turns "21 years ago" into a date that can
# be a year early, and a viewer's clock may be off by hours.
EARLIEST = datetime(2004, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(days=1)

_MOST_UNKNOWN_FIELDS = 5
WIDEST_DATE = 10 * 366 * 24 * 3600


class Wire(BaseModel):
    """Strict in both directions: no unknown fields, no conversions, no infinities."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class Received(Wire):
    """What a client sends."""

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, data: Any) -> Any:
        """Bound the list of errors that a hostile object with a million unknown fields would make."""
        limit = len(cls.model_fields) + _MOST_UNKNOWN_FIELDS
        if isinstance(data, dict) and len(data) > limit:
            raise PydanticCustomError(
                "too_many_fields", "too many fields, at most {limit} are looked at", {"limit": limit}
            )
        return data


def plain(text: object) -> object:
    if not isinstance(text, str):
        return text
    if "\x00" in text:
        raise PydanticCustomError("nul_character", "must not contain NUL characters")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise PydanticCustomError(
            "lone_surrogate", "must not contain lone surrogates (half of a UTF-16 pair)"
        ) from None
    return text


def _read_moment(value: object, info: ValidationInfo) -> object:
    if isinstance(value, datetime):
        return value
    moment = parse_moment(value)
    latest = (info.context or {}).get("now", moment) + CLOCK_SKEW
    for limit, wrong, side in (
        (EARLIEST, moment < EARLIEST, "before"),
        (latest, moment > latest, "after"),
    ):
        if wrong:
            raise PydanticCustomError(
                "moment_out_of_range",
                "must not be {side} {limit}",
                {"side": side, "limit": limit.isoformat(timespec="seconds")},
            )
    return moment


def parse_moment(value: object) -> datetime:
    """Return the moment that `value` writes in ISO 8601, or say how it should."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise PydanticCustomError(
            "not_a_moment",
            "must be an ISO 8601 date and time with an offset, such as 2026-03-02T18:00:00Z",
        )
    return moment


@cache
def _zones() -> frozenset[str]:
    """Return the names of the IANA database; without "Factory", which stands for not knowing."""
    return frozenset(available_timezones() - {"Factory"})


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise PydanticCustomError(
            "unknown_timezone", "must be a time zone of the IANA database, such as Europe/Berlin"
        )
    return name


def not_too_many(value: object, info: ValidationInfo) -> object:
    """Return `value`, a list of no more comments than the setting allows."""
    limit = (info.context or {}).get("max_comments")
    if limit is not None and isinstance(value, list) and len(value) > limit:
        raise PydanticCustomError(
            "too_long",
            "must hold at most {limit} comments, this has {length}",
            {"limit": limit, "length": len(value)},
        )
    return value


def string_or_object(value: object) -> Hashable:
    return "<object>" if isinstance(value, dict | BaseModel) else "<string>"


# What pydantic adds to the place of an error inside a union, and no client wrote.
UNION_TAGS = frozenset(("<object>", "<string>", "<request>", "<answer>"))

Text = Annotated[str, BeforeValidator(plain)]
Name = Annotated[str, Field(max_length=300), BeforeValidator(plain)]
Identifier = Annotated[str, Field(min_length=1, max_length=200), BeforeValidator(plain)]
Moment = Annotated[datetime, BeforeValidator(_read_moment)]
TimeZone = Annotated[str, AfterValidator(_known_zone)]
Likes = Annotated[int, Field(ge=0, le=10**9)]
Share = Annotated[float, Field(ge=0, le=1)]
Score = Annotated[float, Field(ge=-1, le=1)]


def without_default(schema: dict[str, Any]) -> None:
    """Leave out of the contract what only stands for an absent member."""
    del schema["default"]
