"""The server as a process: how it starts, refuses to start, and ends."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from backend import create_app
from backend.bundle import MODEL, Bundle
from backend.classifier import Classifier, Encoded
from backend.settings import Settings
from tests.backend.client import Answer, Client
from tests.backend.load import metric, until
from tests.server import PATIENCE_SECONDS, ROOT, refused_start, running_process


def test_what_is_imported_before_the_fork_starts_no_threads() -> None:
    imports = "import sys, backend.server; sys.exit('onnxruntime' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", imports], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_corrupt_bundle_is_refused_by_the_checksum_that_failed(
    champion: Bundle, tmp_path: Path, name: str
) -> None:
    copy = Path(shutil.copytree(champion.directory, tmp_path / "bundle"))
    with (copy / name).open("r+b") as file:
        file.seek(1000)
        file.write(b"\x00corrupt")

    said = refused_start(bundle=str(copy))

    assert f"{name} does not hold" in said
    assert champion.card.files[name].sha256 in said
    assert "Traceback" not in said


def test_a_missing_bundle_is_refused(tmp_path: Path) -> None:
    assert "no bundle card" in refused_start(bundle=str(tmp_path / "nowhere"))


def test_a_taken_port_is_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        said = refused_start(port=port)

    assert f"can't listen on 127.0.0.1 port {port}" in said
    assert "UNDERTONE_PORT" in said
    assert len(said.strip().splitlines()) == 1


def test_a_misspelt_setting_is_refused() -> None:
    assert "did you mean UNDERTONE_WORKERS" in refused_start(wokers="3")


def test_a_request_in_flight_is_finished_before_the_server_ends() -> None:
    comments = [f"comment number {n}, and some more words to read" for n in range(600)]
    answers: list[Answer] = []
    with running_process() as (address, process):
        client = Client(address)
        asking = threading.Thread(
            target=lambda: answers.append(client.post("/v1/predict", {"comments": comments}))
        )
        asking.start()
        until(lambda: metric(client, "undertone_waiting_comments") == 600, "it is taken up")
        process.send_signal(signal.SIGTERM)
        asking.join(PATIENCE_SECONDS)
        code = process.wait(PATIENCE_SECONDS)

    assert answers[0].status == 200
    assert len(answers[0].json["predictions"]) == 600
    assert code == 0


def test_the_process_that_forks_imports_nothing_that_does_not_survive_it() -> None:
    bad = {"onnxruntime", "prometheus_client", "backend.metrics", "mlflow", "pyarrow", "redis"}
    program = f"import sys, backend.server, backend.worker; print({bad} & set(sys.modules))"

    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)

    assert (said.stdout, said.stderr) == ("set()\n", "")


def test_limits_are_settings() -> None:
    with running_process(max_comments="2", workers="2") as (address, _):
        client = Client(address)

        assert client.post("/v1/predict", {"comments": ["a", "b"]}).status == 200
        answer = client.post("/v1/predict", {"comments": ["a", "b", "c"]})

    assert answer.status == 422
    assert answer.json["errors"][0]["limit"] == 2


def test_a_failure_inside_says_nothing_of_the_inside(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    client = create_app(Settings(state=tmp_path)).test_client()

    def fail(self: Classifier, batch: list[Encoded]) -> None:
        raise RuntimeError(f"secret path {MODEL}")

    monkeypatch.setattr(Classifier, "run", fail)
    answer = client.post("/v1/predict", json={"comments": ["a"]})

    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "secret" not in answer.text
    assert client.get("/health/ready").status_code == 503
