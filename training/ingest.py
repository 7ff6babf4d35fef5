"""Ingest: bring every source's files under `data/raw`, byte for byte as pinned.

Knows addresses, mirrors, resuming and checksums, and asks for feedback and for comments of the Data
API. Knows nothing of what the files mean. A file appears under its final name only when its sha256
holds; a part that is already there is continued.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from pathlib import Path
from urllib.parse import quote

import pandas as pd
from tqdm import tqdm

from backend.bundle import sha256_of
from training import feedback, guards, youtube_api
from training.errors import IngestError
from training.params import Ingest, Params, read_params
from training.paths import FEEDBACK, RAW, REPORTS, YOUTUBE
from training.sources import COLUMNS, read_sources, read_table
from training.stage import aside, run
from training.tracking import tracked

REPORT = REPORTS / "feedback.json"

_CHUNK = 1 << 16
_LABELLED_BY_PEOPLE = 3


def fetch(
    name: str,
    sha256: str,
    address: str,
    settings: Ingest,
    directory: Path = RAW,
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """Return the local path of the file `name` below `directory`, fetched where it is not there yet.

    `address` is where the names begin: the file's own address is ``address + name``.

    Raises:
        IngestError: out of retries, or the content's sha256 is not the pinned one.
    """
    target = directory / name
    if target.is_file() and sha256_of(target) == sha256:
        return target
    part = target.with_name(target.name + ".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    origin = locate(name, address, settings.mirror)
    if isinstance(origin, Path):
        try:
            shutil.copyfile(origin, part)
        except OSError as error:
            raise IngestError(f"{origin} can't be copied: {error.strerror}") from error
    else:
        _download(origin, part, settings, sleep)
    if (actual := sha256_of(part)) != sha256:
        part.unlink()
        raise IngestError(f"{origin} has changed: its sha256 is {actual}, pinned is {sha256}")
    part.replace(target)
    return target


def locate(name: str, address: str, mirror: str | None) -> Path | str:
    """Return where `name` lies: its own address, or its place in the mirror (a directory or a URL).

    A mirror holds a file at ``host/path``, so that it can mirror several hosts.
    """
    host = address.split("://", 1)[1]
    if mirror is None:
        return address + quote(name, safe="/@")
    if mirror.startswith(("http://", "https://")):
        return f"{mirror.rstrip('/')}/{host}{quote(name, safe='/@')}"
    return Path(mirror) / host / name


def _download(address: str, part: Path, settings: Ingest, sleep: Callable[[float], None]) -> None:
    for attempt in range(settings.retries + 1):
        try:
            _continue(address, part, settings.timeout)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == 416:
                part.unlink(missing_ok=True)
            elif error.code < 500 and error.code != 429:
                raise IngestError(f"{address} answered {error.code} {error.reason}") from error
            reason: Exception = error
        except (OSError, HTTPException) as error:
            reason = error
        else:
            return
        if attempt < settings.retries:
            sleep(min(2.0**attempt, 30))
    raise IngestError(
        f"{address} could not be had after {settings.retries + 1} tries: {reason}"
    ) from reason


def _continue(address: str, part: Path, timeout: float) -> None:
    """Append to `part` what is missing of `address`; start over where the server can't resume."""
    there = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(address, headers={"Range": f"bytes={there}-"} if there else {})
    with urllib.request.urlopen(request, timeout=timeout) as response:
        resumed = response.status == 206
        length = int(response.headers.get("Content-Length", 0))
        done = there if resumed else 0
        with (
            part.open("ab" if resumed else "wb") as file,
            tqdm(
                total=done + length,
                initial=done,
                unit="B",
                unit_scale=True,
                desc=part.stem,
                leave=False,
            ) as bar,
        ):
            while chunk := response.read(_CHUNK):
                file.write(chunk)
                bar.update(len(chunk))
        if length and part.stat().st_size < done + length:
            raise HTTPException(
                f"the connection ended {done + length - part.stat().st_size} bytes early"
            )


def ingest(params: Params) -> dict[str, float]:
    """Fetch every source, the feedback and the videos' comments; return how much there is of each."""
    settings, table = params.ingest, read_table()
    wanted = [
        (source.folder + name, sha256)
        for source in table.sources.values()
        for name, sha256 in source.files.items()
    ]
    for name, sha256 in tqdm(wanted, desc="ingest", unit="file"):
        fetch(name, sha256, table.address, settings)
    corrections = collect_feedback(params)
    key = os.environ.get("YOUTUBE_API_KEY", "")
    for video in settings.youtube.videos:
        youtube_api.collect(video, key, settings, YOUTUBE)
    return {
        "files": len(wanted),
        "corrections": corrections.kept,
        "corrections_refused": corrections.came - corrections.kept,
        "videos": len(settings.youtube.videos),
    }


def collect_feedback(params: Params) -> guards.Report:
    """Keep the corrections that the guards let in, and a report of the others."""
    came = feedback.read(params.ingest.feedback)
    kept, report = guards.admit(came, params.feedback, labelled_by_people, params.seed)
    feedback.write(kept, FEEDBACK)
    with aside(REPORT) as path:
        path.write_text(json.dumps(report.figures(), indent=2) + "\n", encoding="utf-8")
    tqdm.write(str(report))
    return report


def labelled_by_people() -> pd.DataFrame:
    """Return the rows to learn from of the sets that people labelled."""
    sets = [
        source.read(RAW) for source in read_sources().values() if source.trust == _LABELLED_BY_PEOPLE
    ]
    rows = pd.concat(sets) if sets else pd.DataFrame(columns=list(COLUMNS))
    return rows[rows["split"] != "test"]


def main() -> None:
    """Fill `data/raw`."""
    params = read_params()
    with tracked("ingest", params) as tracking:
        tracking.log_metrics(ingest(params))


if __name__ == "__main__":
    run(main)
