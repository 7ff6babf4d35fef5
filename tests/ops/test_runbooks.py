"""The commands of docs/runbooks.md, taken from there and run against real servers."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from alembic import command
from mlflow import MlflowClient
from sqlalchemy.engine import URL, make_url

from backend.command import SUBCOMMANDS
from backend.history.database import Database
from backend.history.migrate import _config, _head
from backend.tokens import Tokens
from tests.backend.client import Client
from tests.backend.history.made_up import query
from tests.backend.load import Load, until
from tests.backend.tiny import tiny_bundle
from tests.registry import MODEL, register, running_registry
from tests.server import ROOT, free_port, running_process
from tests.services import running_postgres

pytestmark = pytest.mark.slow

DOCUMENT = (ROOT / "docs" / "runbooks.md").read_text(encoding="utf-8")
ELSEWHERE = re.compile(r"^(docker compose|make) ", re.MULTILINE)
TAKEN: set[str] = set()
# What a backup does without: a lock, what SQLite makes anew, and a folder in which nothing waits.
LOST = {"tokens.lock", "history.db-shm", "history.db-wal", "spool"}


def blocks() -> dict[str, list[str]]:
    """Return the blocks of commands of each section."""
    sections = re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)[1:]
    return {
        section.splitlines()[0]: re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
        for section in sections
    }


def block(section: str, holds: str) -> str:
    """Return the one block of a section that `holds` this, and is not Docker's."""
    (found,) = (each for each in blocks()[section] if holds in each and not re.search(ELSEWHERE, each))
    TAKEN.add(found)
    return found


WELL = block("Install", "doctor")
BACK_UP, DUMP = block("Back up", "undertone backup"), block("Back up", "pg_dump")
RESTORE, RESTORE_DUMP = block("Restore", "undertone restore"), block("Restore", "pg_restore")
ASK = block("Restore", "curl")
MIGRATE = block("Upgrade", "migrate")
ROTATE, ROTATE_NOW = block("Rotate tokens", "24h"), block("Rotate tokens", "0s")
ALIAS, LINK = block("Roll back a model", "MlflowClient"), block("Roll back a model", "ln -s")
SERVED = block("Roll back a model", "/v1/model")


class Terminal:
    """Where somebody types: `undertone` and `python` are on the path, and no settings are there."""

    def __init__(self, folder: Path) -> None:
        self.environment = {
            name: value for name, value in os.environ.items() if not name.startswith("UNDERTONE_")
        }
        programs = folder / "bin"
        programs.mkdir()
        for name, words in {"python": [], "undertone": ["-m", "backend.command"]}.items():
            line = shlex.join(["exec", sys.executable, *words])
            (programs / name).write_text(f'#!/bin/sh\n{line} "$@"\n', encoding="utf-8")
            (programs / name).chmod(0o755)
        self.environment["PATH"] = f"{programs}{os.pathsep}{os.environ['PATH']}"

    def __call__(self, commands: str, **environment: str | Path) -> subprocess.CompletedProcess[str]:
        """Type `commands`, up to the first that fails."""
        return subprocess.run(
            ["sh", "-euc", commands],
            cwd=ROOT,
            env=self.environment | {name: str(value) for name, value in environment.items()},
            capture_output=True,
            text=True,
            check=False,
        )

    def well(self, commands: str, **environment: str | Path) -> str:
        """Type `commands`, and return what they print.

        Raises:
            AssertionError: one fails.
        """
        done = self(commands, **environment)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    return Terminal(tmp_path)


def served(folder: Path, **settings: str) -> dict[str, str]:
    """Return the settings of a server that keeps its state in `folder` and serves a tiny champion."""
    offered = folder / "offered"
    if not offered.exists():
        tiny_bundle(offered, "1")
    known = {"state": str(folder / "state"), "bundle": str(offered), "workers": "1"}
    return known | {"port": str(free_port())} | settings


def typed(settings: dict[str, str], **environment: str | Path) -> dict[str, Any]:
    """Return `settings` as the terminal's environment has them."""
    return {f"UNDERTONE_{name.upper()}": value for name, value in settings.items()} | environment


def analyse(client: Client, video: str, number: int) -> None:
    comments = [{"id": f"c{n}", "text": f"I love {n}", "author": f"@{n}"} for n in range(number)]
    asked = {"video": {"id": video, "title": f"About {video}"}, "comments": comments}
    assert client.post("/v1/analyze", asked).status == 200


