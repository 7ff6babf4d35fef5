"""Comments from a real local server that answers, refuses and breaks off as the Data API does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from training.errors import IngestError
from training.params import Ingest, read_params
from training.youtube_api import YouTubeError, read_collected
from training.youtube_api import collect as collect_with_pauses

DECLARED = Path(__file__).parents[2] / "params.yaml"
VIDEO = "7ghhRHRP6t4"
KEY = "AIzaSyMadeUpForTests-0123456789_abcdefg"

Json = dict[str, Any]


def comment(name: str, parent: str | None = None, **snippet: object) -> Json:
    """Return a comment resource; a reply when it has a parent."""
    return {
        "kind": "youtube#comment",
        "etag": f"etag-{name}",
        "id": name,
        "snippet": {
            "channelId": "UCN1hnUccO4FD5WfM7ithXaw",
            "videoId": VIDEO,
            "textDisplay": f"{name} is shown",
            "textOriginal": f"{name} was written\non two lines ❤️",
            **({"parentId": parent} if parent else {}),
            "authorDisplayName": f"@{name}",
            "authorProfileImageUrl": "https://yt3.ggpht.com/a=s48-c-k-c0x00ffffff-no-rj",
            "authorChannelUrl": "http://www.youtube.com/channel/UCdfN6Ar5A9E21KBfLlNCbNQ",
            "authorChannelId": {"value": "UCdfN6Ar5A9E21KBfLlNCbNQ"},
            "canRate": True,
            "viewerRating": "none",
            "likeCount": 3,
            "publishedAt": "2024-01-06T20:30:09Z",
            "updatedAt": "2024-01-06T20:30:09Z",
            **snippet,
        },
    }


def thread(name: str, included: tuple[str, ...] = (), replies: int | None = None) -> Json:
    """Return a thread resource that counts `replies` and holds those `included`."""
    resource = {
        "kind": "youtube#commentThread",
        "etag": f"etag-of-thread-{name}",
        "id": name,
        "snippet": {
            "channelId": "UCN1hnUccO4FD5WfM7ithXaw",
            "videoId": VIDEO,
            "topLevelComment": comment(name),
            "canReply": True,
            "totalReplyCount": len(included) if replies is None else replies,
            "isPublic": True,
        },
    }
    if included:
        resource["replies"] = {"comments": [comment(reply, name) for reply in included]}
    return resource


def page(*items: Json, following: str | None = None) -> Json:
    """Return a list response with `items`; `following` is the next page's token."""
    kind = items[0]["kind"] if items else "youtube#commentThread"
    return {
        "kind": f"{kind}ListResponse",
        "etag": "etag-of-page",
        **({"nextPageToken": following} if following else {}),
        "pageInfo": {"totalResults": len(items), "resultsPerPage": 100},
        "items": list(items),
    }


def refusal(code: int, reason: str, message: str = "Refused.", detail: str | None = None) -> Json:
    """Return an error response."""
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": detail}
    help_ = {"@type": "type.googleapis.com/google.rpc.Help", "links": []}
    return {
        "error": {
            "code": code,
            "message": message,
            "errors": [{"message": message, "domain": "youtube", "reason": reason}],
            **({"status": "REFUSED", "details": [help_, info]} if detail else {}),
        }
    }


QUOTA = refusal(403, "quotaExceeded")
THREE_PAGES = {
    None: page(thread("a"), thread("b"), following="second"),
    "second": page(thread("c"), following="third+/="),
    "third+/=": page(thread("d")),
}
LONG_THREAD = {None: page(thread("a", ("a.1", "a.2"), replies=5), thread("b"))}
LONG_REPLIES = {
    ("a", None): page(*(comment(f"a.{n}", "a") for n in (5, 4, 3)), following="more"),
    ("a", "more"): page(*(comment(f"a.{n}", "a") for n in (2, 1))),
}


