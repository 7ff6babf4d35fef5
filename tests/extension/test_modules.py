"""The modules of the extension and of the creator's page, under Node's own test runner."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NODE_MAJOR = 20
FOLDERS = (HERE, HERE.parent / "page")
MODULES = [path.relative_to(ROOT) for folder in FOLDERS for path in sorted(folder.glob("*.test.js"))]


@pytest.fixture(scope="session")
def node() -> str:
    """Return where Node is; the tests fail without it, since the extension is half of the product."""
    found = shutil.which("node")
    assert found, f"Node {NODE_MAJOR} or later is needed for the extension's tests: https://nodejs.org"
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    major = int(version.strip().removeprefix("v").split(".")[0])
    assert major >= NODE_MAJOR, f"Node {NODE_MAJOR} or later is needed, this is {version.strip()}"
    return found


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_module(node: str, module: Path) -> None:
    done = subprocess.run(
        [node, "--test", "--test-reporter=spec", str(module)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stdout + done.stderr