def fill(client: Client) -> dict[str, Any]:
    """Give a server a history, and return what it answers of that."""
    for video in ("first", "second"):
        analyse(client, video, 3)
    correction = {"text": "I love it", "label": "negative", "video_id": "first"}
    assert client.post("/v1/feedback", correction).status == 202
    until(lambda: len(client.get("/v1/videos").json["videos"]) == 2, "the history is stored")
    return known(client)


def known(client: Client) -> dict[str, Any]:
    """Return what a server answers of the two videos."""
    paths = [f"/v1/videos/{video}" for video in ("first", "second")]
    return {path: client.get(path).json for path in paths}


def feedback(url: URL) -> list[tuple[object, ...]]:
    return query(url, "SELECT text, label, video_id FROM feedback")


def test_a_server_that_was_installed_is_well(terminal: Terminal, tmp_path: Path) -> None:
    settings = served(tmp_path)
    with running_process(**settings) as (address, _):
        said = terminal.well(WELL, **typed(settings, ADDRESS=address))
        assert "an Undertone answers" in said
        assert '"ready"' in said

    assert terminal(WELL, **typed(settings, ADDRESS=address)).returncode == 7, "nobody answers"


def test_a_backup_under_load_brings_back_what_was_answered(terminal: Terminal, tmp_path: Path) -> None:
    settings = served(tmp_path)
    state, backup = tmp_path / "state", tmp_path / "backup"
    _, secret = Tokens(state).create("people", ["read"])
    with running_process(**settings) as (address, _):
        client = Client(address)
        before = fill(client)
        with light_load(address) as load:
            until(lambda: len(load.answers) > 5, "there is load")
            terminal.well(BACK_UP, **typed(settings, BACKUP=backup))
        assert {answer.status for answer in load.answers} == {200}
        refused = terminal(RESTORE, **typed(settings, BACKUP=backup))
        assert "already: say --replace" in refused.stderr
        with tarfile.open(backup / "undertone.tar.gz") as tar:
            saved = {name.partition("/")[0] for name in tar.getnames()}
        assert {path.name for path in state.iterdir()} - saved <= LOST
    shutil.rmtree(state)

    terminal.well(RESTORE, **typed(settings, BACKUP=backup))

    with running_process(**settings) as (address, _):
        assert known(Client(address)) == before
        assert "second" in terminal.well(ASK, ADDRESS=address, SECRET="")
    url = URL.create("sqlite", database=str(state / "history.db"))
    assert feedback(url) == [("I love it", "negative", "first")]
    assert Tokens(state).find(secret)


def test_with_postgresql_too(terminal: Terminal, tmp_path: Path) -> None:
    backup = tmp_path / "backup"
    with running_postgres() as postgres:
        settings = served(tmp_path, database=postgres.address.replace("+psycopg", ""))
        with running_process(**settings) as (address, _):
            client = Client(address)
            before = fill(client)
            with light_load(address) as load:
                until(lambda: len(load.answers) > 5, "there is load")
                for commands in (BACK_UP, DUMP):
                    terminal.well(commands, **typed(settings, BACKUP=backup))
            assert {answer.status for answer in load.answers} == {200}
        shutil.rmtree(tmp_path / "state")
        destroyed = (
            'psql --quiet --dbname="$UNDERTONE_DATABASE" -c "DROP TABLE feedback, videos CASCADE"'
        )
        terminal.well(destroyed, **typed(settings))

        for commands in (RESTORE, RESTORE_DUMP):
            terminal.well(commands, **typed(settings, BACKUP=backup))

        with running_process(**settings) as (address, _):
            assert known(Client(address)) == before
        assert feedback(make_url(postgres.address)) == [("I love it", "negative", "first")]
    assert {path.stat().st_mode & 0o077 for path in backup.iterdir()} == {0}