class Api(ThreadingHTTPServer):
    """Serves `threads` by page and `replies` by parent and page, after each of `troubles` in turn.

    A trouble is a refusal, a status without a body, a body that is not JSON, None for no trouble, or
    "cut" for a connection that ends early.
    """

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.threads: dict[str | None, Json] = THREE_PAGES
        self.replies: dict[tuple[str, str | None], Json] = LONG_REPLIES
        self.troubles: list[Json | bytes | int | str | None] = []
        self.asked: list[dict[str, str]] = []
        self.keys: list[str | None] = []

    @property
    def pages(self) -> list[str | None]:
        return [asked.get("pageToken") for asked in self.asked]

    def settings(self, retries: int = 3, max_comments: int = 100) -> Ingest:
        declared = read_params(DECLARED).ingest
        address = f"http://127.0.0.1:{self.server_port}/youtube/v3"
        youtube = declared.youtube.model_copy(update={"address": address, "max_comments": max_comments})
        return declared.model_copy(update={"youtube": youtube, "timeout": 5.0, "retries": retries})

    def answer(self, path: str, asked: dict[str, str]) -> Json:
        if path == "/youtube/v3/commentThreads":
            return self.threads[asked.get("pageToken")]
        assert path == "/youtube/v3/comments"
        return self.replies[asked["parentId"], asked.get("pageToken")]


