"""The version that all must agree on, the notes of a release, the proposal of a champion, the image."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backend import __version__
from release import image, proposal
from release.notes import NotesError, notes
from release.version import disagreements
from tests.server import ROOT


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_package_and_extension_are_of_one_version_and_a_tag_must_be_of_it_too() -> None:
    assert run("release.version", f"v{__version__}").stdout == f"{__version__}\n"
    refused = run("release.version", "v9.9.9")
    assert refused.returncode == 1
    assert refused.stderr.strip() == f"the package is version {__version__}, the tag says 9.9.9"


def test_who_says_another_version_is_named() -> None:
    assert disagreements("1.2.3", "1.2.3", None) == []
    assert disagreements("1.2.3", "1.2.4", "1.2.3") == [
        "the package is version 1.2.3, the extension's manifest says 1.2.4",
        "the package is version 1.2.3, the tag says 1.2.3, without a v",
    ]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository of three commits, the current folder; the first and last are released."""
    monkeypatch.chdir(tmp_path)
    for name in ("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"):
        monkeypatch.setenv(name, "a")
    for name in ("GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"):
        monkeypatch.setenv(name, "a@localhost")
    git("init", "--quiet", "--initial-branch", "main")
    for subject, tag in (("Begin", "v1"), ("Mend <it>", None), ("Add that", "v2")):
        git("commit", "--quiet", "--allow-empty", "--message", subject)
        if tag:
            git("tag", tag)
    return tmp_path


def git(*words: str) -> str:
    return subprocess.run(["git", *words], capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.usefixtures("repository")
def test_the_notes_are_what_was_committed_since_the_release_before() -> None:
    assert notes("v2") == "Since v1:\n\n- Add that\n- Mend <it>\n"
    assert notes("v1") == "The first release.\n"
    with pytest.raises(NotesError):
        notes("v3")


def test_a_champion_is_proposed_with_its_lock_and_nothing_else(repository: Path) -> None:
    page = repository / "page.md"
    page.write_text("## logistic is the champion now\n\nFigures.\n", encoding="utf-8")
    (repository / "backend" / "champion").mkdir(parents=True)
    (repository / "backend" / "champion" / "bundle.json").write_text("{}")
    (repository / "dvc.lock").write_text("new")

    assert proposal.commit("retrained-1", proposal.title_of(page)) is True

    assert git("log", "-1", "--format=%s %an") == "logistic is the champion now a"
    assert git("branch", "--show-current") == "retrained-1"
    assert git("show", "--name-only", "--format=").splitlines() == [
        "backend/champion/bundle.json",
        "dvc.lock",
    ]
    assert proposal.commit("retrained-2", "nothing") is False
    assert proposal.pull_request("b", "t", page)[-1] == [
        "gh", "pr", "create", "--head", "b", "--title", "t", "--body-file", str(page),
    ]  # fmt: skip


DIGEST = f"ghcr.io/a/undertone@sha256:{'0' * 64}"


def test_the_steps_of_an_image_are_commands_that_others_know() -> None:
    (build,) = image.build("ghcr.io/a/undertone:1", "c0ffee")
    assert build[:3] == ["docker", "buildx", "build"]
    assert f"--label=org.opencontainers.image.version={__version__}" in build
    assert "--label=org.opencontainers.image.revision=c0ffee" in build
    assert image.scan("")[0][-2:] == ["--fail-on", "high"]
    assert [command[:2] for command in image.sign(DIGEST)] == [["cosign", "sign"], ["cosign", "attest"]]
    (verify,) = image.verify(DIGEST, "a/undertone")
    identity = "https://github.com/a/undertone/.github/workflows/deploy.yml@refs/heads/main"
    assert verify[verify.index("--certificate-identity") + 1] == identity


@pytest.mark.parametrize(
    ("step", "name", "said"),
    [
        ("build", "--privileged", "the following arguments are required: image"),
        ("build", "Ghcr.io/A", "is no image's name"),
        ("build", "a b", "is no image's name"),
        ("sign", "ghcr.io/a/undertone:1", "has no digest"),
        ("verify", DIGEST, "GITHUB_REPOSITORY must say whose workflow"),
    ],
)
def test_an_image_that_is_named_wrongly_is_refused_before_anything_is_run(
    step: str, name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)

    done = run("release.image", step, name)

    assert done.returncode != 0
    assert said in done.stderr


def test_a_step_that_fails_or_is_not_installed_is_named() -> None:
    with pytest.raises(image.ImageError, match="no-such-tool is not installed"):
        image.run([["no-such-tool", "x"]])
    with pytest.raises(image.ImageError, match="sh -c failed with 3"):
        image.run([["sh", "-c", "exit 3"]])
    assert image.run([["true"], ["echo", DIGEST]]) == DIGEST
