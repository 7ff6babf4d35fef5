"""`python -m release.webstore PACKAGE`: hand the packed extension to Chrome's store, to be reviewed.

Knows the store's API (version 2) and Google's way to a token. Who hands it in is in the environment:
WEBSTORE_ITEM (publishers/ID/items/ID), WEBSTORE_CLIENT_ID, WEBSTORE_CLIENT_SECRET and
WEBSTORE_REFRESH_TOKEN. Knows nothing of what is in the package.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

TOKENS = "https://oauth2.googleapis.com/token"
STORE = "https://chromewebstore.googleapis.com"
SECRETS = ("WEBSTORE_CLIENT_ID", "WEBSTORE_CLIENT_SECRET", "WEBSTORE_REFRESH_TOKEN")
_ITEM = re.compile(r"publishers/[\w-]+/items/[a-p]{32}")
_SECONDS = 120
_LOOKS, _PAUSE_SECONDS = 60, 5.0


class StoreError(RuntimeError):
    """The store can't be asked, or does not take the package."""


@dataclass(frozen=True)
class Store:
    """The store and whom it knows: `item` is handed in by who holds `secrets`."""

    item: str
    secrets: Mapping[str, str]
    tokens: str = TOKENS
    address: str = STORE
    sleep: Callable[[float], None] = time.sleep

    def hand_in(self, package: Path) -> str:
        """Upload `package` and have it reviewed; return the state that it is in then.

        Raises:
            StoreError: says what the store said.
        """
        token = self._token()
        content = package.read_bytes()
        upload = f"/upload/v2/{self.item}:upload"
        state = self._ask(token, upload, content, "application/zip").get("uploadState")
        for _ in range(_LOOKS):
            if state not in ("IN_PROGRESS", "UPLOAD_IN_PROGRESS"):
                break
            self.sleep(_PAUSE_SECONDS)
            state = self._ask(token, f"/v2/{self.item}:fetchStatus").get("lastAsyncUploadState")
        if state != "SUCCEEDED":
            raise StoreError(f"the upload of {package.name} is {state or 'in no state'}")
        published = self._ask(token, f"/v2/{self.item}:publish", b"{}", "application/json")
        return str(published.get("state", "in no state"))

    def _token(self) -> str:
        form = {
            "client_id": self.secrets["WEBSTORE_CLIENT_ID"],
            "client_secret": self.secrets["WEBSTORE_CLIENT_SECRET"],
            "refresh_token": self.secrets["WEBSTORE_REFRESH_TOKEN"],
            "grant_type": "refresh_token",
        }
        request = urllib.request.Request(self.tokens, urlencode(form).encode("ascii"))
        return str(_answer(request)["access_token"])

    def _ask(self, token: str, path: str, body: bytes | None = None, kind: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} | ({"Content-Type": kind} if kind else {})
        return _answer(urllib.request.Request(f"{self.address}{path}", body, headers))


def _answer(request: urllib.request.Request) -> dict[str, Any]:
    """Return what is answered; of a refusal only what the store says of itself, never what was sent."""
    path = request.selector
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
            found = json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            said = error.read(500).decode("utf-8", "replace").strip()
        raise StoreError(f"{path} is answered {error.code}: {said}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise StoreError(f"{path} is not answered: {error}") from error
    if not isinstance(found, dict):
        raise StoreError(f"{path} is not answered with an object")
    return found


def main() -> None:
    """Hand the package in; exit with 1 and one line where that fails."""
    parser = argparse.ArgumentParser(prog="python -m release.webstore", description=__doc__)
    parser.add_argument("package", type=Path, help="what `make extension` wrote")
    package = parser.parse_args().package
    item = os.environ.get("WEBSTORE_ITEM", "")
    secrets = {name: os.environ.get(name, "") for name in SECRETS}
    if missing := [name for name, value in secrets.items() if not value]:
        sys.exit(f"webstore: {', '.join(missing)} must be set")
    if not _ITEM.fullmatch(item):
        sys.exit("webstore: WEBSTORE_ITEM must be publishers/ID/items/ID")
    try:
        sys.stdout.write(f"{package.name} is {Store(item, secrets).hand_in(package)}\n")
    except (StoreError, OSError) as error:
        sys.exit(f"webstore: {error}")


if __name__ == "__main__":
    main()
