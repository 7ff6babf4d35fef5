"""The images, without an engine: linted, and their own commands run in a folder for a root."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ops import dockerfile
from tests.ops.programs import ROOT, needs_programs, run
from tests.server import free_port

SERVE = ROOT / "docker" / "serve.Dockerfile"
TRAIN = ROOT / "docker" / "train.Dockerfile"
LARGEST_MB = 500
# python:3.12-slim-bookworm unpacked; of Debian's two packages of fonts, what stays.
BASE_MB = 130
FONTS_MB = 27 + 11
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class Root:
    """A folder that holds what the image would hold at /app and /opt/venv."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return what the image sets, with its places in this folder."""
        final = dockerfile.stages(SERVE)[-1]
        path = os.environ["PATH"]
        state = self.folder / "state"
        found = {
            name: value.replace("/opt/venv", str(self.folder / "venv")).replace("%PATH", path)
            for name, value in dockerfile.environment(final).items()
        }
        places = {"HOME": state, "UNDERTONE_STATE": state, "TMPDIR": self.folder / "tmp"}
        return found | {name: str(path) for name, path in places.items()}

    def contents(self) -> dict[str, int]:
        """Return when each file was written that no server should write to."""
        return {
            str(path): path.stat().st_mtime_ns
            for part in ("app", "venv")
            for path in (self.folder / part).rglob("*")
            if path.is_file()
        }

    def megabytes(self) -> float:
        """Return what the program and its packages take on a disk."""
        files = (path for part in ("app", "venv") for path in (self.folder / part).rglob("*"))
        return sum(path.stat().st_size for path in files if path.is_file()) / 1e6


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Root:
    """Do what the Dockerfile does, but for what it does to Debian."""
    if not os.environ.get("IMAGES"):
        pytest.skip("takes minutes: IMAGES=1 python -m pytest tests/ops/test_images.py")
    if not shutil.which("strip"):
        pytest.skip("strip, which makes the image small: apt-get install binutils")
    folder = tmp_path_factory.mktemp("image")
    packages, final = dockerfile.stages(SERVE)
    for name in ("app", "state", "tmp"):
        (folder / name).mkdir()
    for copied in (rest for rest in dockerfile.every(packages, "COPY") if "/opt/venv" not in rest):
        *sources, into = copied.split()
        (folder / into).mkdir(exist_ok=True)
        for source in sources:
            shutil.copy(ROOT / source, folder / into)
    commands = [each for each in dockerfile.every(packages, "RUN") if not each.startswith("apt-get")]
    for command in commands:
        here = command.replace("/opt/venv", str(folder / "venv"))
        if "undertone && " in command:
            script = (ROOT / "docker" / "undertone.sh").read_text(encoding="utf-8")
            (folder / "venv" / "bin" / "undertone").write_text(
                script.replace("/app", str(folder / "app")), encoding="utf-8"
            )
        done = subprocess.run(here, shell=True, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    tracked = subprocess.run(
        ["git", "ls-files", "backend", "extension"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    for name in tracked:
        (folder / "app" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / "app" / name, follow_symlinks=False)
    assert [rest for rest in dockerfile.every(final, "COPY") if "--from" not in rest] == [
        "backend backend",
        "extension extension",
    ]
    return Root(folder)


@dataclass(frozen=True)
class Running:
    """A server that the image's own CMD has started."""

    root: Root
    process: subprocess.Popen[bytes]
    address: str
    token: str


@pytest.fixture(scope="module")
def running(root: Root) -> Iterator[Running]:
    """Make the tokens as the compose file does, and start the server."""
    final = dockerfile.stages(SERVE)[-1]
    port = str(free_port())
    environment = root.environment | {"UNDERTONE_PORT": port}
    made = subprocess.run(
        ["sh", str(ROOT / "docker" / "tokens.sh"), str(root.folder / "tmp")],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    server = subprocess.Popen(dockerfile.words_of(dockerfile.every(final, "CMD")[0]), env=environment)
    try:
        yield Running(root, server, f"http://127.0.0.1:{port}", made.stdout.split()[-1])
    finally:
        if server.poll() is None:
            server.kill()
        server.wait()


def is_healthy(running: Running) -> bool:
    """Return whether the image's own HEALTHCHECK finds the server ready."""
    (check,) = dockerfile.every(dockerfile.stages(SERVE)[-1], "HEALTHCHECK")
    words = [
        word.replace("http://127.0.0.1:8000", running.address) for word in dockerfile.words_of(check)
    ]
    done = subprocess.run(words, env=running.root.environment, capture_output=True, check=False)
    return done.returncode == 0


def ask(running: Running, token: str, path: str, body: object = None) -> bytes:
    """Return what the server answers to whoever has `token`."""
    request = urllib.request.Request(
        running.address + path,
        None if body is None else json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=60) as response:
        content: bytes = response.read()
        return content


@needs_programs
@pytest.mark.parametrize("path", [SERVE, TRAIN], ids=lambda path: path.stem)
def test_hadolint_finds_nothing(path: Path) -> None:
    done = run("hadolint", "--config", ".hadolint.yaml", str(path))

    assert done.returncode == 0, done.stdout


@needs_programs
def test_hadolint_does_find_something(tmp_path: Path) -> None:
    bad = tmp_path / "Dockerfile"
    bad.write_text(SERVE.read_text(encoding="utf-8").replace("WORKDIR /app", "WORKDIR app"), "utf-8")

    assert "DL3000" in run("hadolint", "--config", ".hadolint.yaml", str(bad)).stdout


@pytest.mark.parametrize("path", [SERVE, TRAIN], ids=lambda path: path.stem)
def test_it_runs_as_nobody_and_its_base_can_be_pinned(path: Path) -> None:
    found = dockerfile.stages(path)
    final = found[-1]

    assert dockerfile.every(final, "USER") == ["10001"]
    assert all(dockerfile.every(stage, "FROM")[0].startswith("${BASE}") for stage in found)
    assert not any("gcc" in rest or "build-essential" in rest for _, rest in final)


@pytest.mark.slow
def test_a_server_of_the_image_becomes_healthy_answers_and_writes_nowhere_else(
    running: Running,
) -> None:
    before = running.root.contents()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_healthy(running):
        assert running.process.poll() is None, "it has ended"
        assert time.monotonic() < deadline, "it does not become healthy"
        time.sleep(0.2)

    body = {"video": {"id": "v"}, "comments": [{"id": "c", "text": "This made my day 😍"}]}
    found = json.loads(ask(running, running.token, "/v1/predict", {"comments": body["comments"]}))
    chart = ask(running, running.token, "/v1/charts/counts.png", body)
    watcher = (running.root.folder / "tmp" / "prometheus").read_text().strip()
    metrics = ask(running, watcher, "/metrics").decode()

    assert found["predictions"][0]["label"] == "positive"
    assert chart.startswith(b"\x89PNG")
    assert "# TYPE undertone_" in metrics
    assert running.root.contents() == before


@pytest.mark.slow
def test_tokens_are_made_once(running: Running) -> None:
    again = subprocess.run(
        ["sh", str(ROOT / "docker" / "tokens.sh"), str(running.root.folder / "tmp")],
        env=running.root.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert again.stdout == ""


@pytest.mark.slow
def test_the_image_is_small(root: Root) -> None:
    assert root.megabytes() + BASE_MB + FONTS_MB <= LARGEST_MB
    assert not list((root.folder / "venv").glob("bin/pip*"))


@pytest.mark.slow
def test_it_ends_when_it_is_told_to(running: Running) -> None:
    running.process.send_signal(signal.SIGTERM)

    assert running.process.wait(PATIENCE_SECONDS) == 0
