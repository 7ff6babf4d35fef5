"""Which files of an extension are used: what its manifest names, and what those files name in turn.

Knows how HTML, CSS and JavaScript name other files. Knows nothing of what Chrome or its store allow,
but says what can't be part of a package: files that are missing and code from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import dirname, join, normpath

# Strings and templates, or comments, in which a type's `import("...")` brings no code.
_TOKEN = re.compile(
    r"""("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`)|(/\*.*?\*/|//[^\n]*)""", re.DOTALL
)
_IMPORT = re.compile(r"""(?:(?<!["'])\bfrom\s|\bimport)\s*\(?\s*["']([^"'\n]+)["']""")
# Such as chrome.runtime.getURL("page/main.js") or `view/view.html?tab=${id}`, from the package's root.
_FROM_ROOT = re.compile(r"""["'`]/?([\w-]+(?:/[\w.-]+)+\.\w+)""")
_TAG = re.compile(r"<(\w+)\s([^>]*)>")
_IN_TAG = re.compile(r"""\b(?:src|href)="([^"#?]+)""")
_IN_CSS = re.compile(r"""(?:url\(|@import\s)\s*["']?([^"')]+)""")
_ELSEWHERE = re.compile(r"^(?:[a-z]+:)?//|^[a-z]+:", re.IGNORECASE)
_RUNS_TEXT = re.compile(r"\beval\s*\(|\bnew\s+Function\b")
_INLINE = re.compile(r"<script(?![^>]*\bsrc=)|\son\w+=", re.IGNORECASE)


@dataclass
class Reach:
    """The files in use, and what is wrong with how they are used."""

    files: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


def code_of(source: str) -> str:
    """Return JavaScript without its comments."""
    return _TOKEN.sub(lambda token: token[1] or " ", source)


def reached(root: Path, starts: Iterable[str]) -> Reach:
    """Follow the files in the folder `root` from `starts`, paths in it with forward slashes."""
    reach = Reach()
    waiting = [(path, "the manifest") for path in starts]
    while waiting:
        path, namer = waiting.pop()
        if path in reach.files:
            continue
        if path.startswith("../") or not (root / path).is_file():
            reach.faults.append(f"{namer} names {path}, which is not there")
            continue
        reach.files.add(path)
        waiting.extend((named, path) for named in _named_in(root, path, reach.faults))
    reach.files.update(_licences(root, reach.files))
    return reach


def _named_in(root: Path, path: str, faults: list[str]) -> Iterator[str]:
    match Path(path).suffix:
        case ".html":
            source = (root / path).read_text(encoding="utf-8")
            if _INLINE.search(source):
                faults.append(f"{path} holds a script of its own, which Chrome doesn't run")
            for tag, attributes in _TAG.findall(source):
                yield from _beside(path, _IN_TAG.findall(attributes), faults, is_link=tag == "a")
        case ".css":
            source = (root / path).read_text(encoding="utf-8")
            yield from _beside(path, _IN_CSS.findall(source), faults)
        case ".js":
            code = code_of((root / path).read_text(encoding="utf-8"))
            if _RUNS_TEXT.search(code):
                faults.append(f"{path} runs text as code")
            yield from _imported(path, code, faults)
            yield from (named for named in _FROM_ROOT.findall(code) if (root / named).is_file())


def _beside(
    path: str, names: Iterable[str], faults: list[str], *, is_link: bool = False
) -> Iterator[str]:
    """Yield what `names` are, seen from `path`. Only a link may lead elsewhere."""
    for name in names:
        if not _ELSEWHERE.match(name):
            yield _from(path, name)
        elif not is_link and not name.startswith("data:"):
            faults.append(f"{path} takes {name} from elsewhere")


def _imported(path: str, code: str, faults: list[str]) -> Iterator[str]:
    for name in _IMPORT.findall(code):
        if name.startswith("."):
            yield _from(path, name)
        else:
            faults.append(f"{path} imports {name}, which is not of this package")


def _from(path: str, name: str) -> str:
    return normpath(name.lstrip("/") if name.startswith("/") else join(dirname(path), name))


def _licences(root: Path, files: Iterable[str]) -> set[str]:
    """Return the licences that lie beside `files` and have to go with them."""
    folders = {dirname(path) for path in files if "/" in path}
    return {
        licence.relative_to(root).as_posix()
        for folder in folders
        for licence in (root / folder).glob("LICENSE*")
    }
