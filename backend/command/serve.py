"""`undertone serve`: the server, as `python -m backend` starts it."""

from __future__ import annotations

import os

import click

from backend.settings import PREFIX


@click.command
@click.option("--host", help="Address to listen on, instead of UNDERTONE_HOST.")
@click.option("--port", type=int, help="Port to listen on, instead of UNDERTONE_PORT.")
def command(host: str | None, port: int | None) -> None:
    """Answer over HTTP until interrupted.

    Needs no token on 127.0.0.1. On an address that others can reach it does not start before there is
    a token: see `undertone token`.
    """
    from backend.__main__ import main

    for name, value in {"HOST": host, "PORT": port}.items():
        if value is not None:
            os.environ[PREFIX + name] = str(value)
    main()
