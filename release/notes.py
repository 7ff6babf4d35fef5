"""`python -m release.notes TAG`: what a release brings, from the commits since the one before.

Knows git's log. Knows nothing of what is released.
"""

from __future__ import annotations

import argparse
import subprocess
import sys


class NotesError(RuntimeError):
    """git knows no such tag."""


def notes(tag: str) -> str:
    """Return the notes of the release `tag` as Markdown.

    Raises:
        NotesError: there is no such tag.
    """
    git("rev-parse", "--verify", "--quiet", f"{tag}^{{commit}}")
    before = _before(tag)
    if before is None:
        return "The first release.\n"
    subjects = git("log", "--no-merges", "--format=%s", f"{before}..{tag}").splitlines()
    return "\n".join([f"Since {before}:", "", *(f"- {subject}" for subject in subjects), ""])


def _before(tag: str) -> str | None:
    """Return the nearest release that `tag` came from."""
    try:
        return git("describe", "--tags", "--abbrev=0", "--match", "v*", f"{tag}^")
    except NotesError:
        return None


def git(*words: str) -> str:
    """Run git and return what it prints.

    Raises:
        NotesError: it fails.
    """
    done = subprocess.run(["git", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise NotesError(said[-1] if said else f"git {' '.join(words)} failed")
    return done.stdout.strip()


def main() -> None:
    """Print the notes."""
    parser = argparse.ArgumentParser(prog="python -m release.notes", description=__doc__)
    parser.add_argument("tag", help="such as v0.1.0")
    try:
        sys.stdout.write(notes(parser.parse_args().tag))
    except NotesError as error:
        sys.exit(f"notes: {error}")


if __name__ == "__main__":
    main()
