"""`python -m release.proposal PAGE`: propose what a retraining made, as a pull request.

Knows git and GitHub's own command, `gh`, and which files a retraining changes. Knows nothing of what is
in them; PAGE is what people decide by.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

CHANGED = ("dvc.lock", "backend/champion")
AUTHOR = ("-c", "user.name=retrain", "-c", "user.email=retrain@users.noreply.github.com")


class ProposalError(RuntimeError):
    """git or gh refused."""


def commit(branch: str, title: str) -> bool:
    """Commit what has changed to the new branch `branch`; return False where nothing has.

    Raises:
        ProposalError: git refused.
    """
    _run("git", "add", "--all", "--", *(path for path in CHANGED if Path(path).exists()))
    if not _run("git", "diff", "--cached", "--name-only"):
        return False
    _run("git", "switch", "--create", branch)
    _run("git", *AUTHOR, "commit", "--quiet", "--message", title)
    return True


def pull_request(branch: str, title: str, page: Path) -> list[list[str]]:
    """Return the commands that push `branch` and ask for it to be merged, `page` being what is said."""
    return [
        ["gh", "auth", "setup-git"],
        ["git", "push", "origin", branch],
        ["gh", "pr", "create", "--head", branch, "--title", title, "--body-file", str(page)],
    ]


def title_of(page: Path) -> str:
    """Return the heading that `page` begins with."""
    return page.read_text(encoding="utf-8").splitlines()[0].lstrip("# ").strip()


def _run(*command: str) -> str:
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise ProposalError(f"{' '.join(command[:3])} failed with {done.returncode}")
    return done.stdout.strip()


def propose(branch: str, page: Path) -> Sequence[str]:
    """Commit, push and ask; return what was printed.

    Raises:
        ProposalError: git or gh refused.
    """
    title = title_of(page)
    if not commit(branch, title):
        return ["nothing has changed"]
    return [_run(*command) for command in pull_request(branch, title, page)]


def main() -> None:
    """Propose; exit with 1 and one line where that fails."""
    parser = argparse.ArgumentParser(prog="python -m release.proposal", description=__doc__)
    parser.add_argument("page", type=Path, help="what `python -m training.difference` wrote")
    parser.add_argument("--branch", default="retrained", help="the branch to make")
    words = parser.parse_args()
    try:
        sys.stdout.write("\n".join(filter(None, propose(words.branch, words.page))) + "\n")
    except (ProposalError, OSError) as error:
        sys.exit(f"proposal: {error}")


if __name__ == "__main__":
    main()
