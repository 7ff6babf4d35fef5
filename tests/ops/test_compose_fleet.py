"""The commands by which a rollout has containers started, and what it makes of what Docker prints."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from release.compose import Compose, run, servers_in
from release.fleet import FleetError
from tests.server import ROOT

FILE = Path("docker/compose.yaml")
COMPOSE = ["docker", "compose", "--file", "docker/compose.yaml"]


def test_new_containers_are_added_and_those_that_run_are_left_alone() -> None:
    fleet = Compose(FILE, "backend")

    assert fleet.listing() == [*COMPOSE, "ps", "--all", "--quiet", "backend"]
    assert fleet.trying() == [*COMPOSE, "run", "--detach", "--no-deps", "-T", "backend"]
    assert "--use-aliases" not in fleet.trying(), "the proxy would lead to what is being tried"
    assert fleet.adding(4) == [
        *COMPOSE, "up", "--detach", "--no-deps", "--no-recreate", "--no-build",
        "--scale", "backend=4", "backend",
    ]  # fmt: skip


def container(*addresses: str, once: str = "False") -> dict[str, object]:
    networks = {f"net{n}": {"IPAddress": it} for n, it in enumerate(addresses)}
    return {
        "Id": "c0ffee" * 8,
        "Config": {
            "Image": "registry.example/undertone@sha256:1",
            "Labels": {"com.docker.compose.oneoff": once},
        },
        "NetworkSettings": {"Networks": networks},
    }


def test_a_container_is_reached_by_its_own_address() -> None:
    (found,) = servers_in(json.dumps([container("", "172.20.0.5")]))

    assert found.name == "c0ffee" * 8
    assert found.image == "registry.example/undertone@sha256:1"
    assert found.address == "http://172.20.0.5:8000"


def test_one_that_has_ended_is_the_same_without_an_address() -> None:
    (ended,) = servers_in(json.dumps([container("")]))

    assert ended.address == ""
    assert ended == servers_in(json.dumps([container("172.20.0.9")]))[0]


def test_what_was_run_for_a_trial_is_none_of_the_service() -> None:
    tried = json.dumps([container("172.20.0.5", once="True")])

    assert servers_in(tried) == []
    assert len(servers_in(tried, of_service=False)) == 1


def test_the_image_is_settled_beside_the_other_settings_and_none_of_them_is_lost(
    tmp_path: Path,
) -> None:
    fleet = Compose(tmp_path / "compose.yaml", "backend")
    env = tmp_path / ".env"
    fleet.settle("first")
    assert env.read_text() == "UNDERTONE_IMAGE=first\n"
    assert env.stat().st_mode & 0o077 == 0
    env.write_text("POSTGRES_PASSWORD=secret\nUNDERTONE_IMAGE=first\nUNDERTONE_REPLICAS=2\n")

    fleet.settle("second")

    assert env.read_text() == "POSTGRES_PASSWORD=secret\nUNDERTONE_REPLICAS=2\nUNDERTONE_IMAGE=second\n"
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


def test_a_command_that_fails_says_what_it_said_last() -> None:
    with pytest.raises(FleetError, match=r"sh -c .* failed: no such image"):
        run(["sh", "-c", "echo pulling >&2; echo no such image >&2; exit 1"])
    with pytest.raises(FleetError, match="no-such-program can't be run: No such file"):
        run(["no-such-program"])
    assert run(["sh", "-c", "echo out; echo err >&2"], complaints=True) == "out\nerr\n"
    assert run(["sh", "-c", "echo $UNDERTONE_IMAGE"], {"UNDERTONE_IMAGE": "it"}) == "it\n"


def test_the_command_ends_with_one_line_where_docker_has_no_such_service(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "release.rollout", "image", "--compose", str(tmp_path / "compose.yaml")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert done.stdout.startswith("rollout: failed: docker ")
    assert done.stderr == ""
