"""What the tests need beside Python packages, and how to get it."""

from __future__ import annotations

import shutil
import sys

PROGRAMS = {
    "chromium": "apt-get install chromium (or set CHROMIUM to another build's path)",
    "node": "apt-get install nodejs (version 18 or later)",
    "git": "apt-get install git",
}


def missing(find: object = shutil.which) -> list[str]:
    """Return one line for each program that can't be found."""
    assert callable(find)
    return [f"{name} is missing: {advice}" for name, advice in PROGRAMS.items() if not find(name)]


if __name__ == "__main__":
    if lines := missing():
        sys.exit("\n".join(lines))
