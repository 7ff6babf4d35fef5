from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backend import __version__
from backend.command import SUBCOMMANDS
from tests.backend.command.conftest import Shell, complaint
from tests.server import ROOT

HEAVY = ("click.testing", "flask", "numpy", "onnxruntime", "pydantic", "sqlalchemy", "matplotlib")


def test_help_is_quick_because_it_imports_nothing_heavy() -> None:
    program = (
        "import sys; from backend.command import command; command(['--help'], standalone_mode=False); "
        f"print('heavy:', [name for name in {HEAVY} if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    assert said.endswith("heavy: []\n")
    for name, what in SUBCOMMANDS.items():
        assert f"{name} " in said
        assert what in said


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_every_subcommand_explains_itself(undertone: Shell, name: str) -> None:
    result = undertone(name, "--help")

    assert result.exit_code == 0
    assert result.output.startswith(f"Usage: undertone {name} ")
    assert "\\b" not in result.output, "a mark for click is shown"


def test_the_version_is_told(undertone: Shell) -> None:
    assert undertone("--version").output == f"undertone {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [["predcit"], ["predict", "--colour", "x"], ["token", "create"], ["serve", "--port", "x"]],
)
def test_a_wrong_command_line_ends_with_2(undertone: Shell, arguments: list[str]) -> None:
    complaint(undertone(*arguments), code=2)


def test_a_wrong_setting_is_one_line_and_ends_with_1(undertone: Shell) -> None:
    for arguments in (["settings"], ["doctor"], ["predict", "x"], ["token", "list"]):
        assert "did you mean UNDERTONE_PORT?" in complaint(undertone(*arguments, prot="1"))


def test_serve_refuses_what_others_can_reach_without_token(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "backend.command", "serve", "--host", "0.0.0.0"],
        cwd=ROOT,
        env={"UNDERTONE_STATE": str(tmp_path), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "undertone token create" in ended.stderr


def test_make_makes_a_command_that_works_from_anywhere(tmp_path: Path) -> None:
    programs = tmp_path / "an environment" / "bin"
    programs.mkdir(parents=True)
    python = programs / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    (tmp_path / "backend").mkdir()
    (tmp_path / "click.py").write_text("raise RuntimeError('not from here')")
    link = tmp_path / "environment"
    link.symlink_to(tmp_path / "an environment")

    subprocess.run(["make", "--silent", f"VENV={link}", f"{link}/bin/undertone"], cwd=ROOT, check=True)
    said = subprocess.run(
        [link / "bin/undertone", "predict", "it's \"so\" $good\nreally"],
        cwd=tmp_path, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert said.stdout.startswith('{"text": "it\'s \\"so\\" $good\\nreally", "label": ')
