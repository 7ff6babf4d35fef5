"""What the tests need beside Python packages, and how to get it."""

from __future__ import annotations

import shutil
import sys

from tests import services
from tests.browser.chromium import executable

PROGRAMS = {
    "node": "Node 20 or later is missing: apt-get install nodejs, or https://nodejs.org",
    "git": "git is missing: apt-get install git",
}


def missing() -> list[str]:
    """Return one line for each program that can't be found."""
    lines = [advice for name, advice in PROGRAMS.items() if not shutil.which(name)]
    try:
        executable()
    except FileNotFoundError as error:
        lines.append(str(error))
    return lines + services.missing()


if __name__ == "__main__":
    if lines := missing():
        sys.exit("\n".join(lines))
