"""The peers: how each is started, and how each is asked.

Knows commands, paths and what bodies look like. A peer that is not installed or does not start is a
`PeerError`, with the reason.
"""

from __future__ import annotations

import http.client
import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import load
from tests.bench.load import Answer, Run
from tests.bench.plan import Cell
from tests.bench.process import PeerError, Started, started
from tests.bench.servers.in_process import READY
from tests.server import ROOT, free_port

BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
_PYTHON = sys.executable
_PROBE_SECONDS = 10
_ANSWER_SECONDS = 120

Batches = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Share:
    """What of the machine every peer gets: server processes, and threads of the model in each."""

    processes: int
    threads: int


@dataclass(frozen=True)
class Route:
    """One way to ask: the name of its row in the results, its path, its body, what comes back."""

    name: str
    path: str
    body: Callable[[Sequence[str]], object]
    accept: str = "application/json"

    def request(self, port: int, texts: Sequence[str]) -> bytes:
        """Return the bytes that ask for the labels of `texts`."""
        return load.request(port, self.path, json.dumps(self.body(texts)).encode(), self.accept)


@dataclass(frozen=True)
class Library:
    """A model without a server, called in a loop."""

    name: str
    model: str
    most_clients: int = 1

    @property
    def rows(self) -> tuple[str, ...]:
        """Under which names it is in the results."""
        return (self.name,)

    @contextmanager
    def running(self, share: Share, folder: Path) -> Iterator[RunningLibrary]:
        """Start it, yield it once it labels, end it."""
        command = [_PYTHON, "-m", "tests.bench.servers.in_process", self.model]
        alone = Share(1, share.processes * share.threads)
        with started(command, _environment(alone), _says_ready, talks=True) as process:
            yield RunningLibrary(process)


@dataclass(frozen=True)
class RunningLibrary:
    """The process that calls the model."""

    started: Started

    def ask(self, name: str, batches: Batches, cell: Cell) -> Run:
        """Have `batches` labelled, as `cell` says."""
        talk = self.started.process
        assert talk.stdin is not None
        assert talk.stdout is not None
        try:
            talk.stdin.write(json.dumps({"batches": batches, "seconds": cell.seconds}) + "\n")
            talk.stdin.flush()
            in_time = select.select([talk.stdout], [], [], _ANSWER_SECONDS)[0]
            answered = talk.stdout.readline() if in_time else ""
        except OSError:
            answered = ""
        if not answered:
            raise PeerError("it ended, or did not answer in time")
        taken: list[float] = json.loads(answered)
        return Run([Answer(200, seconds, seconds) for seconds in taken], sum(taken))


@dataclass(frozen=True)
class Service:
    """A model behind HTTP."""

    name: str
    routes: tuple[Route, ...]
    command: Callable[[int, Share, Path], list[str]]
    """From a free port, the share and a folder of its own to what is run."""
    environment: Callable[[int, Path], Mapping[str, str]] = lambda port, folder: {}
    prepare: tuple[str, ...] = field(default=())
    """A command that is run once for the folder, its last argument, before the peer is started."""
    most_clients: int = 1000

    @property
    def rows(self) -> tuple[str, ...]:
        """Under which names it is in the results: each route is a row."""
        return tuple(route.name for route in self.routes)

    @contextmanager
    def running(self, share: Share, folder: Path) -> Iterator[RunningService]:
        """Start it, yield it once it labels, end it. It keeps what it needs in `folder`."""
        if self.prepare and not folder.exists():
            _run([*self.prepare, str(folder)], _environment(share))
        folder.mkdir(exist_ok=True)
        port = free_port()
        environment = (
            _environment(share) | {"BENCH_PORT": str(port)} | dict(self.environment(port, folder))
        )
        probe = self.routes[0].body(["Is this thing on?"])

        def answers(_: object) -> bool:
            return labels(port, self.routes[0].path, probe)

        with started(self.command(port, share, folder), environment, answers) as process:
            yield RunningService(process, port, {route.name: route for route in self.routes})


@dataclass(frozen=True)
class RunningService:
    """The server, and where it listens."""

    started: Started
    port: int
    routes: Mapping[str, Route]

    def ask(self, name: str, batches: Batches, cell: Cell) -> Run:
        """Have `batches` labelled by the route of that name, as `cell` says."""
        route = self.routes[name]
        try:
            return load.ask(self.port, [route.request(self.port, texts) for texts in batches], cell)
        except OSError as error:
            raise PeerError(f"it listens no more: {error.strerror}") from error


