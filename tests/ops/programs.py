"""Programs that operate the service, each out of a wheel, in an environment of their own.

Knows where `make` puts them, and says how when they are not there. Knows nothing of what they do.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_FOLDER = ROOT / ".venv-ops" / "bin"

needs_programs = pytest.mark.skipif(
    not (_FOLDER / "caddy").exists(),
    reason="caddy, hadolint and docker-compose: make .venv-ops/.done",
)
needs_s3 = pytest.mark.skipif(
    not (_FOLDER / "weed").exists(), reason="weed, an S3 server: make .venv-ops/.done"
)


def program(name: str) -> str:
    """Return the path of the program `name`."""
    return str(_FOLDER / name)


def run(name: str, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program `name` in the repository to its end."""
    return subprocess.run(
        [program(name), *words],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "HOME": "/nonexistent"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
