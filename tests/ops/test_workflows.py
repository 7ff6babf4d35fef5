"""The workflows are sound, have few rights, and run only what this repository has commands for."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.server import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
NAMES = [path.stem for path in WORKFLOWS]
DOCUMENTED = ROOT / "docs" / "deploying.md"


def tool(name: str) -> str:
    """Return where the program `name` of a development package is.

    Raises:
        FileNotFoundError: it is not installed.
    """
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    found = shutil.which(name, path=path)
    if found is None:
        raise FileNotFoundError(f"{name} is missing: make .venv/.dev")
    return found


def lint(*paths: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [tool("actionlint"), "-shellcheck", tool("shellcheck"), "-oneline", *map(str, paths)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def read(path: Path) -> dict[str, Any]:
    """Return a workflow; YAML takes the key `on` for True."""
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in read(path)["jobs"].values():
        yield from job["steps"]


def scripts() -> Iterator[tuple[str, str]]:
    """Yield the shell of every step, and the workflow that it is in."""
    for path in WORKFLOWS:
        for step in steps(path):
            if "run" in step:
                yield path.stem, step["run"]


def test_actionlint_and_shellcheck_find_nothing() -> None:
    done = lint(*WORKFLOWS)

    assert done.stdout + done.stderr == ""
    assert done.returncode == 0


def test_they_would_find_words_that_split_and_what_a_stranger_can_write(tmp_path: Path) -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    bad = tmp_path / "bad.yml"
    script = "run: cat $HOME/${{ github.event.issue.title }}"
    bad.write_text(text.replace("run: make audit", script), encoding="utf-8")

    said = lint(bad).stdout

    assert "SC2086" in said
    assert "potentially untrusted" in said


def test_zizmor_finds_no_way_in() -> None:
    done = subprocess.run(
        [tool("zizmor"), "--offline", "--quiet", "--no-progress", ".github"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=NAMES)
def test_every_job_has_an_end_and_only_the_rights_it_is_given(path: Path) -> None:
    workflow = read(path)

    assert workflow["permissions"] in ({}, {"contents": "read"})
    assert "concurrency" in workflow
    for name, job in workflow["jobs"].items():
        assert job["timeout-minutes"] <= 360, name
        assert "write-all" not in str(job.get("permissions")), name
        for step in job["steps"]:
            assert "@" in step.get("uses", "@"), "an action of no version"
            assert not re.search(r"@(main|master|latest)$", step.get("uses", ""))


@pytest.mark.parametrize(("workflow", "script"), list(scripts()))
def test_no_script_has_anything_pasted_into_it(workflow: str, script: str) -> None:
    assert "${{" not in script, "what comes from outside comes by the environment"
    assert not re.search(r"\b(set -x|printenv|env \|)", script), "secrets would be printed"


def commands() -> list[tuple[str, str]]:
    """Return every `make` and every `python -m` of the workflows, as they are written."""
    return [
        (workflow, command)
        for workflow, script in scripts()
        for command in re.findall(
            r"(?:^|&& |\b)((?:make|\S*python3? -m) [^\n|&>]*[^\n|&> ])", script, re.MULTILINE
        )
    ]


@pytest.mark.parametrize(("workflow", "command"), commands())
def test_every_command_is_one_of_this_repository(workflow: str, command: str) -> None:
    if command.startswith("make"):
        done = subprocess.run(
            [*shlex.split(command), "--dry-run", "--no-print-directory"],
            cwd=ROOT, env=os.environ | {"GITHUB_REF_NAME": "v1"}, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        command = done.stdout
    for module, options in re.findall(r"python3? -m ([\w.]+)([^\n]*)", command):
        knows_its_options(module, options)


def knows_its_options(module: str, options: str) -> None:
    assert importlib.util.find_spec(module) is not None, f"there is no {module}"
    ours = module.split(".")[0] in ("backend", "docs", "release", "tests", "training")
    for option in re.findall(r"(?<!\S)--[\w-]+", options) if ours else ():
        assert option in helped(module), f"{module} knows no {option}"


@cache
def helped(module: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", module, "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_has_to_be_set_is_documented_and_nothing_else_is() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    used = set(re.findall(r"\b(?:vars|secrets)\.(\w+)", text))

    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", DOCUMENTED.read_text("utf-8"), re.MULTILINE))

    assert documented == used
