"""`python -m release.image build|sbom|scan|push|sign|verify IMAGE`: the server's image, step by step.

Knows the commands of docker, syft, grype and cosign, which are run as they are printed. Knows nothing
of what is in the image; that is in `docker/serve.Dockerfile`.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Sequence

from backend import __version__
from release.extension import DIST, ROOT

DOCKERFILE = "docker/serve.Dockerfile"
SBOM = DIST / "image-sbom.json"
# The image by its digest, which is what is signed and rolled out.
PUSHED = DIST / "image.txt"
ISSUER = "https://token.actions.githubusercontent.com"
WORKFLOW = ".github/workflows/deploy.yml@refs/heads/main"
# name[:tag][@digest], as docker spells it, in the lower case that it asks for.
_NAME = re.compile(r"[a-z0-9][a-z0-9._/:-]*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?")

Command = list[str]


class ImageError(RuntimeError):
    """The image can't be named like that, or a step failed."""


def build(image: str, revision: str) -> list[Command]:
    """Return the commands that build `image` from the commit `revision`."""
    labels = {"version": __version__, "revision": revision}
    return [
        [
            *("docker", "buildx", "build", "--load", "--file", DOCKERFILE, "--tag", image),
            *(f"--label=org.opencontainers.image.{name}={value}" for name, value in labels.items()),
            ".",
        ]
    ]


def sbom(image: str) -> list[Command]:
    """Return the commands that list what is in `image`."""
    return [["syft", "scan", f"docker:{image}", "--output", f"cyclonedx-json={SBOM}"]]


def scan(_: str) -> list[Command]:
    """Return the commands that fail where what was listed has a grave weakness and a remedy."""
    return [["grype", f"sbom:{SBOM}", "--only-fixed", "--fail-on", "high"]]


def push(image: str) -> list[Command]:
    """Return the commands that push `image`; the last prints its name and digest."""
    return [
        ["docker", "push", "--quiet", image],
        ["docker", "inspect", "--format", "{{index .RepoDigests 0}}", image],
    ]


def sign(image: str) -> list[Command]:
    """Return the commands that sign `image` and what is in it, as the workflow that runs them."""
    return [
        ["cosign", "sign", "--yes", image],
        ["cosign", "attest", "--yes", "--type", "cyclonedx", "--predicate", str(SBOM), image],
    ]


def verify(image: str, repository: str) -> list[Command]:
    """Return the commands that fail unless the deploying workflow of `repository` signed `image`."""
    identity = f"https://github.com/{repository}/{WORKFLOW}"
    return [
        [
            *("cosign", "verify", "--certificate-identity", identity),
            *("--certificate-oidc-issuer", ISSUER, image),
        ]
    ]


def named(image: str, by_digest: bool) -> str:
    """Return `image` as docker takes it; signing and rolling out need its digest.

    Raises:
        ImageError: it is no name of an image, or has no digest.
    """
    if not _NAME.fullmatch(image):
        raise ImageError(f"{image!r} is no image's name: registry/owner/name:tag, in lower case")
    if by_digest and "@sha256:" not in image:
        raise ImageError(f"{image} has no digest; {PUSHED.name} names the one that was pushed")
    return image


def run(commands: Sequence[Command]) -> str:
    """Run `commands` one after another, and return what the last one printed.

    Raises:
        ImageError: one of them failed, or is not there.
    """
    printed = ""
    for command in commands:
        sys.stderr.write(f"$ {shlex.join(command)}\n")
        try:
            done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
        except FileNotFoundError as error:
            raise ImageError(f"{command[0]} is not installed") from error
        sys.stdout.write(done.stdout)
        if done.returncode:
            raise ImageError(f"{command[0]} {command[1]} failed with {done.returncode}")
        printed = done.stdout.strip()
    return printed


def _build(image: str) -> None:
    revision = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
    run(build(named(image, by_digest=False), revision))


def _sbom(image: str) -> None:
    DIST.mkdir(exist_ok=True)
    run(sbom(named(image, by_digest=False)))


def _scan(image: str) -> None:
    run(scan(image))


def _push(image: str) -> None:
    pushed = named(run(push(named(image, by_digest=False))), by_digest=True)
    DIST.mkdir(exist_ok=True)
    PUSHED.write_text(f"{pushed}\n", encoding="utf-8")


def _sign(image: str) -> None:
    run(sign(named(image, by_digest=True)))


def _verify(image: str) -> None:
    repository = os.environ.get("GITHUB_REPOSITORY")
    if not repository:
        raise ImageError("GITHUB_REPOSITORY must say whose workflow has signed it: owner/name")
    run(verify(named(image, by_digest=True), repository))


STEPS: dict[str, Callable[[str], None]] = {
    "build": _build,
    "sbom": _sbom,
    "scan": _scan,
    "push": _push,
    "sign": _sign,
    "verify": _verify,
}


def main() -> None:
    """Do one step; exit with 1 and one line where it fails."""
    parser = argparse.ArgumentParser(prog="python -m release.image", description=__doc__)
    parser.add_argument("step", choices=STEPS)
    parser.add_argument("image", help="such as ghcr.io/owner/undertone:main; to sign, by its digest")
    words = parser.parse_args()
    try:
        STEPS[words.step](words.image)
    except ImageError as error:
        sys.exit(f"image: {error}")


if __name__ == "__main__":
    main()
