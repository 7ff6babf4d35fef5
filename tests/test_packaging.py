"""What `pip install` of the project brings: everything that serving needs, and the command."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from configparser import ConfigParser
from pathlib import Path

from backend import __version__
from tests.server import ROOT

# The backend, and what it may link to; nothing else that lies in the folder.
_FILES = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "backend", "extension"]


def test_a_wheel_holds_every_file_of_the_backend_and_the_command(tmp_path: Path) -> None:
    listed = subprocess.run(_FILES, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    source = tmp_path / "source"
    for name in [*listed.splitlines(), "pyproject.toml", "README.md", "LICENSE"]:
        if (ROOT / name).exists():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, source / name, follow_symlinks=False)
    files = {
        (Path(folder) / name).relative_to(source).as_posix()
        for folder, _, names in os.walk(source / "backend", followlinks=True)
        for name in names
    }

    subprocess.run(
        [sys.executable, "-c", "import setuptools.build_meta as it; it.build_wheel('..')"],
        cwd=source, capture_output=True, check=True,
    )  # fmt: skip

    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert files <= set(archive.namelist())
        scripts = ConfigParser()
        scripts.read_string(
            archive.read(f"undertone-{__version__}.dist-info/entry_points.txt").decode()
        )
    assert scripts["console_scripts"]["undertone"] == "backend.command:main"
