"""Corrections: what `undertone export` wrote, brought to where `ingest` reads.

Knows that those brought before are replaced. Knows nothing of what a correction is worth.
"""

from __future__ import annotations

from pathlib import Path

from tqdm import tqdm

from training.exported import exported, named_log
from training.params import read_params
from training.stage import aside, run

_EXPORTED = "exported"


def bring(log: str, into: Path) -> int:
    """Replace the folder `exported` of `into` by the corrections in `log`; return how many files.

    Raises:
        LogError: `log` can't be read; what was there before stays.
    """
    with exported(log, "feedback") as found, aside(into / _EXPORTED) as folder:
        folder.mkdir()
        for path in found.paths:
            target = folder / Path(path).relative_to(found.folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            found.system.get_file(path, str(target))
    return len(found.paths)


def main() -> None:
    """Bring the corrections, and say how many files they are."""
    log, into = named_log(), read_params().ingest.feedback
    tqdm.write(f"{bring(log, into)} files of corrections are in {into / _EXPORTED}")


if __name__ == "__main__":
    run(main)
