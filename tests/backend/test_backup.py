"""What a server keeps, as one file and back: all of it, whole, and nothing in its place unasked."""

from __future__ import annotations

import errno
import gzip
import io
import shutil
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from backend.backup import BackupError, back_up, restore
from backend.rollout.start import prepare
from backend.settings import Settings
from backend.state import author_key
from backend.tokens import Tokens
from tests.backend.history.made_up import history, predictions, texts, until
from tests.backend.tiny import tiny_bundle


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return a state directory with two predictions, a token and a champion."""
    folder = tmp_path / "state"
    folder.mkdir()
    Tokens(folder).create("ada", ["read"])
    bundle = tiny_bundle(tmp_path / "offered", "1").directory
    prepare(Settings(state=folder, bundle=bundle))
    with history(folder) as kept:
        kept.keep_predictions(*predictions("one", "two"))
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"


def backup(state: Path) -> bytes:
    written = io.BytesIO()
    back_up(state, written, state.parent)
    return written.getvalue()


def database(state: Path) -> URL:
    return URL.create("sqlite", database=str(state / "history.db"))


def kept(state: Path) -> dict[str, bytes]:
    """Return the files of a state directory that matter, by their names."""
    found = (path for path in state.rglob("*") if path.is_file() and "lock" not in path.name)
    return {path.relative_to(state).as_posix(): path.read_bytes() for path in found}


def test_all_that_is_kept_comes_back(state: Path, empty: Path) -> None:
    restore(empty, io.BytesIO(backup(state)), replace=False)

    before, after = kept(state), kept(empty)
    assert texts(database(empty)) == ["one", "two"]
    for files in (before, after):
        files.pop("history.db")
    assert after == before
    assert {path.stat().st_mode & 0o077 for path in empty.rglob("*") if path.is_file()} == {0}


def test_what_waits_for_the_database_is_in_it(state: Path, empty: Path) -> None:
    with closing(sqlite3.connect(state / "history.db", isolation_level=None)) as busy:
        busy.execute("BEGIN IMMEDIATE")
        with history(state) as waiting:
            waiting.keep_predictions(*predictions("waits"))

            written = backup(state)

            busy.execute("ROLLBACK")
    restore(empty, io.BytesIO(written), replace=False)

    assert texts(database(empty)) == ["one", "two"]
    with history(empty):
        until(lambda: "waits" in texts(database(empty)))
    assert texts(database(empty)) == ["one", "two", "waits"]


def test_a_worker_that_waits_with_several_files_comes_back(state: Path, empty: Path) -> None:
    spool = state / "spool" / ("a" * 32)
    spool.mkdir(parents=True)
    for number in range(3):
        (spool / f"{number:012}.log").write_bytes(b"what waits")

    restore(empty, io.BytesIO(backup(state)), replace=False)

    assert [path.name for path in sorted((empty / "spool" / ("a" * 32)).iterdir())] == [
        *(f"{number:012}.log" for number in range(3)), "lock",
    ]  # fmt: skip


def test_a_restore_that_fails_on_its_way_leaves_what_was_there(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written, rename = backup(state), Path.rename
    with history(state) as later:
        later.keep_predictions(*predictions("later"))

    def fail_once(path: Path, target: Path) -> Path:
        if path.parent.name.startswith(".restore-") and path.name == "history.db":
            raise OSError(errno.EIO, "the disk is gone")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", fail_once)
    with pytest.raises(OSError, match="the disk is gone"):
        restore(state, io.BytesIO(written), replace=True)

    assert texts(database(state)) == ["later", "one", "two"]
    assert [path.name for path in state.glob(".restore-*")] == []


def test_what_is_there_is_replaced_only_on_demand_and_kept(state: Path) -> None:
    written = backup(state)
    with history(state) as later:
        later.keep_predictions(*predictions("later"))

    with pytest.raises(BackupError, match=r"holds history\.db, .* already: say --replace"):
        restore(state, io.BytesIO(written), replace=False)
    assert "later" in texts(database(state))

    _, before = restore(state, io.BytesIO(written), replace=True)
    assert texts(database(state)) == ["one", "two"]
    assert before is not None
    assert "later" in texts(database(before))


def test_a_state_that_a_server_uses_is_left_alone(state: Path) -> None:
    written = backup(state)

    with history(state), pytest.raises(BackupError, match="a server uses"):
        restore(state, io.BytesIO(written), replace=True)


def flip(written: bytes) -> bytes:
    """Return a backup of which one bit of one file is another, and the rest is consistent."""
    plain = bytearray(gzip.decompress(written))
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        plain[tar.getmember("authors.key").offset_data] ^= 1
    return gzip.compress(plain)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda written: b"",
        lambda written: b"no backup",
        lambda written: written[: len(written) // 2],
        lambda written: gzip.compress(gzip.decompress(written)[:1024]),
        flip,
    ],
    ids=["empty", "something else", "half", "its first file", "another bit"],
)
def test_a_damaged_backup_is_refused_and_changes_nothing(
    state: Path, spoil: Callable[[bytes], bytes]
) -> None:
    written = backup(state)
    before = kept(state)

    with pytest.raises(BackupError, match=r"cut short|damaged"):
        restore(state, io.BytesIO(spoil(written)), replace=True)

    assert kept(state) == before


@pytest.mark.parametrize(
    "member",
    [
        tarfile.TarInfo("../outside"),
        tarfile.TarInfo("/tmp/outside"),
        tarfile.TarInfo("spool/../../outside"),
        tarfile.TarInfo("champions/0123456789abcdef/0123456789abcdef/.."),
        tarfile.TarInfo("unknown"),
    ],
    ids=lambda member: member.name,
)
@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.SYMTYPE, tarfile.DIRTYPE])
def test_a_hostile_file_reaches_nothing(empty: Path, member: tarfile.TarInfo, kind: bytes) -> None:
    member.type, member.linkname = kind, "/etc/passwd"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.addfile(member)

    with pytest.raises(BackupError, match="no backup of Undertone"):
        restore(empty, io.BytesIO(packed.getvalue()), replace=False)

    assert list(empty.iterdir()) == []
    assert not (empty.parent / "outside").exists()


def set_revision(state: Path) -> None:
    with closing(sqlite3.connect(state / "history.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def damage(state: Path) -> None:
    """Overwrite pages in the middle of the database."""
    with (state / "history.db").open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * 4)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (set_revision, "revision 9999, which this version"),
        (damage, "damaged|can't be copied"),
        (lambda state: shutil.rmtree(next(state.glob("champions/*/*/"))), "champion|bundle"),
        (shutil.rmtree, "nothing to back up"),
    ],
    ids=["of a later version", "damaged", "no champion", "not there"],
)
def test_what_could_not_be_restored_is_not_backed_up(
    state: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    spoil(state)

    with pytest.raises(BackupError, match=reason):
        backup(state)


def test_a_key_or_tokens_that_no_server_can_use_are_refused(state: Path, empty: Path) -> None:
    assert len(author_key(state)) == 32
    (state / "authors.key").write_bytes(b"short")

    with pytest.raises(BackupError, match="5 bytes instead of 32"):
        restore(empty, io.BytesIO(backup(state)), replace=False)
