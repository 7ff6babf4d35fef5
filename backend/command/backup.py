"""`undertone backup`: what a server keeps, as one file. `backend.backup` knows what that is."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from backend.settings import load_settings
from backend.state import state_path, sync

if TYPE_CHECKING:
    from backend.backup import Manifest


@click.command
@click.argument("file", metavar="FILE|-")
def command(file: str) -> None:
    """Write history, tokens, keys and champion into FILE, while servers go on.

    \b
    undertone backup /var/backups/undertone.tar.gz
    undertone backup - | ssh elsewhere 'cat >undertone.tar.gz'

    A history in PostgreSQL is not in it: pg_dump that afterwards. FILE is there as a whole or not at
    all, and for your eyes only: it holds what the server knows of people.
    """  # noqa: D301  the mark of click, not of a raw string
    # Only here, so that what is wrong with the command line is said at once.
    from backend.backup import BackupError, back_up

    settings = load_settings()
    state = state_path(settings)
    try:
        if file == "-":
            manifest = back_up(state, sys.stdout.buffer, Path(tempfile.gettempdir()))
        else:
            manifest = _write(Path(file), state)
    except FileExistsError:
        raise click.ClickException(f"{file} is there already: name another, or remove it") from None
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"can't write {file}: {error.strerror or error}") from error
    click.echo(f"{len(manifest.files)} files of {manifest.size:,} bytes are in the backup.", err=True)
    if settings.database is not None:
        click.echo("The history is in PostgreSQL, not in the backup: pg_dump it now.", err=True)


def _write(file: Path, state: Path) -> Manifest:
    """Write the backup aside, and give it its name when it is whole."""
    from backend.backup import back_up

    if file.exists():
        raise FileExistsError
    # What a temporary file may be is its owner's alone.
    descriptor, aside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-")
    try:
        with os.fdopen(descriptor, "wb") as to:
            manifest = back_up(state, to, file.parent)
            to.flush()
            os.fsync(to.fileno())
        os.link(aside, file)
        sync(file.parent)
    finally:
        os.unlink(aside)
    return manifest
