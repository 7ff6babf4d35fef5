"""The servers as containers of a compose file, on the machine that Docker runs on.

Knows Docker's commands and what they print. Knows nothing of when to start or end a server.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from release.fleet import FleetError, Server

COMPOSE = Path(__file__).parents[1] / "docker" / "compose.yaml"
VARIABLE = "UNDERTONE_IMAGE"
PORT = 8000
# More than a server gives the requests that it is at (UNDERTONE_GRACEFUL_TIMEOUT).
_END_SECONDS = 90
_LAST_LINES = 20
_ONCE = "com.docker.compose.oneoff"


class Compose:
    """The containers of `service` in the compose file `file`, a fleet."""

    def __init__(self, file: Path, service: str) -> None:
        self._file, self._service = file, service

    def servers(self) -> list[Server]:
        names = run(self.listing()).split()
        return servers_in(run(["docker", "inspect", *names])) if names else []

    def runs(self, server: Server) -> bool:
        return (
            run(["docker", "inspect", "--format", "{{.State.Running}}", server.name]).strip() == "true"
        )

    def trial(self, image: str) -> Server:
        self._fetch(image)
        name = run(self.trying(), {VARIABLE: image}).split()[-1]
        return servers_in(run(["docker", "inspect", name]), of_service=False)[0]

    def start(self, image: str, number: int) -> list[Server]:
        before = self.servers()
        run(self.adding(len(before) + number), {VARIABLE: image})
        return [server for server in self.servers() if server not in before]

    def stop(self, servers: Sequence[Server]) -> None:
        names = [server.name for server in servers]
        if names:
            run(["docker", "stop", "-t", str(_END_SECONDS), *names])
            run(["docker", "rm", *names])

    def last_words(self, server: Server) -> str:
        return run(["docker", "logs", "--tail", str(_LAST_LINES), server.name], complaints=True)

    def settle(self, image: str) -> None:
        """Write the image to the `.env` beside the compose file, which Compose reads."""
        path = self._file.with_name(".env")
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
        kept = [line for line in lines if not line.startswith(f"{VARIABLE}=")]
        aside = path.with_name(".env.aside")
        try:
            # It may hold passwords.
            aside.touch(mode=0o600)
            aside.write_text("\n".join([*kept, f"{VARIABLE}={image}", ""]), encoding="utf-8")
            aside.replace(path)
        except OSError as error:
            raise FleetError(f"{path} can't be written: {error}") from error

    def listing(self) -> list[str]:
        """Return the command that prints the containers, one a line, those that have ended too."""
        return [*self._compose(), "ps", "--all", "--quiet", self._service]

    def trying(self) -> list[str]:
        """Return the command that runs one more container, without the name that the proxy asks for."""
        return [*self._compose(), "run", "--detach", "--no-deps", "-T", self._service]

    def adding(self, total: int) -> list[str]:
        """Return the command after which there are `total` containers, those before as they were."""
        scale = f"{self._service}={total}"
        return [*self._compose(), "up", "--detach", "--no-deps", "--no-recreate", "--no-build",
                "--scale", scale, self._service]  # fmt: skip

    def _compose(self) -> list[str]:
        return ["docker", "compose", "--file", str(self._file)]

    def _fetch(self, image: str) -> None:
        try:
            run(["docker", "image", "inspect", image])
        except FleetError:
            run(["docker", "pull", "--quiet", image])


def servers_in(inspected: str, of_service: bool = True) -> list[Server]:
    """Return the servers that `docker inspect` describes.

    `of_service` leaves out those that were run once, as for a trial.
    """
    return [
        Server(container["Id"], container["Config"]["Image"], _address(container))
        for container in json.loads(inspected)
        if not (of_service and container["Config"]["Labels"].get(_ONCE) == "True")
    ]


def _address(container: dict[str, Any]) -> str:
    networks = container["NetworkSettings"]["Networks"].values()
    addresses = [network["IPAddress"] for network in networks if network["IPAddress"]]
    return f"http://{addresses[0]}:{PORT}" if addresses else ""


def run(
    command: Sequence[str], environment: Mapping[str, str] | None = None, complaints: bool = False
) -> str:
    """Run `command` and return what it prints, with `complaints` on its standard error too.

    Raises:
        FleetError: it fails; holds what it said last.
    """
    try:
        done = subprocess.run(
            command,
            env=os.environ | dict(environment or {}),
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError as error:
        raise FleetError(f"{command[0]} can't be run: {error.strerror}") from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["without a word"]
        raise FleetError(f"{' '.join(command[:4])} failed: {said[-1]}")
    return done.stdout + (done.stderr if complaints else "")
