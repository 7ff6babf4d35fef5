"""`python -m release.version [TAG]`: the version, if package, extension and tag agree on it.

Knows where each of them says its version. Knows nothing of how they are made.
"""

from __future__ import annotations

import argparse
import sys

from backend import __version__
from release.extension import EXTENSION, UnfitError, read_manifest


def disagreements(package: str, extension: str, tag: str | None) -> list[str]:
    """Return a sentence for each that says another version than the package does."""
    said = {"the extension's manifest": extension}
    if tag is not None:
        said["the tag"] = tag.removeprefix("v") if tag.startswith("v") else f"{tag}, without a v"
    return [
        f"the package is version {package}, {who} says {version}"
        for who, version in said.items()
        if version != package
    ]


def main() -> None:
    """Print the version, or say who disagrees and exit with 1."""
    parser = argparse.ArgumentParser(prog="python -m release.version", description=__doc__)
    parser.add_argument("tag", nargs="?", help="such as v0.1.0")
    tag = parser.parse_args().tag
    try:
        manifest = read_manifest(EXTENSION)
    except UnfitError as error:
        sys.exit(str(error))
    if wrong := disagreements(__version__, str(manifest.get("version")), tag):
        sys.exit("\n".join(wrong))
    sys.stdout.write(f"{__version__}\n")


if __name__ == "__main__":
    main()
