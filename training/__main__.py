"""The pipeline from the first stage to the last: `python -m training`.

Knows the order of the stages. Each can be run alone: `python -m training.ingest`.
"""

from __future__ import annotations

import sys
import time

from backend.bundle import BundleError
from training import (
    bundle,
    evaluate,
    export,
    ingest,
    prepare,
    train_logistic,
    train_transformer,
    validate,
)
from training.ingest import IngestError
from training.params import ParamsError
from training.parity import ParityError
from training.sources import SourceError
from training.validate import ValidationError

STAGES = (ingest, validate, prepare, train_logistic, train_transformer, export, evaluate, bundle)
_EXPECTED = (BundleError, IngestError, ParamsError, ParityError, SourceError, ValidationError)


def main() -> int:
    """Run every stage; return 1, with what is wrong on standard error, at the first that fails."""
    for stage in STAGES:
        name = stage.__name__.removeprefix("training.")
        began = time.monotonic()
        print(f"{name} ...", file=sys.stderr)  # noqa: T201
        try:
            stage.main()
        except _EXPECTED as error:
            print(f"{name}: {error}", file=sys.stderr)  # noqa: T201
            return 1
        print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
