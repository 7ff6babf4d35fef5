"""The state directory as one file, and back.

Knows what of the directory is worth keeping, how it is read while servers go on writing, and what must
hold before it is put back. Knows nothing of a history in PostgreSQL, which has its own tools.

    spool/<worker>/<number>.log, lock      records that the database may not have taken yet
    history.db                             the history, where SQLite keeps it, of one moment
    authors.key, tokens.json, ledger, rejected.log
    champions/<source>/champion.json, champions/<source>/<identity>/<file>
    backup.json                            checksums; the last, so that a file cut short is noticed

What waits is read before the database: what has gone from there since is in the database. So whatever
was answered before the backup began is in it, and what is in it twice is known by its id.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import io
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy.engine import URL

from backend import __version__
from backend.bundle import BundleError
from backend.history.database import Database
from backend.history.migrate import UnknownRevisionError, check_revision
from backend.rollout.store import Store
from backend.state import StateError, author_key, sync
from backend.tokens import TokenError, Tokens

_HISTORY, _KEY, _TOKENS, _MANIFEST = "history.db", "authors.key", "tokens.json", "backup.json"
_PLAIN = (_KEY, _TOKENS, "ledger", "rejected.log")
_PARTS = (_HISTORY, *_PLAIN, "spool", "champions")
# SQLite's own files beside the database, which are nothing without it.
_REPLACED = (*_PARTS, f"{_HISTORY}-wal", f"{_HISTORY}-shm")
_NAME = re.compile(
    r"history\.db|authors\.key|tokens\.json|ledger|rejected\.log|backup\.json"
    r"|spool/[0-9a-f]{32}/(lock|[0-9]{12}\.log)"
    r"|champions/[0-9a-f]{16}/(champion\.json|[0-9a-f]{16}/\w[\w.-]*)"
)
_PIECE = 2**20


class BackupError(RuntimeError):
    """The state can't be backed up or restored; what was there before is untouched."""


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    size: int


class Manifest(BaseModel):
    """What a backup says of itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_version: Literal[1] = 1
    undertone: str
    made_at: AwareDatetime
    files: dict[str, _Described]

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(described.size for described in self.files.values())


def back_up(state: Path, to: IO[bytes], room: Path) -> Manifest:
    """Write what is kept in the directory `state` to `to`; servers may go on meanwhile.

    `room` is a directory with room for another copy of the history.

    Raises:
        BackupError: there is nothing to back up, or it is damaged.
        OSError: there is no room.
    """
    files: dict[str, _Described] = {}
    with (
        tempfile.TemporaryDirectory(prefix=".backup-", dir=room) as aside,
        gzip.GzipFile(fileobj=to, mode="wb", compresslevel=1) as packed,
        tarfile.open(fileobj=packed, mode="w|") as tar,
    ):
        for name, content, size in _contents(state, Path(aside)):
            files[name] = _add(tar, name, content, size)
        if not files:
            raise BackupError(f"there is nothing to back up in {state}")
        manifest = Manifest(undertone=__version__, made_at=datetime.now(UTC), files=files)
        said = manifest.model_dump_json(indent=2).encode()
        _add(tar, _MANIFEST, io.BytesIO(said), len(said))
    return manifest


def _contents(state: Path, aside: Path) -> Iterator[tuple[str, IO[bytes], int]]:
    """Yield name, content and size of each file, in an order in which nothing is lost between two."""
    for folder in sorted((state / "spool").glob("*")):
        yield f"spool/{folder.name}/lock", io.BytesIO(), 0
        for path in sorted(folder.glob("*.log")):
            try:
                waiting = path.read_bytes()
            except FileNotFoundError:
                continue  # All of it is in the database by now.
            yield f"spool/{folder.name}/{path.name}", io.BytesIO(waiting), len(waiting)
    paths = [state / name for name in _PLAIN]
    if (state / _HISTORY).exists():
        paths.insert(0, _snapshot(state / _HISTORY, aside / _HISTORY))
    for path in paths:
        if path.exists():
            with path.open("rb") as file:
                yield path.name, file, os.fstat(file.fileno()).st_size
    for source in sorted((state / "champions").glob("*")):
        with _champion(Store(source)) as champion:
            for path in champion:
                with path.open("rb") as file:
                    yield path.relative_to(state).as_posix(), file, os.fstat(file.fileno()).st_size


def _snapshot(database: Path, into: Path) -> Path:
    """Copy an SQLite database as it is at one moment, and make sure that it is whole."""
    try:
        with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(into)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise BackupError(f"{database} can't be copied: {error}") from error
    _check_history(into, f"{database}")
    return into


@contextmanager
def _champion(store: Store) -> Iterator[list[Path]]:
    """Yield the files of the store's champion, which stays for as long."""
    with store.writing():
        try:
            champion = store.champion()
            bundle = store.read(champion.identity) if champion else None
        except BundleError as error:
            raise BackupError(str(error)) from error
        named = [store.directory / "champion.json"]
        yield [*named, *sorted(bundle.directory.iterdir())] if bundle else []


