"""`python -m backend`: serve, or say in one line why not."""

from __future__ import annotations

import sys

from backend.access import NoTokenError
from backend.bundle import BundleError
from backend.server import PortTakenError, Server, check
from backend.settings import SettingsError, load_settings
from backend.state import StateError
from backend.tokens import TokenError

CANT_START = (SettingsError, BundleError, PortTakenError, NoTokenError, TokenError, StateError)


def main() -> None:
    """Start the server with the settings of the environment."""
    try:
        settings = load_settings()
        start = check(settings)
    except CANT_START as error:
        sys.exit(f"undertone can't start: {error}")
    Server(settings, start).run()


if __name__ == "__main__":
    main()
