"""Corrections: what `undertone export` wrote, brought to where `ingest` reads.

Knows one setting of the environment: TRAINING_LOG, the folder or `s3://bucket/folder` that was exported
to. Keys and the address of an S3 server are found as AWS's own tools find them. Knows nothing of what a
correction is worth.
"""

from __future__ import annotations

import os
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from fsspec.core import url_to_fs
from tqdm import tqdm

from training.errors import StageError
from training.params import read_params
from training.stage import aside, run

_EXPORTED = "exported"


class LogError(StageError):
    """The log is not named, or can't be read."""


def bring(log: str, into: Path) -> int:
    """Replace the folder `exported` of `into` by the corrections in `log`; return how many files.

    Raises:
        LogError: `log` can't be read; what was there before stays.
    """
    try:
        files, root = url_to_fs(f"{log.rstrip('/')}/feedback")
        found = [str(path) for path in files.find(root) if str(path).endswith(".parquet")]
        with aside(into / _EXPORTED) as folder:
            folder.mkdir()
            for path in found:
                target = folder / Path(path).relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                files.get_file(path, str(target))
    except (OSError, ValueError, BotoCoreError, ClientError) as error:
        raise LogError(f"{log} can't be read: {error}") from error
    return len(found)


def main() -> None:
    """Bring the corrections, and say how many files they are."""
    log = os.environ.get("TRAINING_LOG")
    if not log:
        raise LogError("TRAINING_LOG names no place that `undertone export` writes to")
    into = Path(read_params().ingest.feedback)
    tqdm.write(f"{bring(log, into)} files of corrections are in {into / _EXPORTED}")


if __name__ == "__main__":
    run(main)
