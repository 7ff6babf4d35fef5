"""The production server: gunicorn, set up from the settings.

Knows processes, threads, sockets and log formats. Knows nothing of comments. Everything that can be
found wrong before the first fork is, so that a server which can't serve never starts.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from backend import access
from backend.bundle import read_bundle
from backend.cores import available_cores
from backend.settings import Settings

# The heartbeat comes from a thread of its own, so this bounds a hang, not a long request.
_HEARTBEAT_TIMEOUT = 60
# Heartbeats on a disk would wait for that disk. Linux has this folder, other systems don't.
_MEMORY = Path("/dev/shm")


class PortTakenError(OSError):
    """Something else listens where this server should."""


class Server(BaseApplication):  # type: ignore[misc]
    """Gunicorn serving `create_app(settings)`, which each worker calls for itself after the fork."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in configuration(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        from backend import create_app

        return create_app(self.settings)


def check(settings: Settings) -> None:
    """Make sure that a server with these settings can start.

    Raises:
        BundleError: the champion's bundle is corrupt; says which checksum failed.
        PortTakenError: the port is taken; says which.
        NoTokenError: others can reach the server, and there is no token.
        TokenFileError, StateError: the tokens can't be read.
    """
    access.check(settings)
    read_bundle(settings.bundle)
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
        "worker_class": "backend.connections.Worker",
        "worker_tmp_dir": str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None,
        "timeout": _HEARTBEAT_TIMEOUT,
        "graceful_timeout": settings.graceful_timeout,
        "proc_name": "undertone",
        "control_socket_disable": True,
        # Proxies are `backend.proxies`'s: without this, gunicorn believes whoever asks from 127.0.0.1.
        "forwarded_allow_ips": "",
        "logconfig_dict": _logging(settings.log_level),
    }


def _logging(level: str) -> dict[str, Any]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"format": "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"}
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "backend": {"level": level.upper()},
            "gunicorn.error": {"level": level.upper(), "propagate": True, "handlers": []},
        },
    }
