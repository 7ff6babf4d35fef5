"""Champions from a real MLflow server and from S3: served, followed, rolled back, done without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from mlflow import MlflowClient
from moto.server import ThreadedMotoServer

from tests.backend.client import Client
from tests.backend.load import metric, until, versions
from tests.backend.tiny import gives_nan, tiny_bundle
from tests.registry import MODEL, register, running_registry
from tests.server import free_port, refused_start, running_backend

pytestmark = pytest.mark.slow

CHAMPION = f"models:/{MODEL}@champion"
KEYS = {"aws_access_key_id": "made", "aws_secret_access_key": "up", "region_name": "us-east-1"}


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of an MLflow server that keeps artifacts too."""
    with running_registry(tmp_path_factory.mktemp("mlflow")) as address:
        yield address


def test_the_alias_of_a_registry_is_followed_forth_and_back(registry: str, tmp_path: Path) -> None:
    known = MlflowClient(registry)
    bundles = [tiny_bundle(tmp_path / name, name).directory for name in ("1", "2")]
    bundles.append(tiny_bundle(tmp_path / "bad", "bad", change=gives_nan).directory)
    first, second, bad = (register(known, bundle) for bundle in bundles)
    known.set_registered_model_alias(MODEL, "champion", first)
    state = tmp_path / "state"
    settings = {"bundle": CHAMPION, "registry": registry, "poll": "0.2", "state": str(state)}

    with running_backend(workers="2", **settings) as address:
        client = Client(address)
        until(lambda: versions(client) == ["1", "1"], "the champion is served")
        known.set_registered_model_alias(MODEL, "champion", second)
        until(lambda: versions(client) == ["2", "2"], "the alias is followed")
        known.set_registered_model_alias(MODEL, "champion", bad)
        until(lambda: metric(client, "undertone_model_refusals_total") > 0, "the bad one is refused")
        assert versions(client) == ["2", "2"]
        known.set_registered_model_alias(MODEL, "champion", first)
        until(lambda: versions(client) == ["1", "1"], "the way back is to set the alias back")

    gone = settings | {"registry": f"http://127.0.0.1:{free_port()}", "workers": "1"}
    with running_backend(**gone) as address:
        client = Client(address)
        assert versions(client) == ["1"], "a registry that is away keeps nobody from starting"
        until(lambda: metric(client, "undertone_model_source_failures_total") > 0, "that is counted")
    said = refused_start(**(gone | {"state": str(tmp_path / "fresh")}))
    assert "can't be asked" in said.splitlines()[-1]
    assert "Traceback" not in said


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run an S3 server with a bucket, and let the environment name it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in KEYS.items():
        monkeypatch.setenv(name.upper(), value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    boto3.client("s3", **KEYS).create_bucket(Bucket="models")
    yield
    server.stop()


def upload(bundle: Path) -> None:
    """Put `bundle` where the server looks, its card last."""
    client = boto3.client("s3", **KEYS)
    for path in sorted(bundle.iterdir(), key=lambda path: path.name == "bundle.json"):
        client.upload_file(str(path), "models", f"undertone/champion/{path.name}")


@pytest.mark.usefixtures("bucket")
def test_a_prefix_of_s3_is_followed(tmp_path: Path) -> None:
    address = "s3://models/undertone/champion"
    assert "has no bundle.json" in refused_start(bundle=address)
    upload(tiny_bundle(tmp_path / "1", "1").directory)

    with running_backend(bundle=address, workers="2", poll="0.2") as server:
        client = Client(server)
        until(lambda: versions(client) == ["1", "1"], "the champion is served")
        upload(tiny_bundle(tmp_path / "2", "2", weight=5.0).directory)
        until(lambda: versions(client) == ["2", "2"], "another one is taken")
