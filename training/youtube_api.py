"""YouTube Data API: the comments of a video, replies included, as JSON lines.

Knows the API's requests and how to go on where an earlier run stopped. Knows nothing of labels or of
where the key comes from; the key goes into a header, so no address holds it.

While a video is read, every answer is a line of its `.part` file: the comments it brought, and what is
still to be asked. A line that was cut short is asked for again, so nothing is lost or kept twice.
"""

from __future__ import annotations

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from http.client import HTTPException
from itertools import islice
from pathlib import Path
from urllib.parse import urlencode

from pydantic import ValidationError
from tqdm import tqdm

from training.errors import IngestError
from training.params import Ingest
from training.paths import YOUTUBE
from training.stage import aside
from training.youtube_answers import CONSOLE, WRONG_KEY, Comment, Kept, Replies, Threads, refusal_in

_NO_REPLIES = b'{"items": []}'


class YouTubeError(IngestError):
    """The Data API refused, or can't be understood; the message says what to do."""


class _Query(Kept):
    """A page to ask for, of the video's threads or of the replies to `parent`; first without `page`."""

    parent: str | None = None
    page: str | None = None

    def address(self, base: str, video: str) -> str:
        asked = {"part": "snippet", "maxResults": "100", "textFormat": "plainText"}
        if self.parent is None:
            asked |= {"part": "snippet,replies", "videoId": video, "order": "time"}
        else:
            asked |= {"parentId": self.parent}
        if self.page is not None:
            asked |= {"pageToken": self.page}
        method = "commentThreads" if self.parent is None else "comments"
        return f"{base.rstrip('/')}/{method}?{urlencode(asked)}"


class _Step(Kept):
    """A line of a `.part` file: what one answer brought, and what was to be asked after it."""

    comments: tuple[Comment, ...]
    queries: tuple[_Query, ...]


def collect(
    video: str,
    key: str,
    settings: Ingest,
    into: Path = YOUTUBE,
    sleep: Callable[[float], None] = time.sleep,
) -> Path:
    """Return the file in `into` with the comments of `video`, newest threads first, one JSON a line.

    At most ``settings.youtube.max_comments`` are read. A file that is there is not fetched again.

    Raises:
        YouTubeError: the id or the key can't be right, the API refused, or it is out of retries.
    """
    if not re.fullmatch("[A-Za-z0-9_-]{11}", video):
        raise YouTubeError(f"{video!r} is not the id of a video: 11 of A-Z, a-z, 0-9, - and _")
    target = into / f"{video}.jsonl"
    part = target.with_name(target.name + ".part")
    if not target.is_file():
        key = _checked(key)
        into.mkdir(parents=True, exist_ok=True)
        _read(video, key, settings, part, sleep)
        with aside(target) as path:
            _write(part, path, settings.youtube.max_comments)
    part.unlink(missing_ok=True)
    return target


def read_collected(directory: Path = YOUTUBE) -> list[str]:
    """Return the texts of all comments that lie in `directory`, in the order of the videos' ids.

    Raises:
        YouTubeError: names the line that holds no comment.
    """
    texts = []
    # A hidden file is one that a killed run was about to put in place.
    for path in sorted(directory.glob("[!.]*.jsonl")):
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                try:
                    texts.append(Comment.model_validate_json(line).text)
                except ValidationError as error:
                    raise YouTubeError(
                        f"{path}: line {number} is not a comment; remove the file and run ingest again"
                    ) from error
    return texts


def _checked(key: str) -> str:
    key = key.strip()
    if not key:
        raise YouTubeError(
            f"there is no key for the YouTube Data API; make one at {CONSOLE}/credentials and put it "
            "into the environment as YOUTUBE_API_KEY"
        )
    if not re.fullmatch("[!-~]+", key):
        raise YouTubeError(WRONG_KEY)
    return key


