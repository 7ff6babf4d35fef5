"""The compose file, without an engine: what Compose makes of it, and what it promises."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.ops.programs import ROOT, needs_programs, run

FILE = ROOT / "docker" / "compose.yaml"
SECRETS = ("POSTGRES_PASSWORD", "S3_KEY", "S3_SECRET", "GRAFANA_PASSWORD")

pytestmark = needs_programs


@pytest.fixture
def passwords(tmp_path: Path) -> Path:
    """Return a file of passwords as `make up` writes it."""
    path = tmp_path / "env"
    path.write_text("".join(f"{name}=secret-{name}\n" for name in SECRETS), encoding="utf-8")
    return path


@pytest.fixture
def composed(passwords: Path) -> dict[str, Any]:
    """Return the compose file as Compose understands it."""
    done = run(
        "docker-compose",
        "--env-file",
        str(passwords),
        "--file",
        str(FILE),
        "config",
        "--format",
        "json",
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_compose_refuses_to_start_without_passwords(tmp_path: Path) -> None:
    empty = tmp_path / "env"
    empty.touch()

    done = run("docker-compose", "--env-file", str(empty), "--file", str(FILE), "config", "--quiet")

    assert done.returncode != 0
    assert "make up writes docker/.env" in done.stderr


def test_every_service_is_kept_small(composed: dict[str, Any]) -> None:
    for name, service in composed["services"].items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        assert service.get("tag", service["image"]).count(":") == 1, f"{name} has no version"


def test_only_this_machine_reaches_what_is_published(composed: dict[str, Any]) -> None:
    published = {
        name: [port["host_ip"] for port in service["ports"]]
        for name, service in composed["services"].items()
        if "ports" in service
    }

    assert set(published) == {"proxy", "mlflow", "prometheus", "grafana"}
    assert {address for addresses in published.values() for address in addresses} == {"127.0.0.1"}


def test_the_servers_can_be_many_and_write_only_where_they_may(composed: dict[str, Any]) -> None:
    backend = composed["services"]["backend"]

    assert backend["deploy"]["replicas"] == 2
    assert "ports" not in backend
    assert backend["read_only"]
    assert [volume["target"] for volume in backend["volumes"]] == ["/var/lib/undertone"]


def test_settings_of_the_servers_are_settings(composed: dict[str, Any]) -> None:
    from backend.settings import PREFIX, Settings

    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for name, service in composed["services"].items():
        given = {each for each in service.get("environment") or {} if each.startswith(PREFIX)}
        assert given <= known, name


def test_what_is_waited_for_is_checked_and_what_is_mounted_is_there(composed: dict[str, Any]) -> None:
    services = composed["services"]
    # These images bring a check of their own.
    own = {"backend"}
    for name, service in services.items():
        for other, how in (service.get("depends_on") or {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[other] or other in own, f"{name} waits for {other}"
        for volume in service.get("volumes") or ():
            if volume["type"] == "bind":
                assert Path(volume["source"]).exists(), f"{name}: {volume['source']}"


def test_secrets_come_from_outside_alone() -> None:
    text = FILE.read_text(encoding="utf-8")

    assert all(f"${{{name}" in text for name in SECRETS)
    for service in yaml.safe_load(text)["services"].values():
        for name, value in (service.get("environment") or {}).items():
            if "PASSWORD" in name or "SECRET" in name:
                assert str(value).startswith("${"), name