class Handler(BaseHTTPRequestHandler):
    server: Api

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        asked = dict(parse_qsl(address.query))
        self.server.asked.append(asked)
        self.server.keys.append(self.headers.get("X-Goog-Api-Key"))
        trouble = self.server.troubles.pop(0) if self.server.troubles else None
        if isinstance(trouble, int):
            self.send_error(trouble)
        elif isinstance(trouble, bytes):
            self.send(200, trouble)
        elif isinstance(trouble, dict):
            self.send(trouble["error"]["code"], json.dumps(trouble).encode())
        else:
            body = json.dumps(self.server.answer(address.path, asked), indent=1).encode()
            self.send(200, body, len(body) // 2 if trouble == "cut" else len(body))

    def send(self, status: int, body: bytes, cut: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[:cut])

    def log_message(self, *args: object) -> None:
        """Say nothing; what was asked is in `asked`."""


@pytest.fixture
def api() -> Iterator[Api]:
    with Api() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def collect(settings: Ingest, into: Path, video: str = VIDEO, key: str = KEY) -> Path:
    return collect_with_pauses(video, key, settings, into, sleep=lambda seconds: None)


def lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def ids(path: Path) -> list[str]:
    return [line["id"] for line in lines(path)]


def test_a_comment_is_kept_with_what_is_known_of_it(api: Api, tmp_path: Path) -> None:
    api.threads = {None: page(thread("a"))}

    path = collect(api.settings(), tmp_path / "new")

    assert path == tmp_path / "new" / f"{VIDEO}.jsonl"
    assert lines(path) == [
        {
            "id": "a",
            "text": "a was written\non two lines ❤️",
            "author": "@a",
            "likes": 3,
            "published_at": "2024-01-06T20:30:09Z",
            "reply_to": None,
            "video_id": VIDEO,
        }
    ]


def test_the_shown_text_is_taken_where_there_is_no_other(api: Api, tmp_path: Path) -> None:
    api.threads = {None: page(thread("a"))}
    del api.threads[None]["items"][0]["snippet"]["topLevelComment"]["snippet"]["textOriginal"]

    assert lines(collect(api.settings(), tmp_path))[0]["text"] == "a is shown"


def test_dates_are_kept_in_utc(api: Api, tmp_path: Path) -> None:
    late = comment("a.1", "a", publishedAt="2024-01-06T23:30:00.000-02:00")
    api.threads = {None: page(thread("a", ("a.1",)))}
    api.threads[None]["items"][0]["replies"]["comments"] = [late]

    assert lines(collect(api.settings(), tmp_path))[1]["published_at"] == "2024-01-07T01:30:00Z"


def test_pages_are_read_in_order(api: Api, tmp_path: Path) -> None:
    assert ids(collect(api.settings(), tmp_path)) == ["a", "b", "c", "d"]
    assert api.pages == [None, "second", "third+/="]
    assert api.asked[1] == {
        "part": "snippet,replies",
        "videoId": VIDEO,
        "order": "time",
        "maxResults": "100",
        "textFormat": "plainText",
        "pageToken": "second",
    }


def test_replies_that_come_with_a_thread_are_kept(api: Api, tmp_path: Path) -> None:
    api.threads = {None: page(thread("a", ("a.1", "a.2")), thread("b"))}

    kept = lines(collect(api.settings(), tmp_path))

    assert [(line["id"], line["reply_to"]) for line in kept] == [
        ("a", None),
        ("a.1", "a"),
        ("a.2", "a"),
        ("b", None),
    ]
    assert len(api.asked) == 1


def test_replies_that_a_thread_only_counts_are_fetched(api: Api, tmp_path: Path) -> None:
    api.threads = LONG_THREAD

    kept = lines(collect(api.settings(), tmp_path))

    assert [line["id"] for line in kept] == ["a", "a.1", "a.2", "b", "a.5", "a.4", "a.3"]
    assert {line["reply_to"] for line in kept if "." in line["id"]} == {"a"}
    assert api.asked[1:] == [
        {"part": "snippet", "parentId": "a", "maxResults": "100", "textFormat": "plainText"} | more
        for more in ({}, {"pageToken": "more"})
    ]


def test_a_comment_deleted_meanwhile_has_no_more_replies(api: Api, tmp_path: Path) -> None:
    api.threads = LONG_THREAD
    api.troubles = [None, refusal(404, "commentNotFound")]

    assert ids(collect(api.settings(), tmp_path)) == ["a", "a.1", "a.2", "b"]


def test_a_video_without_comments_is_an_empty_file(api: Api, tmp_path: Path) -> None:
    api.threads = {None: page()}

    assert collect(api.settings(), tmp_path).read_bytes() == b""


def test_a_file_that_is_there_is_not_fetched_again(api: Api, tmp_path: Path) -> None:
    collect(api.settings(), tmp_path)
    asked = len(api.asked)

    assert ids(collect(api.settings(), tmp_path, key="")) == ["a", "b", "c", "d"]
    assert len(api.asked) == asked
    assert [path.name for path in tmp_path.iterdir()] == [f"{VIDEO}.jsonl"]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_comments_are_read_than_wanted(api: Api, tmp_path: Path, most: int) -> None:
    path = collect(api.settings(max_comments=most), tmp_path)

    assert ids(path) == ["a", "b", "c"][:most]
    assert len(api.asked) == (2 if most == 3 else 1)


def test_when_the_quota_ends_what_was_read_is_kept_and_the_next_run_goes_on(
    api: Api, tmp_path: Path
) -> None:
    api.troubles = [None, None, QUOTA]

    with pytest.raises(YouTubeError, match=f"{VIDEO}.*midnight Pacific time.*run it again"):
        collect(api.settings(), tmp_path)
    assert not (tmp_path / f"{VIDEO}.jsonl").exists()

    assert ids(collect(api.settings(), tmp_path)) == ["a", "b", "c", "d"]
    assert api.pages == [None, "second", "third+/=", "third+/="]


def test_when_the_quota_ends_amid_replies_the_next_run_goes_on_there(api: Api, tmp_path: Path) -> None:
    api.threads = LONG_THREAD
    api.troubles = [None, None, QUOTA]

    with pytest.raises(YouTubeError):
        collect(api.settings(), tmp_path)

    assert ids(collect(api.settings(), tmp_path)) == ["a", "a.1", "a.2", "b", "a.5", "a.4", "a.3"]
    assert [asked.get("parentId") for asked in api.asked] == [None, "a", "a", "a"]
    assert api.pages == [None, None, "more", "more"]


@pytest.mark.parametrize("left", [0, 1, 40])
def test_a_page_that_a_killed_run_had_half_written_is_asked_for_again(
    api: Api, tmp_path: Path, left: int
) -> None:
    api.troubles = [None, None, QUOTA]
    with pytest.raises(YouTubeError):
        collect(api.settings(), tmp_path)
    part = tmp_path / f"{VIDEO}.jsonl.part"
    first, second = part.read_bytes().splitlines()
    # With nothing cut but the newline, the line looks whole.
    part.write_bytes(first + b"\n" + second[: len(second) - left])

    assert ids(collect(api.settings(), tmp_path)) == ["a", "b", "c", "d"]
    assert api.pages == [None, "second", "third+/=", "second", "third+/="]
    assert not part.exists()


def test_a_run_killed_when_all_was_read_asks_for_nothing(api: Api, tmp_path: Path) -> None:
    path = collect(api.settings(), tmp_path / "whole")
    api.troubles = [None, None, QUOTA]
    with pytest.raises(YouTubeError):
        collect(api.settings(), tmp_path)
    part = tmp_path / f"{VIDEO}.jsonl.part"
    last = {"comments": lines(path)[3:], "queries": []}
    part.write_bytes(part.read_bytes() + json.dumps(last).encode() + b"\n")
    asked = len(api.asked)

    assert collect(api.settings(), tmp_path).read_bytes() == path.read_bytes()
    assert len(api.asked) == asked


@pytest.mark.parametrize(
    "trouble",
    [
        500,
        503,
        429,
        "cut",
        refusal(503, "backendError"),
        refusal(403, "rateLimitExceeded"),
        refusal(403, "userRateLimitExceeded"),
        refusal(429, "rateLimitExceeded", detail="RATE_LIMIT_EXCEEDED"),
    ],
    ids=str,
)
def test_passing_trouble_is_waited_out(api: Api, tmp_path: Path, trouble: Json | int | str) -> None:
    api.troubles = [None, trouble, trouble]
    pauses: list[float] = []

    path = collect_with_pauses(VIDEO, KEY, api.settings(), tmp_path, sleep=pauses.append)

    assert ids(path) == ["a", "b", "c", "d"]
    assert pauses == [1, 2]


def test_lasting_trouble_is_an_error_and_the_next_run_goes_on(api: Api, tmp_path: Path) -> None:
    api.troubles = [None, 503, 503]

    with pytest.raises(YouTubeError, match=r"could not be had after 2 tries: 503.*run it again"):
        collect(api.settings(retries=1), tmp_path)
    assert ids(collect(api.settings(), tmp_path)) == ["a", "b", "c", "d"]


def test_a_server_that_is_not_there_is_an_error(api: Api, tmp_path: Path) -> None:
    settings = api.settings(retries=0)
    api.shutdown()
    api.server_close()

    with pytest.raises(YouTubeError, match=r"could not be had after 1 tries.*refused"):
        collect(settings, tmp_path)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal(403, "quotaExceeded"), "resets at midnight Pacific time.*kept"),
        (refusal(403, "dailyLimitExceeded"), "resets at midnight Pacific time.*kept"),
        (refusal(429, "quotaExceeded"), "resets at midnight Pacific time.*kept"),
        (refusal(400, "keyInvalid", "Bad Request"), "YOUTUBE_API_KEY is not valid"),
        (
            refusal(400, "badRequest", "API key not valid. Please pass a valid API key."),
            "YOUTUBE_API_KEY is not valid",
        ),
        (
            refusal(400, "badRequest", detail="API_KEY_INVALID"),
            "YOUTUBE_API_KEY is not valid",
        ),
        (refusal(403, "forbidden", detail="API_KEY_SERVICE_BLOCKED"), "restricted"),
        (refusal(403, "ipRefererBlocked"), "restricted"),
        (refusal(403, "accessNotConfigured"), "enable it at https://console.cloud.google.com"),
        (refusal(403, "forbidden", detail="SERVICE_DISABLED"), "enable it at https://console"),
        (refusal(403, "forbidden"), "may not read it.*enabled at https://console"),
        (refusal(403, "commentsDisabled"), "comments are turned off; remove the video"),
        (refusal(404, "videoNotFound"), "no such video, or it is private; remove the video"),
        (refusal(400, "invalidPageToken"), "remove the video's .part file"),
        (refusal(400, "incompatibleParameters", "Not both."), "answered 400 Not both"),
        (404, "answered 404"),
    ],
    ids=str,
)
def test_a_refusal_says_what_to_do_and_is_not_asked_twice(
    api: Api, tmp_path: Path, answer: Json | int, words: str
) -> None:
    api.troubles = [answer]

    with pytest.raises(IngestError, match=f"^video {VIDEO}: .*{words}"):
        collect(api.settings(), tmp_path)
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"<html>Welcome to the hotel's network</html>", "Invalid JSON"),
        (b'{"items": [', "Invalid JSON"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"[]", "all of it: Input should be an object"),
        (b"{}", "items: Field required"),
        (b'{"items": [{"id": "a", "snippet": {}}]}', "items.0.snippet.topLevelComment: Field req"),
        (json.dumps(page(comment("a"))).encode(), "items.0.snippet.topLevelComment: Field required"),
    ],
    ids=str,
)
def test_an_answer_that_is_none_is_an_error_and_the_next_run_goes_on(
    api: Api, tmp_path: Path, answer: bytes, words: str
) -> None:
    api.troubles = [None, answer]

    with pytest.raises(YouTubeError, match=f"{VIDEO}.*{words}.*ingest.youtube.address"):
        collect(api.settings(), tmp_path)
    assert ids(collect(api.settings(), tmp_path)) == ["a", "b", "c", "d"]


