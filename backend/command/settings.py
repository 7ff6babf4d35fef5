"""`undertone settings`: the table of settings as this environment fills it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
from pydantic import SecretStr

from backend.settings import PREFIX, Settings, load_settings

_PASSWORD = re.compile(r"(?<=://)([^/@\s]*:)?[^/@\s]+(?=@)")
_MASK = "********"


@click.command
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")
def command(as_json: bool) -> None:
    """Show every setting, its value and where that comes from.

    Settings come from environment variables. Passwords are not shown. A variable that is no setting
    is an error, and so is a value that a setting can't have.
    """
    rows = [_row(load_settings(), name) for name in Settings.model_fields]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        default = f"; default: {row['default'] or 'unset'}" if row["source"] == "environment" else ""
        click.echo(f"{row['name']} = {row['value']}  ({row['source']}{default})")
        click.echo(f"    {row['help']}")


def _row(settings: Settings, name: str) -> dict[str, str]:
    field = Settings.model_fields[name]
    return {
        "name": PREFIX + name.upper(),
        "value": spelled(getattr(settings, name)),
        "default": spelled(field.default),
        "source": "environment" if name in settings.model_fields_set else "default",
        "help": field.description or "",
    }


def spelled(value: object) -> str:
    """Return how `value` is written in the environment, without passwords; unset is nothing."""
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        # What is secret as a whole; an address shows where it leads.
        value = value.get_secret_value()
        return masked(value) if "://" in value else _MASK
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    if isinstance(value, Path):
        return str(value)
    return masked(str(value))


def masked(address: str) -> str:
    """Return `address` without the password in it."""
    return _PASSWORD.sub(lambda match: (match[1] or "") + _MASK, address)
