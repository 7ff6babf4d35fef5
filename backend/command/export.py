"""`undertone export`: the history as Parquet files. Knows whom to ask; `backend.export` knows how."""

from __future__ import annotations

import click

from backend.settings import load_settings
from backend.state import state_directory


@click.command
@click.argument("destination", metavar="FOLDER|s3://BUCKET/FOLDER")
def command(destination: str) -> None:
    """Write what is stored of analyses, predictions and corrections as Parquet, a file a day.

    \b
    undertone export data        # then `make train` learns from the corrections
    undertone export s3://bucket/folder

    Writes what the database holds now; again later, it replaces the days that have changed. Days that
    are kept no longer stay where they were written. S3's keys, region and another endpoint come from
    Amazon's usual variables.
    """  # noqa: D301  the mark of click, not of a raw string
    # Only here, so that what is wrong with the command line is said at once.
    from sqlalchemy.exc import SQLAlchemyError

    from backend.export import ExportError, export
    from backend.history.database import Database, address
    from backend.history.migrate import UnknownRevisionError, migrate

    settings = load_settings()
    database = Database(address(settings, state_directory(settings)))
    try:
        migrate(database)
        exported = export(database, destination)
    except (UnknownRevisionError, ExportError) as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        raise click.ClickException(f"the database does not answer: {reason}") from error
    finally:
        database.close()
    counts = ", ".join(f"{number:,} rows of {name}" for name, number in exported.items())
    click.echo(f"{counts} are in {destination}")
