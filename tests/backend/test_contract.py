"""What the OpenAPI document promises holds: whatever is asked, no 5xx and no answer it does not name.

Schemathesis reads the operations from the running server, so a new route is asked as soon as it is
described: with its examples, with every boundary and breach of its schema, with methods that it does
not have, and with what chance brings.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backend.tokens import SCOPES, Tokens
from tests.backend.client import Client
from tests.server import running_backend

pytestmark = pytest.mark.slow

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "ignored_auth",
)
EXAMPLES = 10
BRIEFLY = ("examples", "fuzzing")
# Every boundary and breach of the schema: a thousand requests, so they are made once. A chart takes
# what an analysis answers, which would be four thousand more; `test_charts` breaks those that matter.
THOROUGHLY = ("coverage",)
WITHOUT_CHARTS = ("--exclude-path-regex", "/v1/charts")


def ask_everything(address: str, folder: Path, *options: str, phases: tuple[str, ...] = BRIEFLY) -> str:
    """Ask every operation of the server at `address` from within `folder`, and return the report.

    Raises:
        AssertionError: an answer is not as documented; holds the report, with a command for each.
    """
    ended = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json",
         "--phases", ",".join(phases), "--checks", ",".join(CHECKS), "--no-color",
         "--max-examples", str(EXAMPLES), "--generation-deterministic", "--request-timeout", "60",
         *options],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def operations(client: Client) -> int:
    """Return how many operations the document has."""
    return sum(map(len, client.get("/openapi.json").json["paths"].values()))


def test_every_answer_is_documented(client: Client, tmp_path: Path) -> None:
    report = ask_everything(client.address, tmp_path)

    assert f"Tested: {operations(client)}\n" in report


def test_every_answer_is_documented_where_tokens_and_limits_are(tmp_path: Path) -> None:
    _, secret = Tokens(tmp_path).create("tester", SCOPES)
    limits = {"rate_limit": "1000000", "comment_rate_limit": "1000000"}
    with running_backend(require_token="true", state=str(tmp_path), **limits) as address:
        allowed = ("--header", f"Authorization: Bearer {secret}")
        ask_everything(address, tmp_path, *allowed, *WITHOUT_CHARTS, phases=THOROUGHLY)
        report = ask_everything(address, tmp_path, *allowed)

        assert f"Tested: {operations(Client(address))}\n" in report


def test_a_limit_that_is_reached_is_documented(tmp_path: Path) -> None:
    with running_backend(rate_limit="3") as address:
        ask_everything(address, tmp_path)
