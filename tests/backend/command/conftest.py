"""How the command's tests run it: in this process where that makes no difference."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from backend.command import command


class Shell:
    """Runs `undertone` with a state directory of its own and no other setting."""

    def __init__(self, state: Path) -> None:
        self.state = state

    def __call__(self, *arguments: str, stdin: str | bytes = "", **settings: str) -> Result:
        """Return how `undertone` with `arguments` ended; `settings` as for `running_backend`."""
        own = {name: None for name in os.environ if name.startswith("UNDERTONE_")}
        given = {f"UNDERTONE_{name.upper()}": value for name, value in settings.items()}
        environment = own | {"UNDERTONE_STATE": str(self.state)} | given
        return CliRunner(env=environment).invoke(command, arguments, input=stdin, prog_name="undertone")


@pytest.fixture
def undertone(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "state")


def complaint(result: Result, code: int = 1) -> str:
    """Return the one line that a command said of what was wrong."""
    assert result.exit_code == code, result.output
    assert isinstance(result.exception, SystemExit)
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert result.stderr.rstrip().endswith(line)
    return line
