"""Steps of calendar time in a time zone: where an hour, day, week, month or year begins and ends.

Knows time zones, with days of 23 and 25 hours and days without a midnight. Knows nothing of
comments. Moments are kept in UTC, since Python compares two local times of one zone by the clock on
the wall, which daylight saving time makes wrong.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from backend.fields import Bucket

# From the finest to the coarsest, with the longest that each can be.
LENGTHS: dict[Bucket, timedelta] = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=31),
    "year": timedelta(days=366),
}


def begin(moment: datetime, bucket: Bucket, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, when the `bucket` around `moment` began in `zone`."""
    local = moment.astimezone(zone)
    if bucket == "hour":
        return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if bucket == "week":
        day -= timedelta(days=day.weekday())
    elif bucket == "month":
        day = day.replace(day=1)
    elif bucket == "year":
        day = day.replace(month=1, day=1)
    return day.astimezone(UTC)


def following(start: datetime, bucket: Bucket, zone: ZoneInfo) -> datetime:
    """Return when the bucket after the one that begins at `start` begins.

    One length and then half hours further, until the calendar agrees that a new bucket has begun:
    a clock that is put back makes some longer than their name says.
    """
    later = start + LENGTHS[bucket]
    while (next_start := begin(later, bucket, zone)) <= start:
        later += timedelta(minutes=30)
    return next_start
