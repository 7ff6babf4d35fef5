from __future__ import annotations

import shutil
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from backend.bundle import Bundle
from backend.command.doctor import CHECKS, AilmentError
from backend.settings import Settings
from backend.tokens import Tokens
from tests.backend.client import Client
from tests.backend.command.conftest import Shell
from tests.server import free_port
from tests.services import running_postgres, running_redis


def test_all_is_well_by_default(undertone: Shell) -> None:
    result = undertone("doctor", port=str(free_port()))

    assert result.exit_code == 0, result.output
    names = [line[7:].split("  ")[0] for line in result.stdout.splitlines()]
    assert names[:5] == ["settings", "state directory", "tokens", "port", "champion"]
    assert "redis" not in names
    assert "WRONG" not in result.output


def test_every_ailment_is_said_with_what_to_do(
    undertone: Shell, champion: Bundle, tmp_path: Path
) -> None:
    bundle = Path(shutil.copytree(champion.directory, tmp_path / "bundle"))
    (bundle / "model.onnx").write_bytes(b"no model")
    undertone.state.mkdir()
    undertone.state.chmod(0o777)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        result = undertone(
            "doctor", port=port, bundle=str(bundle), redis="redis://:hunter2@127.0.0.1:1/0",
            require_token="true",
        )  # fmt: skip

    assert result.exit_code == 1
    wrong = {line[7:].split("  ")[0]: line for line in result.stdout.splitlines() if "WRONG" in line}
    assert f"chmod go-w {undertone.state}" in wrong["state directory"]
    assert "undertone token create" in wrong["tokens"]
    assert "UNDERTONE_PORT" in wrong["port"]
    assert "UNDERTONE_BUNDLE" in wrong["champion"]
    assert "UNDERTONE_REDIS" in wrong["redis"]
    assert len(wrong) == 5
    assert "hunter2" not in result.output
    assert "5 of these are wrong." in result.stderr


def test_a_running_server_is_no_ailment(undertone: Shell, client: Client) -> None:
    port = client.address.rpartition(":")[2]

    assert f"an Undertone answers on 127.0.0.1 port {port}" in undertone("doctor", port=port).stdout


def test_tokens_are_counted(undertone: Shell) -> None:
    Tokens(undertone.state).create("ci", ["read"])

    said = undertone("doctor", port=str(free_port()), require_token="true").stdout

    assert "needed, and 1 valid" in said


def test_redis_is_asked() -> None:
    with running_redis() as service:
        settings = Settings(redis=service.address)
        assert CHECKS["redis"](settings) == f"{service.address} answers"
        service.stop()
        with pytest.raises(AilmentError, match="does not answer"):
            CHECKS["redis"](settings)


def test_the_database_is_asked() -> None:
    with running_postgres() as service:
        plain = service.address.replace("+psycopg", "")
        for address in (service.address, plain):
            assert (CHECKS["database"](Settings(database=address)) or "").endswith("answers")
        service.stop()
        with pytest.raises(AilmentError, match="UNDERTONE_DATABASE"):
            CHECKS["database"](Settings(database=plain))
    assert CHECKS["database"](Settings()) is None


def test_the_registry_is_asked() -> None:
    class Registry(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/health" else 404)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Registry) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        assert CHECKS["registry"](Settings(registry=f"{address}/")) == f"{address}/ answers"
        with pytest.raises(AilmentError, match="404"):
            CHECKS["registry"](Settings(registry=f"{address}/elsewhere"))
        server.shutdown()
    with pytest.raises(AilmentError, match="UNDERTONE_REGISTRY"):
        CHECKS["registry"](Settings(registry=address))
    assert CHECKS["registry"](Settings(registry="sqlite:///mlflow.db")) is None
