"""Real PostgreSQL and Redis servers, each in a folder of its own on a free port.

Knows how they are started, paused, killed and brought back. Knows nothing of what is kept in them.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.server import free_port

PATIENCE_SECONDS = 30


class Service:
    """A server process that can be taken away and brought back, its data kept."""

    def __init__(
        self, address: str, command: Sequence[str], probe: Sequence[str], user: str | None
    ) -> None:
        """Describe a server that `command` starts and that answers once `probe` exits with 0."""
        self.address = address
        self._command, self._probe, self._user = command, probe, user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            RuntimeError: it does not, in half a minute; holds what it said.
        """
        with tempfile.TemporaryFile("w+") as said:
            self._process = subprocess.Popen(
                self._command, stdout=said, stderr=subprocess.STDOUT, user=self._user
            )
            deadline = time.monotonic() + PATIENCE_SECONDS
            while time.monotonic() < deadline and self._process.poll() is None:
                if subprocess.run(self._probe, capture_output=True, check=False).returncode == 0:
                    return
                time.sleep(0.05)
            self.stop(signal.SIGKILL)
            said.seek(0)
            raise RuntimeError(f"{self._command[0]} does not answer:\n{said.read()}")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End the server: SIGINT closes its connections at once, SIGKILL leaves it no time for that."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(PATIENCE_SECONDS)
            self._process = None

    def freeze(self) -> None:
        """Make the server hang: it accepts connections and never answers."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)


@contextmanager
def running_postgres() -> Iterator[Service]:
    """Start PostgreSQL with an empty database, yield it (`address` is SQLAlchemy's), remove it."""
    programs, user, port = _postgres_programs(), _unprivileged(), free_port()
    with tempfile.TemporaryDirectory(prefix="undertone-postgres-") as name:
        folder = Path(name)
        if user:
            shutil.chown(folder, user)
        data = folder / "data"
        subprocess.run(
            [programs / "initdb", "--pgdata", data, "--username", "undertone", "--auth", "trust",
             "--encoding", "UTF8", "--locale", "C", "--no-sync"],
            user=user, cwd=folder, capture_output=True, check=True,
        )  # fmt: skip
        where = ["--host", "127.0.0.1", "--port", str(port), "--username", "undertone"]
        server = Service(
            f"postgresql+psycopg://undertone@127.0.0.1:{port}/postgres",
            [str(programs / "postgres"), "-D", str(data), "-p", str(port), "-k", str(folder),
             "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"],
            [str(programs / "pg_isready"), *where, "--dbname", "postgres"],
            user,
        )  # fmt: skip
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def running_redis() -> Iterator[Service]:
    """Start an empty Redis, yield it (`address` is a redis:// URL), end it."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="undertone-redis-") as folder:
        server = Service(
            f"redis://127.0.0.1:{port}/0",
            ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
            ["redis-cli", "-p", str(port), "ping"],
            None,
        )
        server.start()
        try:
            yield server
        finally:
            server.stop()


def missing() -> list[str]:
    """Return one line for each of the two servers that can't be found."""
    lines = []
    try:
        _postgres_programs()
    except FileNotFoundError as error:
        lines.append(str(error))
    if not shutil.which("redis-server"):
        lines.append("Redis is missing: apt-get install redis-server")
    return lines


def _postgres_programs() -> Path:
    """Return the folder of PostgreSQL's programs; Debian keeps them off the PATH."""
    found = shutil.which("initdb")
    folders = [Path(found).parent] if found else []
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    for folder in [*folders, *reversed(debian)]:
        if all((folder / name).is_file() for name in ("initdb", "postgres", "pg_isready")):
            return folder
    raise FileNotFoundError("PostgreSQL is missing: apt-get install postgresql")


def _unprivileged() -> str | None:
    """Return the user to run PostgreSQL as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
