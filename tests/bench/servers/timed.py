"""Undertone as it is, with a stopwatch: each answer says in Server-Timing where its time went.

Knows how the server is started. Which functions are timed is known in `tests/bench/stages.py`.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from flask import Flask

from backend.server import Server, check
from backend.settings import load_settings
from tests.bench.stages import Stopwatch, install


class TimedServer(Server):
    """The server, its workers timed. They are wrapped after the fork, before they import the rest."""

    def load(self) -> Flask:
        stopwatch = Stopwatch()
        install(stopwatch)
        app = super().load()
        app.wsgi_app = _Timing(app.wsgi_app, stopwatch)  # type: ignore[method-assign]
        return app


class _Timing:
    """WSGI middleware that adds Server-Timing (W3C), in milliseconds."""

    def __init__(self, app: Any, stopwatch: Stopwatch) -> None:
        self._app, self._stopwatch = app, stopwatch

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self._stopwatch.reset()
        began = time.perf_counter()

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            total = time.perf_counter() - began
            taken = self._stopwatch.seconds() | {
                "rest": total - self._stopwatch.covered(),
                "total": total,
            }
            said = ", ".join(f"{name};dur={seconds * 1000:.3f}" for name, seconds in taken.items())
            return start_response(status, [*headers, ("Server-Timing", said)], *more)

        answered: Iterable[bytes] = self._app(environ, start)
        return answered


if __name__ == "__main__":
    settings = load_settings()
    check(settings)
    TimedServer(settings).run()
