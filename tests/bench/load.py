"""Clients that ask a server, all at once, over connections that stay open; and what they saw.

Knows no more HTTP/1.1 than servers answer with: a client that does more takes the cores away from the
server it measures. Knows nothing of comments.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from tests.bench.plan import Cell

PATIENCE_SECONDS = 60
_LONGEST_HEAD = 64 * 1024


class BrokenAnswerError(ConnectionError):
    """The connection ended in the middle of an answer, or holds what is not HTTP."""


@dataclass(frozen=True)
class Answer:
    """What became of one request. The seconds count from its first byte sent."""

    status: int
    """0: no answer, or none in time."""
    first_byte: float
    """Until the first byte of the body was there."""
    seconds: float
    """Until all of it was."""


@dataclass
class Run:
    """What the clients of one cell saw."""

    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0
    client_seconds: float = 0
    """Processor time that the clients themselves took."""

    @property
    def failed(self) -> int:
        """Requests that were not answered with 200."""
        return sum(answer.status != 200 for answer in self.answers)


def request(port: int, path: str, body: bytes, accept: str = "application/json") -> bytes:
    """Return the bytes of a POST of JSON that asks for an answer of the media type `accept`."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        f"Accept: {accept}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def ask(port: int, requests: Sequence[bytes], cell: Cell) -> Run:
    """Send `requests`, each once, as `cell` says; those its time is too short for are left out.

    The event loop has a thread of its own: the caller's may have another, as Playwright's has.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(lambda: asyncio.run(_ask(port, requests, cell))).result()


async def _ask(port: int, requests: Sequence[bytes], cell: Cell) -> Run:
    run = Run()
    waiting = iter(requests)
    connections = [Connection(port) for _ in range(cell.clients)]
    await asyncio.gather(*(connection.open() for connection in connections))
    began, worked = time.perf_counter(), time.process_time()
    try:
        await asyncio.gather(
            *(_client(connection, waiting, run, began + cell.seconds) for connection in connections)
        )
    finally:
        run.seconds = time.perf_counter() - began
        run.client_seconds = time.process_time() - worked
        for connection in connections:
            connection.close()
    return run


async def _client(connection: Connection, waiting: Iterator[bytes], run: Run, until: float) -> None:
    for content in waiting:
        run.answers.append(await connection.ask(content))
        if time.perf_counter() >= until:
            return


class Connection:
    """A connection to a local port that is opened anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def open(self) -> None:
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._port, limit=_LONGEST_HEAD
        )

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def ask(self, content: bytes) -> Answer:
        """Send a request and read the answer to its end; a failure is an answer with status 0."""
        began = time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                status, headers = await self._head_of_answer(content)
                first = await self._read_body(headers)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
            self.close()
            status, first = 0, time.perf_counter()
        if status and headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(status, first - began, time.perf_counter() - began)

    async def _head_of_answer(self, content: bytes) -> tuple[int, dict[str, str]]:
        """Send `content` and return status and headers.

        A server may close an idle connection just as a request is on its way: any client then tries
        once more.
        """
        reused = self._reader is not None
        try:
            return await self._send(content)
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            said = error.partial if isinstance(error, asyncio.IncompleteReadError) else b""
            if not reused or said:
                raise
            self.close()
            return await self._send(content)

    async def _send(self, content: bytes) -> tuple[int, dict[str, str]]:
        if self._reader is None or self._writer is None:
            await self.open()
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(content)
        await self._writer.drain()
        head = await self._reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        fields = (line.split(":", 1) for line in lines if line)
        return int(first.split(" ", 2)[1]), {name.lower(): value.strip() for name, value in fields}

    async def _read_body(self, headers: dict[str, str]) -> float:
        """Read the body to its end, and return when its first byte was there."""
        assert self._reader is not None
        if headers.get("transfer-encoding", "").lower() == "chunked":
            return await self._read_chunks(self._reader)
        if "content-length" not in headers:
            raise BrokenAnswerError("an answer without a length")
        return await _read(self._reader, int(headers["content-length"]))

    async def _read_chunks(self, reader: asyncio.StreamReader) -> float:
        first = None
        while length := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            moment = await _read(reader, length)
            first = first or moment
            await reader.readexactly(2)
        while await reader.readuntil(b"\r\n") != b"\r\n":
            pass
        return first or time.perf_counter()


async def _read(reader: asyncio.StreamReader, length: int) -> float:
    """Read `length` bytes away, and return when the first was there."""
    first = None
    while length:
        piece = await reader.read(min(length, _LONGEST_HEAD))
        if not piece:
            raise BrokenAnswerError("the answer ends early")
        first = first or time.perf_counter()
        length -= len(piece)
    return first or time.perf_counter()
