"""The `undertone` command: one module a subcommand, imported when it is asked for.

Knows which subcommands there are, and how a failure becomes one line and an exit code: 0 all is well,
1 something is wrong, 2 the command line is. Knows nothing of what a subcommand does.
"""

from __future__ import annotations

import importlib
from typing import Any

import click

from backend import __version__

# The modules of this package, and what `undertone --help` says of them without importing them.
SUBCOMMANDS = {
    "serve": "Answer over HTTP.",
    "predict": "Label comments, without a server.",
    "analyze": "Say what the comments of a video feel together.",
    "export": "Write the history as Parquet, for training.",
    "backup": "Write what the server keeps into one file.",
    "restore": "Put back what a backup holds.",
    "settings": "Show every setting, its value and where that comes from.",
    "doctor": "Check what a server needs, and say what to do.",
    "token": "Make, list, rotate and revoke the tokens that open a server.",
}


class Subcommands(click.Group):
    """The subcommands. Their imports take a second, so only the one that is asked for is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in SUBCOMMANDS:
            return None
        found: click.Command = importlib.import_module(f"backend.command.{cmd_name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(SUBCOMMANDS.items()))

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; what a person can mend is said in one line."""
        try:
            return super().invoke(ctx)
        except (ValueError, OSError) as error:
            from backend.__main__ import CANT_START

            if isinstance(error, CANT_START):
                raise click.ClickException(str(error)) from error
            raise


@click.group(cls=Subcommands)
@click.version_option(__version__, message="undertone %(version)s")
def command() -> None:
    """Tell what the people under a YouTube video feel.

    Settings come from the environment: see `undertone settings`.
    """


def main() -> None:
    """Run the command with the arguments of this process."""
    command(prog_name="undertone")
