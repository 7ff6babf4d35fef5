"""Forks: a `python` whose programs find their libraries imported.

To import them takes longer than what tests have the stages do. Knows how to fork a process that is what
the program asked for would have been: its folder, environment, streams and ancestors. Knows nothing of
what a stage does; each imports `training` and `backend` from where it was started.

Run with the path of a socket, this is the process that forks.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import signal
import socket
import stat
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
# What isn't `-m module` is left to the interpreter itself.
_SHIM = """#!{python} -ISE
import json, os, socket, sys
if sys.argv[1:2] != ["-m"]:
    os.execv({python!r}, [{python!r}, *sys.argv[1:]])
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    asked = {{"words": sys.argv[2:], "folder": os.getcwd(), "process": os.getpid()}}
    asked["environment"] = dict(os.environ)
    socket.send_fds(server, [json.dumps(asked).encode() + b"\\n"], [0, 1, 2])
    sys.exit(server.recv(1)[0])
"""


@contextmanager
def forks(folder: Path) -> Iterator[None]:
    """Make `folder` one with a `python`, to be put first on the path of what starts stages."""
    folder.mkdir()
    address = folder / "forks.sock"
    shim = folder / "python"
    shim.write_text(_SHIM.format(python=sys.executable, address=str(address)), encoding="utf-8")
    shim.chmod(shim.stat().st_mode | stat.S_IXUSR)
    with subprocess.Popen(
        [sys.executable, "-m", "tests.training.forks", str(address)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield
        finally:
            process.terminate()


def serve(address: str) -> None:
    """Import what the stages import, and fork for each that asks."""
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    for stage in stages:
        importlib.import_module(f"training.{stage}")
    for name in [name for name in sys.modules if name.split(".")[0] in ("training", "backend")]:
        del sys.modules[name]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen()
        print("ready", flush=True)  # noqa: T201
        while True:
            client, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                answer(client)
            client.close()


def answer(client: socket.socket) -> None:
    """Be the program that `client` asks for, and tell it how that ended."""
    asked, streams = received(client)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = asked["words"]
    own = [path for path in sys.path if not Path(path or ".").resolve().is_relative_to(ROOT / "tests")]
    named = asked["environment"].get("PYTHONPATH", "").split(os.pathsep)
    sys.path[:] = [asked["folder"], *filter(None, named), *(path for path in own if path != str(ROOT))]
    # Whose child it is, a pipeline run is known by.
    os.getpid = lambda: asked["process"]
    code = 0
    try:
        runpy.run_module(asked["words"][0], run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)  # noqa: T201
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    client.send(bytes([code]))
    os._exit(code)


def received(client: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Return what `client` asks for and its streams."""
    text, streams, _, _ = socket.recv_fds(client, 1 << 16, 3)
    while not text.endswith(b"\n"):
        text += client.recv(1 << 16)
    asked: dict[str, Any] = json.loads(text)
    return asked, streams


if __name__ == "__main__":
    serve(sys.argv[1])
