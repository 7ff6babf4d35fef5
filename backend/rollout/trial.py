"""An offered bundle is loaded and run, in a process of its own where it can do no harm.

Knows how much memory and time a champion may take there. A graph that is small on disk may ask for
gigabytes, loop for ever or crash the runtime: then that process ends, and the servers never see it.
Run as `python -m backend.rollout.trial DIRECTORY`; says why not on stderr and exits with 1.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

from backend.bundle import BundleError, ModelError, read_bundle

_ROOT = Path(__file__).parents[2]
_PATIENCE_SECONDS = 120
# Interpreter, libraries and their threads' stacks; then weights that unfold to float32, twice.
_BASE_BYTES = 1536 * 2**20
_BYTES_FOR_A_BYTE = 12
_LONGEST_REASON = 500
# Libraries set memory aside for a thread on each core, which on many cores is more than there may be.
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")


def attempt(directory: Path) -> None:
    """Make sure that the bundle in `directory` can be served.

    Raises:
        BundleError: it can't be loaded, gets the golden set wrong, or takes too much memory or time.
    """
    command = [sys.executable, "-m", "backend.rollout.trial", str(directory.absolute())]
    try:
        ended = subprocess.run(
            command,
            cwd=_ROOT,
            env=os.environ | dict.fromkeys(_THREADS, "1"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=_PATIENCE_SECONDS,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        raise ModelError(f"its trial took longer than {_PATIENCE_SECONDS} seconds") from None
    if ended.returncode < 0:
        raise ModelError(f"its trial crashed ({signal.Signals(-ended.returncode).name})")
    if ended.returncode:
        lines = ended.stderr.decode("utf-8", "replace").strip().splitlines() or ["without a word"]
        raise ModelError(f"it failed its trial: {lines[-1][:_LONGEST_REASON]}")


def main() -> None:
    """Load and run the bundle in the directory that the command names."""
    bundle = read_bundle(Path(sys.argv[1]))
    size = sum(file.size for file in bundle.card.files.values())
    _limit(resource.RLIMIT_DATA, _BASE_BYTES + _BYTES_FOR_A_BYTE * size)
    _limit(resource.RLIMIT_CPU, _PATIENCE_SECONDS)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    from backend.classifier import Classifier
    from backend.rollout import golden

    golden.check(Classifier(bundle))


def _limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    try:
        main()
    except BundleError as error:
        sys.exit(str(error))
    except MemoryError:
        sys.exit("it takes more memory than a champion may")
