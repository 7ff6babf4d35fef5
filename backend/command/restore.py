"""`undertone restore`: a backup put back. `backend.backup` knows what must hold before that."""

from __future__ import annotations

from typing import IO

import click

from backend.settings import load_settings
from backend.state import state_directory


@click.command
@click.argument("file", metavar="FILE|-", type=click.File("rb"))
@click.option("--replace", is_flag=True, help="Replace what is there; it is kept in a folder beside.")
def command(file: IO[bytes], replace: bool) -> None:
    """Put what `undertone backup` wrote back into the state directory, with no server running.

    All of FILE is checked before anything is changed: that it is whole, and that the history in it is
    sound and of a version that is known here. An older history is brought up to date by the first
    server that starts.
    """
    # Only here, so that what is wrong with the command line is said at once.
    from backend.backup import BackupError, restore

    state = state_directory(load_settings())
    try:
        manifest, before = restore(state, file, replace=replace)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"can't write to {state}: {error.strerror or error}") from error
    moment = f"{manifest.made_at:%Y-%m-%d %H:%MZ}"
    click.echo(f"The state of {moment} is in {state}.", err=True)
    if before:
        click.echo(f"What was there is in {before}: remove it when all is well.", err=True)
