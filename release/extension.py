"""`python -m release.extension`: pack the extension as Chrome's web store takes it.

Into the package goes what the manifest and its pages use, and nothing else; the same files give the
same bytes, with the same zlib. What is wrong is said, all of it, before anything is written. Knows how
a package is made; what may be in it is in `reach.py` and `manifest.py`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import zipfile
from pathlib import Path

from release import manifest as rules
from release.reach import reached

ROOT = Path(__file__).parents[1]
EXTENSION = ROOT / "extension"
DIST = ROOT / "dist"

# The earliest that a zip can hold; files of one package differ in content alone.
_TIME = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o100644


class UnfitError(ValueError):
    """The extension can't be packed as it is; holds everything that is wrong with it."""


def read_manifest(root: Path) -> rules.Manifest:
    """Return the manifest of the extension in the folder `root`.

    Raises:
        UnfitError: there is none, or it is no JSON object.
    """
    try:
        manifest = json.loads((root / rules.NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnfitError(f"{rules.NAME} can't be read: {error}") from error
    if not isinstance(manifest, dict):
        raise UnfitError(f"{rules.NAME} is not a JSON object")
    return manifest


def files_of(root: Path) -> list[str]:
    """Return the files that belong in the package of the extension in the folder `root`, sorted.

    Raises:
        UnfitError: says all that keeps it from being packed.
    """
    manifest = read_manifest(root)
    reach = reached(root, rules.starts(root, manifest))
    wrong = [
        *rules.faults(root, manifest),
        *reach.faults,
        *rules.needless(root, manifest, reach.files),
        *rules.shut(root, manifest),
    ]
    if wrong:
        raise UnfitError("\n".join(wrong))
    return sorted(reach.files)


def pack(root: Path, into: Path) -> Path:
    """Write the package of the extension in the folder `root` to the folder `into`.

    Returns:
        Its path, which names its version.

    Raises:
        UnfitError: says all that keeps it from being packed.
    """
    files = files_of(root)
    package = into / f"undertone-extension-{read_manifest(root)['version']}.zip"
    into.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            entry = zipfile.ZipInfo(path, _TIME)
            entry.create_system, entry.external_attr = _UNIX, _MODE << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, (root / path).read_bytes())
    return package


def main() -> None:
    """Pack the extension, and say where the package is and what was left out of it."""
    parser = argparse.ArgumentParser(prog="python -m release.extension", description=__doc__)
    parser.add_argument("--into", type=Path, default=DIST, help="the folder of the package")
    into = parser.parse_args().into
    try:
        package = pack(EXTENSION, into)
    except UnfitError as error:
        sys.exit(f"The extension can't be packed:\n{error}")
    content = package.read_bytes()
    packed = set(zipfile.ZipFile(package).namelist())
    present = {
        path.relative_to(EXTENSION).as_posix() for path in EXTENSION.rglob("*") if path.is_file()
    }
    sys.stdout.write(
        f"{package}: {len(packed)} files, {len(content):,} bytes\n"
        f"sha256 {hashlib.sha256(content).hexdigest()}\n"
        f"left out, since nothing uses it: {', '.join(sorted(present - packed)) or 'nothing'}\n"
    )


if __name__ == "__main__":
    main()