Peer = Library | Service
Running = RunningLibrary | RunningService


def labels(port: int, path: str, body: object) -> bool:
    """Tell whether a server answers `body` with 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PROBE_SECONDS)
    try:
        connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _comments(texts: Sequence[str]) -> object:
    return {"comments": texts}


def _inputs(texts: Sequence[str]) -> object:
    return {"inputs": texts}


def analysis(texts: Sequence[str]) -> dict[str, Any]:
    """Return what the extension sends: comments of a video, with what it knows of each."""
    return {
        "video": {"id": "benchmark01", "title": "A video", "channel": "A channel"},
        "comments": [
            {
                "id": f"c{number}",
                "text": text,
                "author": f"@author{number % 700}",
                "likes": number * 7919 % 400,
                "published_at": f"2026-{1 + number % 9:02}-{1 + number % 28:02}T12:00:00Z",
            }
            for number, text in enumerate(texts)
        ],
    }


def _says_ready(process: subprocess.Popen[str]) -> bool:
    assert process.stdout is not None
    return (
        bool(select.select([process.stdout], [], [], 1)[0])
        and process.stdout.readline().strip() == READY
    )


def _environment(share: Share) -> dict[str, str]:
    return {
        "BENCH_PROCESSES": str(share.processes),
        "BENCH_THREADS": str(share.threads),
        "OMP_NUM_THREADS": str(share.threads),
        # MLflow looks for uvicorn there.
        "PATH": f"{Path(_PYTHON).parent}:{os.environ.get('PATH', '')}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "HF_HUB_OFFLINE": "1",
    }


def _run(command: Sequence[str], environment: Mapping[str, str]) -> None:
    try:
        subprocess.run(
            command,
            cwd=ROOT,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", None) or str(error)
        raise PeerError(f"can't be prepared: {said.strip().splitlines()[-1]}") from error


PREDICT = Route("Undertone, /v1/predict", "/v1/predict", _comments)
ANALYZE = Route("Undertone, /v1/analyze", "/v1/analyze", analysis)
LINES = Route("Undertone, /v1/analyze in lines", "/v1/analyze", analysis, "application/x-ndjson")


def undertone(module: str = "backend") -> Service:
    """Return Undertone with its default settings, as `python -m module` starts it."""
    return Service(
        "Undertone",
        (PREDICT, ANALYZE, LINES),
        lambda port, share, folder: [_PYTHON, "-m", module],
        lambda port, folder: {"UNDERTONE_PORT": str(port), "UNDERTONE_STATE": str(folder)},
    )


BARE = (
    Library("onnxruntime in a loop", "sleeping"),
    Library("onnxruntime in a loop, spinning", "spinning"),
)
MLFLOW = Service(
    "mlflow models serve",
    (Route("mlflow models serve", "/invocations", _inputs),),
    lambda port, share, folder: [
        _PYTHON, "-m", "mlflow", "models", "serve", "--model-uri", str(folder),
        "--env-manager", "local", "--port", str(port), "--workers", str(share.processes),
        "--timeout", "600",
    ],
    prepare=(_PYTHON, "-m", "tests.bench.servers.mlflow_model"),
)  # fmt: skip
LITSERVE = Service(
    "LitServe",
    (Route("LitServe", "/predict", _comments),),
    lambda port, share, folder: [str(BENCH_PYTHON), "-m", "tests.bench.servers.litserve_app"],
)
FLASK = Service(
    "Flask, transformers",
    (Route("Flask, transformers", "/predict", _comments),),
    lambda port, share, folder: [
        _PYTHON, "-m", "gunicorn", "tests.bench.servers.flask_app:create_app()",
        "--bind", f"127.0.0.1:{port}", "--workers", str(share.processes), "--threads", "8",
        "--timeout", "600",
    ],
)  # fmt: skip
VADER = Library("VADER in a loop", "vader")

SERVING = (MLFLOW, LITSERVE, FLASK)
PEERS: tuple[Peer, ...] = (undertone(), *BARE, *SERVING, VADER)
