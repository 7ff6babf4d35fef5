"""Makes the buckets that are named, where they aren't there: `python buckets.py lake mlflow`.

Knows where the S3 server is from Amazon's usual variables. Knows nothing of what is kept in them.
"""

from __future__ import annotations

import os
import sys

from pyarrow.fs import FileType, S3FileSystem


def make(names: list[str]) -> None:
    """Make each bucket of `names` that isn't there."""
    store = S3FileSystem(
        endpoint_override=os.environ.get("AWS_ENDPOINT_URL") or None, allow_bucket_creation=True
    )
    for found in store.get_file_info(names):
        if found.type == FileType.NotFound:
            store.create_dir(found.path)
            sys.stdout.write(f"made the bucket {found.path}\n")


if __name__ == "__main__":
    make(sys.argv[1:])