def _read(video: str, key: str, settings: Ingest, part: Path, sleep: Callable[[float], None]) -> None:
    """Bring `part` to where nothing is left to ask, or the video's maximum is reached."""
    limit = settings.youtube.max_comments
    seen, queries = _resume(part)
    with (
        part.open("ab") as file,
        tqdm(initial=len(seen), unit="comment", desc=video, leave=False) as bar,
    ):
        while queries and len(seen) < limit:
            query, *later = queries
            found, more = _understood(query, _answer(video, query, key, settings, sleep), video)
            # Replies that came with their thread come once more with the others.
            new = {comment.id: comment for comment in found if comment.id not in seen}
            step = _Step(comments=tuple(new.values())[: limit - len(seen)], queries=(*more, *later))
            file.write(_line(step))
            file.flush()
            seen |= {comment.id for comment in step.comments}
            queries = step.queries
            bar.update(len(step.comments))


def _resume(part: Path) -> tuple[set[str], tuple[_Query, ...]]:
    """Return the ids of the comments in `part` and what is still to ask; cut off what is not whole."""
    ids: set[str] = set()
    queries: tuple[_Query, ...] = (_Query(),)
    whole = 0
    part.touch()
    with part.open("r+b") as file:
        for line in file:
            try:
                step = _Step.model_validate_json(line)
            except ValidationError:
                break
            if not line.endswith(b"\n"):
                break
            ids |= {comment.id for comment in step.comments}
            queries = step.queries
            whole += len(line)
        file.truncate(whole)
    return ids, queries


def _write(part: Path, path: Path, limit: int) -> None:
    """Write the first `limit` comments of `part` to `path`."""
    with part.open("rb") as steps, path.open("wb") as file:
        comments = (comment for line in steps for comment in _Step.model_validate_json(line).comments)
        file.writelines(map(_line, islice(comments, limit)))


def _line(content: Comment | _Step) -> bytes:
    return content.model_dump_json().encode() + b"\n"


def _understood(query: _Query, body: bytes, video: str) -> tuple[list[Comment], list[_Query]]:
    """Return the comments in the answer to `query`, and what to ask next because of it."""
    kind = Threads if query.parent is None else Replies
    try:
        page = kind.model_validate_json(body)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "all of it"
        raise YouTubeError(
            f"video {video}: the answer is not one of the YouTube Data API: {place}: {first['msg']}. "
            "What was read is kept; see that ingest.youtube.address in params.yaml is right and run it "
            "again"
        ) from error
    queries = [_Query(parent=thread) for thread in page.unread]
    if page.next_page_token:
        queries.append(_Query(parent=query.parent, page=page.next_page_token))
    return [item.comment(video) for item in page.comments], queries


def _answer(
    video: str, query: _Query, key: str, settings: Ingest, sleep: Callable[[float], None]
) -> bytes:
    """Return the body of the answer to `query`; wait where the trouble may pass."""
    address = query.address(settings.youtube.address, video)
    for attempt in range(settings.retries + 1):
        try:
            status, body = _get(address, key, settings.timeout)
        except (OSError, HTTPException) as error:
            trouble = str(error)
        else:
            if status == 200:
                return body
            refusal = refusal_in(body)
            # A comment that was deleted since its thread was read.
            if query.parent is not None and "commentNotFound" in refusal.reasons:
                return _NO_REPLIES
            # The API may name a key that it refuses.
            trouble = f"{status} {refusal.message}".replace(key, "(the key)").strip()
            if refusal.advice or not (status == 429 or status >= 500 or refusal.may_pass):
                raise YouTubeError(
                    f"video {video}: {refusal.advice or f'{address} answered {trouble}'}"
                )
        if attempt < settings.retries:
            sleep(min(2.0**attempt, 30))
    raise YouTubeError(
        f"video {video}: {address} could not be had after {settings.retries + 1} tries: {trouble}. "
        "What was read is kept: run it again"
    )


def _get(address: str, key: str, timeout: float) -> tuple[int, bytes]:
    """Return status and body of what `address` answers, be it a refusal."""
    request = urllib.request.Request(address)
    # Unredirected, so that no other host gets to see the key.
    request.add_unredirected_header("X-Goog-Api-Key", key)
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
