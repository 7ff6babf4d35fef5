"""A real MLflow server that keeps artifacts too, in a folder of its own on a free port.

Knows how it is started and ended, and how a bundle is registered. Knows nothing of what is in one.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlflow import MlflowClient

from tests.server import PATIENCE_SECONDS, free_port

MODEL = "undertone"


@contextmanager
def running_registry(folder: Path) -> Iterator[str]:
    """Start the server with an empty registry in `folder`, yield its address, end it.

    Raises:
        RuntimeError: it does not answer in time.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (folder / "said").open("w") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
             "--workers", "1", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
             "--artifacts-destination", str(folder / "artifacts")],
            cwd=folder, stdout=said, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        try:
            _wait_for(f"{address}/health", server)
            yield address
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait(PATIENCE_SECONDS)


def register(client: MlflowClient, bundle: Path) -> str:
    """Register `bundle` as `training.register` does, and return its version."""
    found = client.get_experiment_by_name("tests")
    experiment = found.experiment_id if found else client.create_experiment("tests")
    run = client.create_run(experiment)
    client.log_artifacts(run.info.run_id, str(bundle), "bundle/tiny")
    if not client.search_registered_models(f"name = '{MODEL}'"):
        client.create_registered_model(MODEL)
    source = f"{run.info.artifact_uri}/bundle/tiny"
    return str(client.create_model_version(MODEL, source, run.info.run_id).version)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=10):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"nothing answers at {address}")
