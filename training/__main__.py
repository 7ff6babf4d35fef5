"""The pipeline from the first stage to the last: `python -m training`.

Knows that DVC runs what has changed. Words that follow are passed on: `python -m training evaluate`.
Each stage can be run alone, too: `python -m training.ingest`.
"""

from __future__ import annotations

import subprocess
import sys

from training.params import ParamsError, read_params
from training.smoke import with_this_python


def main() -> int:
    """Run `dvc repro` and return its exit status; 1 before anything runs where params.yaml is wrong."""
    try:
        read_params()
    except ParamsError as error:
        print(f"training: {error}", file=sys.stderr)  # noqa: T201
        return 1
    command = [sys.executable, "-m", "dvc", "repro", *sys.argv[1:]]
    try:
        return subprocess.run(command, env=with_this_python(), check=False).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
