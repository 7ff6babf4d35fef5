"""Whether a running server may be used: it says so itself, and labels obvious comments as people do.

Knows two routes of the API and the set that any champion must get right. Knows nothing of how servers
are started.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "backend" / "rollout" / "golden.json"
_PAUSE_SECONDS = 0.5
_ANSWER_SECONDS = 30
_TOLERANCE = 1e-3
# Servers are on this machine: no proxy of the environment's leads to them.
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class UnfitError(RuntimeError):
    """The server can't be used; says why."""


@dataclass(frozen=True)
class Check:
    """What a server must do, in `patience` seconds; `token` is for one that asks for it."""

    patience: float
    token: str | None = None

    def __call__(
        self, address: str, ended: Callable[[], bool] = lambda: False, name: str | None = None
    ) -> None:
        """Wait until the server at `address` is ready, and look at what it answers.

        `ended` tells that it runs no longer, and need not be waited for. `name` is what it is called
        by where it does not answer to its address.

        Raises:
            UnfitError: it did not become ready in time, or answers wrongly.
        """
        self._wait(address, ended, name)
        wrong = faults(self._ask(address, name, "/v1/predict", {"comments": texts()}))
        if wrong:
            raise UnfitError(f"{address} is ready, but {wrong}")

    def _wait(self, address: str, ended: Callable[[], bool], name: str | None) -> None:
        deadline = time.monotonic() + self.patience
        while True:
            try:
                self._ask(address, name, "/health/ready")
                return
            except UnfitError as error:
                if ended():
                    raise UnfitError(f"the server at {address} has ended") from error
                if time.monotonic() > deadline:
                    raise UnfitError(f"not ready in {self.patience:g} seconds: {error}") from error
            time.sleep(_PAUSE_SECONDS)

    def _ask(self, address: str, name: str | None, path: str, document: object = None) -> Any:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if name:
            headers["Host"] = name
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = None if document is None else json.dumps(document).encode("utf-8")
        request = urllib.request.Request(f"{address}{path}", body, headers)
        try:
            with _DIRECTLY.open(request, timeout=_ANSWER_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise UnfitError(f"{address}{path} answers {error.code}: {_said(error)}") from error
        except (OSError, HTTPException, ValueError) as error:
            raise UnfitError(f"{address}{path} does not answer: {error}") from error


def texts() -> list[str]:
    """Return the comments of the golden set."""
    return [row["text"] for row in _golden()["comments"]]


def faults(answer: Mapping[str, Any]) -> str:
    """Return what is wrong with the answer of `/v1/predict` to the golden set; "" where nothing is."""
    golden = _golden()
    wanted = [row["label"] for row in golden["comments"]]
    try:
        found = [each["label"] for each in answer["predictions"]]
        sums = [sum(each["probabilities"].values()) for each in answer["predictions"]]
    except (KeyError, TypeError, AttributeError) as error:
        return f"its answer is not of the contract: {error!r}"
    if len(found) != len(wanted):
        return f"it labels {len(found)} of {len(wanted)} comments"
    if any(abs(total - 1) > _TOLERANCE for total in sums):
        return "its probabilities do not sum to 1"
    right = sum(one == other for one, other in zip(found, wanted, strict=True))
    if right < golden["least_right"]:
        return f"it labels {right} of {len(wanted)} obvious comments as people do"
    return ""


def _golden() -> dict[str, Any]:
    golden: dict[str, Any] = json.loads(GOLDEN.read_text(encoding="utf-8"))
    return golden


def _said(error: urllib.error.HTTPError) -> str:
    try:
        problem = json.load(error)
        return str(problem.get("detail") or problem.get("title"))
    except (ValueError, AttributeError, OSError):
        return str(error.reason)
