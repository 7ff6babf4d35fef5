"""The package of the extension: what is used and nothing else, the same bytes each time, or why not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backend import __version__
from release.extension import EXTENSION, UnfitError, files_of, pack, read_manifest
from release.reach import reached
from tests.server import ROOT

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the extension, to break."""
    return Path(shutil.copytree(EXTENSION, tmp_path / "extension"))


def rewrite(copy: Path, change: Change) -> None:
    manifest = read_manifest(copy)
    change(manifest)
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def reason(copy: Path) -> str:
    """Return why `copy` is not packed."""
    with pytest.raises(UnfitError) as raised:
        files_of(copy)
    return str(raised.value)


def test_two_builds_are_the_same_to_the_byte(copy: Path, tmp_path: Path) -> None:
    for path in copy.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o700)

    first, second = pack(EXTENSION, tmp_path / "first"), pack(copy, tmp_path / "second")

    assert first.read_bytes() == second.read_bytes()
    assert first.name == f"undertone-extension-{__version__}.zip"


def test_the_package_holds_what_is_used_and_nothing_else(tmp_path: Path) -> None:
    packed = zipfile.ZipFile(pack(EXTENSION, tmp_path)).namelist()

    assert packed == sorted(packed)
    assert {"manifest.json", "popup/popup.html", "vendor/inter/inter-latin.woff2"} <= set(packed)
    assert {"_locales/ja/messages.json", "privacy/privacy.js", "ui/theme.css"} <= set(packed)
    assert "vendor/inter/LICENSE" in packed, "the font may only go with its licence"
    assert "icons/icon.svg" not in packed


def test_what_nothing_uses_stays_out(copy: Path) -> None:
    for path in ("notes.txt", "popup/popup.test.js", ".DS_Store", "vendor/inter/README.md"):
        (copy / path).write_text("x", encoding="utf-8")

    assert files_of(copy) == files_of(EXTENSION)


def test_modules_are_followed_through_code_and_not_through_comments(tmp_path: Path) -> None:
    sources = {
        "start.js": '/** @type {import("./types.js").T} */\n'
        'import "./a.js"; // import "./no.js"\n'
        'const host = "http://x/*"; export { b } from "./sub/b.js"; /* "./c.js" */\n'
        'chrome.scripting.executeScript({ files: ["sub/c.js"] }); open(`sub/page.html?tab=${1}`);',
        "a.js": 'await import("./d.js");',
        "sub/page.html": '<a href="https://example.org">x</a><script src="e.js"></script>',
        **dict.fromkeys(("no.js", "types.js", "sub/b.js", "sub/c.js", "d.js", "sub/e.js"), ""),
    }
    for path, source in sources.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(source, encoding="utf-8")

    reach = reached(tmp_path, ["start.js"])

    assert reach.files == set(sources) - {"no.js", "types.js"}
    assert reach.faults == []


def set_key(name: str, value: object) -> Change:
    return lambda manifest: manifest.update({name: value})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (set_key("manifest_version", 2), "manifest_version is 2, not 3"),
        (set_key("version", "1.0.0-beta"), "the version 1.0.0-beta is not one to four numbers"),
        (set_key("version", "1.70000"), "the version 1.70000 is not one to four numbers"),
        (set_key("default_locale", "xx"), "default_locale is xx, but _locales has de, en"),
        (set_key("name", "__MSG_absent__"), "_locales/en has no message absent"),
        (set_key("description", "x" * 133), "the description has 133 characters in _locales/de"),
        (set_key("icons", {"16": "icons/32.png"}), "icons/32.png is not a PNG of 16 × 16 pixels"),
        (set_key("icons", {}), "there is no icon of 128 pixels"),
        (set_key("options_ui", {"page": "options/none.html"}), "the manifest names options/none.html"),
        (
            set_key("permissions", ["storage", "history"]),
            "the permission history is asked for",
        ),
        (set_key("host_permissions", ["<all_urls>"]), "<all_urls> is asked for at installation"),
        (
            set_key("content_scripts", [{"matches": ["https://*/*"], "js": ["ui/element.js"]}]),
            "https://*/* is reached in the page",
        ),
        (
            set_key("content_scripts", [{"matches": [], "js": ["charts/cloud.js"]}]),
            "charts/cloud_layout.js is loaded in YouTube's page, "
            "but web_accessible_resources doesn't name it",
        ),
        (set_key("content_security_policy", {}), "content_security_policy is set"),
    ],
)
def test_a_manifest_that_is_wrong_is_refused(copy: Path, change: Change, said: str) -> None:
    rewrite(copy, change)

    assert said in reason(copy)


@pytest.mark.parametrize(
    ("path", "source", "said"),
    [
        ("ui/element.js", 'import "./none.js";', "ui/element.js names ui/none.js, which is not there"),
        ("ui/element.js", 'import "../../docs/x.js";', "names ../docs/x.js, which is not there"),
        (
            "ui/element.js",
            'import("https://cdn.example.org/x.js")',
            "imports https://cdn.example.org/x",
        ),
        (
            "ui/element.js",
            'import { a } from "lodash";',
            "imports lodash, which is not of this",
        ),
        ("ui/element.js", 'eval("1")', "ui/element.js runs text as code"),
        (
            "popup/popup.html",
            '<script src="https://cdn.example.org/x.js"></script>',
            "popup/popup.html takes https://cdn.example.org/x.js from elsewhere",
        ),
        ("popup/popup.html", "<script>1</script>", "popup/popup.html holds a script of its own"),
        (
            "ui/theme.css",
            'a { background: url("//x.example/a.png") }',
            "ui/theme.css takes //x.",
        ),
        ("_locales/de/messages.json", "{", "_locales/de/messages.json is not JSON"),
        ("manifest.json", "[]", "manifest.json is not a JSON object"),
    ],
)
def test_code_that_is_missing_or_from_elsewhere_is_refused(
    copy: Path, path: str, source: str, said: str
) -> None:
    (copy / path).write_text(source, encoding="utf-8")

    assert said in reason(copy)


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(copy: Path, tmp_path: Path) -> None:
    rewrite(copy, lambda manifest: manifest.update(manifest_version=2, version="x"))

    with pytest.raises(UnfitError) as raised:
        pack(copy, tmp_path / "dist")

    assert len(str(raised.value).splitlines()) == 2
    assert not (tmp_path / "dist").exists()


def test_the_command_says_where_the_package_is_and_what_it_left_out(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "release.extension", "--into", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip

    (package,) = tmp_path.iterdir()
    assert str(package) in done.stdout
    assert "icons/icon.svg" in done.stdout