def test_an_older_history_is_upgraded_and_loses_nothing(terminal: Terminal, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    url = URL.create("sqlite", database=str(state / "history.db"))
    older = Database(url)
    with older.writing() as connection:
        command.upgrade(_config(connection), "0001")
    older.close()
    with closing(sqlite3.connect(state / "history.db")) as connection, connection:
        connection.execute(
            "INSERT INTO feedback (id, position, received_at, day, text, label) VALUES"
            " ('00000000000000000000000000000001', 1, '2026-01-01', '2026-01-01', 'old', 'neutral')"
        )

    said = terminal.well(MIGRATE, UNDERTONE_STATE=state)

    assert said == f"the history is at revision {_head()}\n"
    assert query(url, "SELECT version_num FROM alembic_version") == [(_head(),)]
    assert feedback(url) == [("old", "neutral", None)]


def test_a_token_is_rotated_with_an_overlap_and_without(terminal: Terminal, tmp_path: Path) -> None:
    settings = served(tmp_path, require_token="true")
    _, first = Tokens(tmp_path / "state").create("people", ["read"])
    with running_process(**settings) as (address, _):

        def opens(secret: str) -> bool:
            return terminal(ASK, ADDRESS=address, SECRET=secret).returncode == 0

        *listed, second = terminal.well(ROTATE, **typed(settings, TOKEN="people")).split()
        assert "people" in listed
        assert [opens(secret) for secret in (first, second)] == [True, True]
        third = terminal.well(ROTATE_NOW, **typed(settings, TOKEN="people")).strip()
        assert [opens(secret) for secret in (first, second, third)] == [False, False, True]


def test_a_model_is_rolled_back_by_its_folder(terminal: Terminal, tmp_path: Path) -> None:
    for version in ("1", "2"):
        tiny_bundle(tmp_path / version, version)
    (tmp_path / "champion").symlink_to(tmp_path / "2")
    settings = served(tmp_path, bundle=str(tmp_path / "champion"), poll="0.1")
    with running_process(**settings) as (address, _), light_load(address) as load:
        until(lambda: len(load.answers) > 5, "there is load")
        terminal.well(LINK, **typed(settings, GOOD=tmp_path / "1"))
        until(lambda: load.answers[-1].json["model"]["version"] == "1", "the good one answers")
        assert '"version":"1"' in terminal.well(SERVED, ADDRESS=address).replace(" ", "")
    assert_no_request_failed(load)


def test_a_model_is_rolled_back_by_its_alias(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "mlflow").mkdir()
    with running_registry(tmp_path / "mlflow") as registry:
        known = MlflowClient(registry)
        good, bad = (
            register(known, tiny_bundle(tmp_path / name, name).directory) for name in ("1", "2")
        )
        known.set_registered_model_alias(MODEL, "champion", bad)
        settings = served(tmp_path, bundle=f"models:/{MODEL}@champion", registry=registry, poll="1")
        with (
            running_process(**settings) as (address, _),
            light_load(address) as load,
        ):
            until(lambda: len(load.answers) > 5, "there is load")
            terminal.well(ALIAS, MLFLOW_TRACKING_URI=registry, VERSION=good)
            until(lambda: load.answers[-1].json["model"]["version"] == "1", "the good one answers")
    assert_no_request_failed(load)


def light_load(address: str) -> Load:
    """Return a client that asks all the time, and leaves room for what is done meanwhile."""
    return Load(Client(address), 1, ["I love this"], pause=0.1)


def assert_no_request_failed(load: Load) -> None:
    """Check that every request under `load` was answered, first by version 2, then by version 1."""
    assert load.failures == []
    assert {answer.status for answer in load.answers} == {200}
    assert sorted({answer.json["model"]["version"] for answer in load.answers}) == ["1", "2"]


def elsewhere() -> Iterator[str]:
    """Yield each line of a block that needs Docker, or an installation."""
    for section in blocks().values():
        for each in section:
            if re.search(ELSEWHERE, each):
                yield from each.splitlines()


def test_every_block_is_run_here_or_needs_docker() -> None:
    all_of_them = {each for section in blocks().values() for each in section}

    assert {each for each in all_of_them if not re.search(ELSEWHERE, each)} == TAKEN


@pytest.mark.parametrize("line", sorted({line for line in elsewhere() if line.startswith("docker")}))
def test_a_command_of_docker_names_what_there_is(line: str) -> None:
    compose = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))
    words = shlex.split(line.partition(" <")[0].partition(" >")[0])
    verb, *rest = words[4:]
    plain = [word for word in rest if not word.startswith("-")]

    assert words[:4] == ["docker", "compose", "--file", "docker/compose.yaml"]
    assert verb in {"exec", "run", "up", "stop"}
    named = plain if verb in {"up", "stop"} else plain[:1]
    assert named
    assert set(named) <= set(compose["services"])
    if "undertone" in plain[1:2]:
        assert plain[2] in SUBCOMMANDS


@pytest.mark.parametrize("line", sorted({line for line in elsewhere() if line.startswith("make")}))
def test_a_target_of_make_is_there(line: str) -> None:
    asked = [*shlex.split(line), "--dry-run"]

    assert subprocess.run(asked, cwd=ROOT, capture_output=True, check=False).returncode == 0


def test_the_rest_of_such_a_block_is_plain() -> None:
    assert {line for line in elsewhere() if not re.match(ELSEWHERE, line)} == {
        "umask 077", 'mkdir -p "$BACKUP"', 'cp docker/.env "$BACKUP/env"',
    }  # fmt: skip
