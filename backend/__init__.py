"""The backend of Undertone: comments in over HTTP, sentiment out."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from flask import Flask

    from backend.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application, its champion loaded. In a server that forks, call it after the fork.

    The parts are imported only here: onnxruntime starts threads as it is imported, and a process forked
    after that aborts when it ends, waiting for threads that it never had.

    Raises:
        SettingsError: the environment asks for something that can't be.
        BundleError: the champion's bundle is corrupt or can't be loaded.
    """
    from backend.app import assemble

    return assemble(settings)
