"""What was accepted is on disk, once, in order, whatever becomes of the process that accepted it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from backend.history.frames import read_frames, write_frame
from backend.history.ledger import Ledger
from backend.history.spool import DeclinedError, Folder, Spool
from tests.server import ROOT

MIB = 2**20

# Appends numbers until it is killed, and says each that was accepted.
APPENDS = """
import sys
from pathlib import Path
from backend.history.ledger import Ledger
from backend.history.spool import Spool

state = Path(sys.argv[1])
spool = Spool(state / "spool", Ledger(state), 2**30)
number = 0
while True:
    spool.append(b'{"number": %d, "fill": "%s"}' % (number, b"x" * 20_000))
    print(number, flush=True)
    number += 1
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path)


@pytest.fixture
def spool(tmp_path: Path, ledger: Ledger) -> Spool:
    return Spool(tmp_path / "spool", ledger, 64 * MIB)


def emptied(folder: Folder) -> list[bytes]:
    """Return what `folder` holds, and settle it."""
    payloads = []
    while batch := folder.batch():
        payloads += [frame.payload for frame in batch.frames]
        folder.settle(batch)
    return payloads


def test_records_come_out_as_they_went_in(spool: Spool) -> None:
    given = [b'{"n": %d, "fill": "%s"}' % (n, b"x" * 100_000) for n in range(100)]
    for payload in given:
        spool.append(payload)

    assert emptied(spool) == given
    assert spool.segments() == []


def test_what_is_not_settled_comes_again(spool: Spool) -> None:
    spool.append(b"1")

    assert spool.batch() == spool.batch()
    assert emptied(spool) == [b"1"]


def test_positions_rise_though_the_clock_is_set_back(tmp_path: Path) -> None:
    times = iter([1_000, 2_000, 500, 9_000_000, 3_000, 3_000])
    ledger = Ledger(tmp_path, lambda: next(times))
    spool = Spool(tmp_path / "spool", ledger, MIB)
    for n in range(6):
        spool.append(b"%d" % n)
    batch = spool.batch()

    assert batch is not None
    positions = [frame.position for frame in batch.frames]
    assert positions == [1_000, 2_000, 2_001, 9_000_000, 9_000_001, 9_000_002]


def test_two_workers_share_one_order_and_one_limit(tmp_path: Path, ledger: Ledger) -> None:
    root = tmp_path / "spool"
    one, two = Spool(root, ledger, MIB), Spool(root, Ledger(tmp_path), MIB)
    for n in range(0, 10, 2):
        one.append(b"%d" % n)
        two.append(b"%d" % (n + 1))

    batches = [batch for spool in (one, two) if (batch := spool.batch())]
    frames = [frame for batch in batches for frame in batch.frames]
    in_order = sorted(frames, key=lambda frame: frame.position or 0)
    assert [int(frame.payload) for frame in in_order] == list(range(10))
    one.append(b"x" * (MIB - 1000))
    with pytest.raises(DeclinedError, match="limit"):
        two.append(b"x" * 1000)


def test_what_is_over_the_limit_is_declined_and_counted(tmp_path: Path, ledger: Ledger) -> None:
    spool = Spool(tmp_path / "spool", ledger, 100_000)
    spool.append(b"x" * 60_000)
    with pytest.raises(DeclinedError, match="limit of 100,000 bytes"):
        spool.append(b"y" * 60_000)

    assert (ledger.counts().accepted, ledger.counts().declined) == (1, 1)
    assert emptied(spool) == [b"x" * 60_000]
    spool.measure()
    spool.append(b"z" * 60_000)
    assert emptied(spool) == [b"z" * 60_000]


def test_a_folder_is_taken_over_only_from_the_dead(tmp_path: Path, spool: Spool) -> None:
    other = Spool(tmp_path / "spool", Ledger(tmp_path), MIB)
    other.append(b"left behind")
    other.close()

    assert list(spool.orphans()) == []
    os.close(other._lock)
    (orphan,) = spool.orphans()
    assert emptied(orphan) == [b"left behind"]
    orphan.remove()
    assert [path.name for path in (tmp_path / "spool").iterdir()] == [spool.path.name]


def test_a_killed_writer_loses_nothing_that_it_had_accepted(tmp_path: Path, spool: Spool) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", APPENDS, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert writer.stdout is not None
    said = [writer.stdout.readline() for _ in range(300)]
    writer.send_signal(signal.SIGKILL)
    said += writer.stdout.readlines()
    writer.stdout.close()
    writer.wait()

    (orphan,) = spool.orphans()
    found = [payload.partition(b",")[0] for payload in emptied(orphan)]
    # It may have been killed between the write and its word.
    assert len(found) - len(said) in (0, 1)
    assert found == [b'{"number": %d' % n for n in range(len(found))]


def test_a_torn_line_is_not_a_record_and_a_damaged_one_says_so(tmp_path: Path) -> None:
    path = tmp_path / "segment.log"
    lines = [write_frame(n, b'"payload"') for n in range(3)]
    damaged = lines[1].replace(b"payload", b"pAyload")
    path.write_bytes(lines[0] + damaged + b"\x00\n" + lines[2] + lines[0][:-1])

    frames = list(read_frames(path, 0, path.stat().st_size))

    assert [frame.position for frame in frames] == [0, None, None, 2]
    assert frames[1].line == damaged
