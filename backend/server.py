"""The production server: gunicorn, set up from the settings.

Knows processes, threads, sockets and log formats. Knows nothing of comments. Everything that can be
found wrong before the first fork is, so that a server which can't serve never starts.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker

from backend import access, log_lines, metrics_directory
from backend.cores import available_cores
from backend.rollout.start import Start, prepare
from backend.settings import Settings
from backend.state import StateDiskError, state_directory

# The heartbeat comes from a thread of its own, so this bounds a hang, not a long request.
_HEARTBEAT_TIMEOUT = 60
# What the history hasn't stored by then waits on disk for the next start.
_FINISH_SECONDS = 5
# Seconds that a connection is kept for a next request; it needs no thread.
_KEEP_ALIVE = 5
# Heartbeats on a disk would wait for that disk. Linux has this folder, other systems don't.
_MEMORY = Path("/dev/shm")


class PortTakenError(OSError):
    """Something else listens where this server should."""


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn serving the application, which each worker puts together for itself after the fork."""

    def __init__(self, settings: Settings, start: Start | None = None) -> None:
        """Set up a server that serves from `start`, which is what `check` has found."""
        self.settings, self._start = settings, start
        super().__init__()

    def load_config(self) -> None:
        for name, value in configuration(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        from backend.app import assemble

        return assemble(self.settings, self._start)

    def run(self) -> None:
        metrics_directory.share(self.settings.port)
        super().run()


def check(settings: Settings) -> Start:
    """Make sure that a server with these settings can start, and return where its champion is.

    Raises:
        StateError: there can't be a state directory at such a place.
        BundleError: the champion's bundle is corrupt; says which checksum failed.
        PortTakenError: the port is taken; says which.
        NoTokenError: others can reach the server, and there is no token.
        TokenFileError, StateError: the tokens can't be read.
    """
    access.check(settings)
    if settings.history:
        # A full disk may have room again; until then the server does without what it would keep.
        with suppress(StateDiskError):
            state_directory(settings)
    start = prepare(settings)
    check_port(settings)
    return start


def check_port(settings: Settings) -> None:
    """Make sure that a server can listen where the settings say.

    Raises:
        PortTakenError: it can't; says why.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTakenError(
                f"can't listen on {settings.host} port {settings.port}: {error.strerror}; "
                "set UNDERTONE_PORT or UNDERTONE_HOST"
            ) from error


def configuration(settings: Settings) -> dict[str, Any]:
    """Return gunicorn's configuration."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return {
        "bind": f"{host}:{settings.port}",
        "workers": settings.processes(available_cores()),
        "threads": settings.threads,
        "worker_class": "backend.worker.Worker",
        "worker_tmp_dir": str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None,
        "timeout": _HEARTBEAT_TIMEOUT,
        "keepalive": _KEEP_ALIVE,
        "graceful_timeout": settings.graceful_timeout,
        "proc_name": "undertone",
        "control_socket_disable": True,
        # Proxies are `backend.proxies`'s: without this, gunicorn believes whoever asks from 127.0.0.1.
        "forwarded_allow_ips": "",
        "logconfig_dict": log_lines.configuration(settings.log_level, settings.log_format),
        "worker_exit": _finish,
        "child_exit": _forget,
        "on_exit": _clear,
    }


def _finish(server: object, worker: Worker) -> None:
    """Store what the worker has accepted, between its last request and its end."""
    # It imports metrics, which the process that forks may not.
    from backend import history

    # A worker that could not start has no application; `worker.wsgi` is only what wraps it.
    if app := worker.app.callable:
        history.finish(app, _FINISH_SECONDS)


def _forget(server: object, worker: Worker) -> None:
    metrics_directory.forget(worker.pid)


def _clear(server: object) -> None:
    metrics_directory.clear()
