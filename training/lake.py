"""Lake: the S3 store that the pipeline's data and models are kept in: `python -m training.lake push`.

Knows two settings of the environment: TRAINING_LAKE, where the store is (`s3://bucket/folder`, or a
folder), and AWS_ENDPOINT_URL for a server other than Amazon's. Keys are found where AWS's own tools
find them. Knows nothing of what is stored; that is in `dvc.lock`.
"""

from __future__ import annotations

import os
import sys

from dvc.cli import main as dvc_main

from training.errors import StageError
from training.stage import run

_REMOTE = "lake"


class LakeError(StageError):
    """The store is not named, or DVC could not use it."""


def configure(address: str, endpoint: str | None) -> None:
    """Tell DVC, in this checkout alone, that its default remote lies at `address`.

    What comes from there is checked against its checksum before it is taken for what it should be.
    """
    dvc("remote", "add", "--local", "--force", "--default", _REMOTE, address)
    dvc("remote", "modify", "--local", _REMOTE, "verify", "true")
    if endpoint and address.startswith("s3://"):
        dvc("remote", "modify", "--local", _REMOTE, "endpointurl", endpoint)


def dvc(*words: str) -> None:
    """Run DVC; what it says goes to the terminal.

    Raises:
        LakeError: it failed.
    """
    if dvc_main(list(words)):
        raise LakeError(f"dvc {words[0]} failed")


def main() -> None:
    """Push to the store or pull from it, as the word on the command line says."""
    words = sys.argv[1:]
    address = os.environ.get("TRAINING_LAKE")
    if words not in (["push"], ["pull"]):
        raise LakeError("say push or pull")
    if not address:
        raise LakeError("TRAINING_LAKE names no store, for instance s3://bucket/folder")
    configure(address, os.environ.get("AWS_ENDPOINT_URL"))
    try:
        dvc(words[0])
    except LakeError as error:
        told = f"{error} at {address}; what has arrived is whole, a rerun goes on"
        raise LakeError(told) from error


if __name__ == "__main__":
    run(main)
