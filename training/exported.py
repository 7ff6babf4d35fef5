"""Exported: where `undertone export` wrote to, and the files of a set there.

Knows one setting of the environment: TRAINING_LOG, the folder or `s3://bucket/folder` that was exported
to. Keys and the address of an S3 server are found as AWS's own tools find them. Knows nothing of what
is in the files.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from fsspec.core import url_to_fs

from training.errors import StageError


class LogError(StageError):
    """The log is not named, or can't be read."""


@dataclass(frozen=True)
class Exported:
    """One set of a log: its file system, its folder there, and the paths of its files in order."""

    system: Any
    folder: str
    paths: list[str]


def named_log() -> str:
    """Return where the environment says that the log is.

    Raises:
        LogError: it says nothing.
    """
    named = os.environ.get("TRAINING_LOG")
    if not named:
        raise LogError("TRAINING_LOG names no place that `undertone export` writes to")
    return named


@contextmanager
def exported(log: str, name: str) -> Iterator[Exported]:
    """Yield the set `name` of `log`; a log that holds none of it has no files.

    Raises:
        LogError: `log` can't be read, now or while it is in use.
    """
    try:
        system, folder = url_to_fs(f"{log.rstrip('/')}/{name}")
        found = sorted(str(path) for path in system.find(folder) if str(path).endswith(".parquet"))
        # A bucket's names need not be paths; such a one would lead out of the folder it is brought to.
        if strange := [path for path in found if ".." in path.removeprefix(folder).split("/")]:
            raise LogError(f"{log} can't be read: {strange[0]} is no file of an export")
        yield Exported(system, folder, found)
    except (OSError, ValueError, BotoCoreError, ClientError) as error:
        raise LogError(f"{log} can't be read: {error}") from error