def _add(tar: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> _Described:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(datetime.now(UTC).timestamp())
    digest = _Digest(content)
    tar.addfile(info, digest)
    return _Described(sha256=digest.sha256.hexdigest(), size=size)


class _Digest:
    """A file that is read once, and what its checksum is by then."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.sha256 = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.sha256.update(piece)
        return piece


def restore(state: Path, file: IO[bytes], *, replace: bool) -> tuple[Manifest, Path | None]:
    """Put a backup back into the directory `state`; return what it holds, and where that before is.

    All of it is checked before anything is changed. What was there goes into a folder beside it.

    Raises:
        BackupError: it is damaged or of a later version, a server uses `state`, or there is something
            already and `replace` is false.
        OSError: there is no room.
    """
    there = [name for name in _REPLACED if (state / name).exists()]
    if there and not replace:
        raise BackupError(f"{state} holds {', '.join(there)} already: say --replace to replace it")
    _check_nobody_uses(state)
    aside = Path(tempfile.mkdtemp(prefix=".restore-", dir=state))
    try:
        manifest = _extract(file, aside)
        _check(aside)
        for folder in (path for path in aside.rglob("*") if path.is_dir()):
            sync(folder)
        before = state / f"replaced-{datetime.now(UTC):%Y%m%dT%H%M%S%fZ}"
        names = [path.name for path in aside.iterdir()]
        try:
            _move(there, state, before)
            _move(names, aside, state)
        except BaseException:
            _move([name for name in names if not (aside / name).exists()], state, aside)
            _move([name for name in there if (before / name).exists()], before, state)
            raise
        sync(state)
    finally:
        shutil.rmtree(aside)
    return manifest, before if there else None


def _check_nobody_uses(state: Path) -> None:
    for path in (*state.glob("spool/*/lock"), *state.glob("champions/*/leading.lock")):
        with path.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupError(f"a server uses {state}: stop it first") from None


def _extract(file: IO[bytes], into: Path) -> Manifest:
    """Extract a backup once its checksums hold."""
    found: dict[str, _Described] = {}
    try:
        with gzip.GzipFile(fileobj=file) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                # Whoever made the file may not have been this program.
                if content is None or not _NAME.fullmatch(member.name) or member.name in found:
                    raise BackupError(f"no backup of Undertone: it holds {member.name!r}")
                found[member.name] = _write(content, into / member.name)
        manifest = Manifest.model_validate_json((into / _MANIFEST).read_bytes())
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BackupError(f"no backup of Undertone, or cut short: {error}") from error
    except FileNotFoundError:
        raise BackupError(
            "no backup of Undertone, or cut short: the list of its files is missing"
        ) from None
    except ValidationError as error:
        raise BackupError(f"a backup of another version: {error.errors()[0]['msg']}") from error
    (into / _MANIFEST).unlink()
    del found[_MANIFEST]
    if found != manifest.files:
        raise BackupError("the backup is damaged: its checksums do not hold")
    return manifest


def _write(content: IO[bytes], path: Path) -> _Described:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := content.read(_PIECE):
            digest.update(piece)
            size += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return _Described(sha256=digest.hexdigest(), size=size)


def _check(state: Path) -> None:
    """Make sure that a server can use what was extracted."""
    if (state / _HISTORY).exists():
        _check_history(state / _HISTORY, "its history")
    try:
        if (state / _KEY).exists():
            author_key(state)
        Tokens(state).all()
        for folder in state.glob("champions/*"):
            if champion := Store(folder).champion():
                Store(folder).read(champion.identity)
    except (StateError, TokenError, BundleError) as error:
        raise BackupError(f"the backup holds what no server can use: {error}") from error


def _check_history(path: Path, what: str) -> None:
    """Make sure that an SQLite database is whole, and of a version that is known here."""
    database = Database(URL.create("sqlite", database=str(path)))
    try:
        with closing(sqlite3.connect(path)) as connection:
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise BackupError(f"{what} is damaged: {found}")
        with database.reading() as reading:
            check_revision(reading)
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{what} is damaged: {error}") from error
    except UnknownRevisionError as error:
        raise BackupError(f"{what} is of a later version: {error}") from error
    finally:
        database.close()


def _move(names: list[str], source: Path, target: Path) -> None:
    """Move what is named from one folder to another, which is made for it."""
    if names:
        target.mkdir(mode=0o700, exist_ok=True)
    for name in names:
        (source / name).rename(target / name)
