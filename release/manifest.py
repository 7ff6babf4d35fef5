"""What must hold of an extension's manifest before it is given to anyone.

Knows what Chrome and its web store take, and how little this extension may ask for. Knows nothing of
how the package is made.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from release.reach import code_of, reached

Manifest = dict[str, Any]

NAME = "manifest.json"
MOST_CHARACTERS = {"name": 75, "short_name": 12, "description": 132}
ICON_SIZES = (16, 32, 48, 128)
# Where the extension works, and where its backend is unless a person says otherwise.
YOUTUBE = "https://www.youtube.com/*"
HOSTS = (YOUTUBE, "http://127.0.0.1/*", "http://localhost/*")
# What shows that a permission is needed, where that isn't Chrome's interface of the same name.
_USES = {"activeTab": r"\bchrome\.scripting\b", "unlimitedStorage": r"\bindexedDB\b"}
_VERSION = re.compile(r"(0|[1-9]\d{0,4})(\.(0|[1-9]\d{0,4})){0,3}")
_MESSAGE = re.compile(r"__MSG_(\w+)__")
_PNG = b"\x89PNG\r\n\x1a\n"


def starts(root: Path, manifest: Manifest) -> list[str]:
    """Return the files that `manifest` names, those of its languages among them."""
    action, options = manifest.get("action", {}), manifest.get("options_ui", {})
    background = manifest.get("background", {})
    scripts = manifest.get("content_scripts", [])
    named = [
        NAME,
        *manifest.get("icons", {}).values(),
        *action.get("default_icon", {}).values(),
        action.get("default_popup"),
        options.get("page"),
        background.get("service_worker"),
        *(path for script in scripts for path in (*script.get("js", []), *script.get("css", []))),
        *(path for path in _accessible(manifest) if "*" not in path),
        *(path.relative_to(root).as_posix() for path in sorted(root.glob("_locales/*/messages.json"))),
    ]
    return [path.lstrip("/") for path in named if path]


def faults(root: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what is wrong with the manifest of the extension in the folder `root`."""
    if manifest.get("manifest_version") != 3:
        yield f"manifest_version is {manifest.get('manifest_version')}, not 3"
    version = str(manifest.get("version"))
    if not _VERSION.fullmatch(version) or any(int(part) > 65535 for part in version.split(".")):
        yield f"the version {version} is not one to four numbers from 0 to 65535"
    yield from _language_faults(root, manifest)
    yield from _icon_faults(root, manifest.get("icons", {}))
    yield from _host_faults(manifest)
    if "content_security_policy" in manifest:
        yield "content_security_policy is set: Chrome's own is the strictest"


def needless(root: Path, manifest: Manifest, files: Iterable[str]) -> Iterator[str]:
    """Yield the permissions that none of `files` uses."""
    code = "\n".join(
        code_of((root / path).read_text(encoding="utf-8")) for path in files if path.endswith(".js")
    )
    for permission in manifest.get("permissions", []):
        if not re.search(_USES.get(permission, rf"\bchrome\.{re.escape(permission)}\b"), code):
            yield f"the permission {permission} is asked for and nothing uses it"


def shut(root: Path, manifest: Manifest) -> Iterator[str]:
    """Yield what scripts in YouTube's page load and `web_accessible_resources` doesn't open to them."""
    scripts = [path for each in manifest.get("content_scripts", []) for path in each.get("js", [])]
    loaded = reached(root, scripts).files - set(scripts)
    if "ui/language.js" in loaded:
        loaded.update(path.relative_to(root).as_posix() for path in root.glob("_locales/*/*.json"))
    patterns = list(_accessible(manifest))
    for path in sorted(loaded):
        if path.endswith((".js", ".json")) and not any(fnmatchcase(path, each) for each in patterns):
            yield f"{path} is loaded in YouTube's page, but web_accessible_resources doesn't name it"


def _accessible(manifest: Manifest) -> Iterator[str]:
    for entry in manifest.get("web_accessible_resources", []):
        yield from entry.get("resources", [])


def _language_faults(root: Path, manifest: Manifest) -> Iterator[str]:
    default = manifest.get("default_locale")
    catalogues = {path.parent.name: path for path in sorted(root.glob("_locales/*/messages.json"))}
    if default not in catalogues:
        yield f"default_locale is {default}, but _locales has {', '.join(catalogues) or 'nothing'}"
    names = sorted(set(_MESSAGE.findall(json.dumps(manifest))))
    for locale, path in catalogues.items():
        try:
            messages = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            yield f"_locales/{locale}/messages.json is not JSON: {error}"
            continue
        yield from (
            f"_locales/{locale} has no message {each}" for each in names if each not in messages
        )
        for field, most in MOST_CHARACTERS.items():
            said = _said(manifest.get(field, ""), messages)
            if len(said) > most:
                yield f"the {field} has {len(said)} characters in _locales/{locale}, more than {most}"


def _said(text: str, messages: dict[str, Any]) -> str:
    return _MESSAGE.sub(lambda found: str(messages.get(found[1], {}).get("message", "")), text)


def _icon_faults(root: Path, icons: dict[str, str]) -> Iterator[str]:
    for size in ICON_SIZES:
        path = icons.get(str(size))
        if path is None:
            yield f"there is no icon of {size} pixels"
        elif (root / path).is_file():
            head = (root / path).read_bytes()[:24]
            found = struct.unpack(">II", head[16:24]) if head.startswith(_PNG) else None
            if found != (size, size):
                yield f"{path} is not a PNG of {size} × {size} pixels"


def _host_faults(manifest: Manifest) -> Iterator[str]:
    for host in manifest.get("host_permissions", []):
        if host not in HOSTS:
            yield f"{host} is asked for at installation; only {', '.join(HOSTS)} may be"
    entries = [*manifest.get("content_scripts", []), *manifest.get("web_accessible_resources", [])]
    for match in (match for entry in entries for match in entry.get("matches", [])):
        if match != YOUTUBE:
            yield f"{match} is reached in the page; only {YOUTUBE} may be"