@pytest.mark.parametrize("video", ["", "short", "7ghhRHRP6t4x", "7ghhRHRP6t4\n", "../../../etc"])
def test_an_id_that_can_be_no_video_s_is_named(api: Api, tmp_path: Path, video: str) -> None:
    with pytest.raises(YouTubeError) as caught:
        collect(api.settings(), tmp_path, video=video)
    assert repr(video) in str(caught.value)
    assert api.asked == []


@pytest.mark.parametrize("key", ["", " \n"])
def test_without_a_key_the_error_says_where_to_get_one(api: Api, tmp_path: Path, key: str) -> None:
    with pytest.raises(YouTubeError, match=r"make one at https://console\..*YOUTUBE_API_KEY"):
        collect(api.settings(), tmp_path, key=key)
    assert api.asked == []


def test_the_key_goes_into_a_header_and_no_address(api: Api, tmp_path: Path) -> None:
    collect(api.settings(), tmp_path, key=f"{KEY}\n")

    assert api.keys == [KEY] * 3
    assert all(KEY not in asked.values() for asked in api.asked)


@pytest.mark.parametrize("key", [KEY, f"{KEY}\r\nX-Other: 1", f"{KEY} é"])
@pytest.mark.parametrize(
    "trouble",
    [
        400,
        503,
        b"nonsense",
        "cut",
        refusal(403, "forbidden", f"Permission denied: Consumer 'api_key:{KEY}' has been suspended."),
        refusal(403, "unheardOf", f"Permission denied: Consumer 'api_key:{KEY}' has been suspended."),
    ],
    ids=lambda trouble: str(trouble)[:40],
)
def test_no_error_or_output_holds_the_key(
    api: Api,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    trouble: Json | int | bytes | str,
    key: str,
) -> None:
    api.troubles = [trouble]

    with pytest.raises(YouTubeError) as caught:
        collect(api.settings(retries=0), tmp_path, key=key)

    assert KEY not in str(caught.value)
    assert KEY not in "".join(capfd.readouterr())
    assert all(KEY not in path.read_text() for path in tmp_path.iterdir())


def test_the_texts_of_all_videos_are_read_in_order(api: Api, tmp_path: Path) -> None:
    api.threads = {None: page(thread("a"), thread("b"))}
    collect(api.settings(), tmp_path, video="b" * 11)
    api.threads = {None: page(thread("c"))}
    collect(api.settings(), tmp_path, video="a" * 11)
    (tmp_path / f"{'c' * 11}.jsonl.part").write_text("being read")
    (tmp_path / f".{'d' * 11}.1.jsonl").write_text("about to be put in place")

    assert [text.split()[0] for text in read_collected(tmp_path)] == ["c", "a", "b"]


def test_where_nothing_was_collected_there_are_no_texts(tmp_path: Path) -> None:
    assert read_collected(tmp_path / "nowhere") == []


def test_a_line_that_is_no_comment_is_named(api: Api, tmp_path: Path) -> None:
    path = collect(api.settings(), tmp_path)
    path.write_bytes(path.read_bytes() + b"{}\n")

    with pytest.raises(YouTubeError, match=r"7ghhRHRP6t4\.jsonl: line 5 is not a comment"):
        read_collected(tmp_path)
