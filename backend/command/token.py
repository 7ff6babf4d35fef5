"""`undertone token`: the tokens that open a server, as its owner handles them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import click

from backend.settings import load_settings
from backend.state import state_directory
from backend.tokens import SCOPES, Scope, Token, Tokens

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_LONGEST = timedelta(days=36_500)


class Duration(click.ParamType[timedelta]):
    """A time such as 90d, 12h, 30m or 10s."""

    name = "duration"

    def convert(
        self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        if isinstance(value, timedelta):
            return value
        match = re.fullmatch(r"([0-9]{1,9})([smhd])", value)
        if match is None:
            self.fail(f"{value!r} is no duration: write 90d, 12h, 30m or 10s", param, ctx)
        length = timedelta(**{_UNITS[match[2]]: int(match[1])})
        if length > _LONGEST:
            self.fail(f"{value!r} is longer than a century", param, ctx)
        return length


@click.group
def command() -> None:
    """Make, list, rotate and revoke the tokens that open a server.

    A server needs one on any address but this machine's own. What a token allows are its scopes: read
    (ask about comments, read what is kept), write (send feedback), admin (delete, see the metrics).

    Changes count at once for a server that is running, if it has the same UNDERTONE_STATE.
    """


@command.command
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice(SCOPES), multiple=True, default=("read",),
    show_default=True, help="What it allows; may be given several times.",
)  # fmt: skip
@click.option(
    "--expires", type=Duration(), help="How long it is valid, such as 90d; for ever if not given."
)
def create(name: str, scopes: tuple[Scope, ...], expires: timedelta | None) -> None:
    """Make a token NAME, and show its secret, once."""
    _show(*_tokens().create(name, scopes, expires))


@command.command(name="list")
def list_() -> None:
    """List the tokens: id, name, scopes, when made, last used and valid until."""
    tokens = _tokens()
    now = datetime.now(UTC)
    rows = [
        (
            token.id,
            token.name,
            ",".join(token.scopes),
            _moment(token.created_at),
            _moment(tokens.last_used(token), "never"),
            _moment(token.expires_at, "for ever") + ("" if token.is_valid(now) else " (expired)"),
        )
        for token in tokens.all()
    ]
    if not rows:
        click.echo("There are no tokens: make one with `undertone token create NAME`.", err=True)
        return
    header = ("ID", "NAME", "SCOPES", "CREATED", "LAST USED", "VALID UNTIL")
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    for row in (header, *rows):
        cells = (f"{cell:{width}}" for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


@command.command
@click.argument("name")
@click.option(
    "--overlap", type=Duration(), default="24h", show_default=True,
    help="How long the secret until now stays valid too.",
)  # fmt: skip
@click.option(
    "--expires", type=Duration(), help="How long the new secret is valid; for ever if not given."
)
def rotate(name: str, overlap: timedelta, expires: timedelta | None) -> None:
    """Make a new secret for the token NAME, and show it, once."""
    _show(*_tokens().rotate(name, overlap, expires))


@command.command
@click.argument("name_or_id", metavar="NAME|ID")
def revoke(name_or_id: str) -> None:
    """Take back the token NAME, or the one secret with an ID."""
    for token in _tokens().revoke(name_or_id):
        click.echo(f"Revoked {token.name} ({token.id}).", err=True)


def _tokens() -> Tokens:
    return Tokens(state_directory(load_settings()))


def _show(token: Token, secret: str) -> None:
    """Write the secret alone to standard output, so that it can be piped, and the rest beside it."""
    until = _moment(token.expires_at, "for ever")
    click.echo(f"Token {token.name} ({', '.join(token.scopes)}), valid until: {until}.", err=True)
    click.echo("Keep it: it is not shown again. Send it as `Authorization: Bearer ...`.", err=True)
    click.echo(secret)


def _moment(moment: datetime | None, otherwise: str = "") -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ") if moment else otherwise
