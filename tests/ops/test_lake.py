"""The data lake on a real S3 server that goes away in the middle, and comes back with its data."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import pyarrow.parquet as pq
import pytest
from s3fs import S3FileSystem
from sqlalchemy.engine import URL

from backend.export import export
from backend.history.database import Database
from backend.history.migrate import migrate
from backend.history.records import Recorder, parse
from backend.history.store import Placed, store
from backend.history.wire import FeedbackRequest
from tests.backend.history.made_up import predictions
from tests.ops.line import Line, line
from tests.ops.programs import ROOT, needs_s3
from tests.ops.s3 import KEYS, running_s3
from tests.services import Service
from training.corrections import bring
from training.exported import LogError

pytestmark = [needs_s3, pytest.mark.slow]

RECORDER = Recorder(b"key", keep_text=True, max_characters=10_000)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MIB = 2**20
MANY = 1_500
# Who is to see that something fails need not wait for what might have mended it.
ONCE = {"AWS_MAX_ATTEMPTS": "1"}


@pytest.fixture(scope="module")
def s3() -> Iterator[Service]:
    """Yield an S3 server with the bucket `lake`."""
    with running_s3() as server:
        client(server).create_bucket(Bucket="lake")
        yield server


@pytest.fixture
def way(s3: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    """Yield the line over which the environment has everybody reach the S3 server."""
    port = urlsplit(s3.address).port
    assert port
    with line(port) as (made, beginning):
        for name, value in KEYS.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{beginning}")
        yield made
    # Else whoever asks for S3 in this process is led to this one, which is gone.
    S3FileSystem.clear_instance_cache()


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Return a state directory whose predictions take more than one part of an upload."""
    rng = random.Random(0)
    many = [f"{rng.getrandbits(32_000):08000x}" for _ in range(MANY)]
    keep(
        tmp_path / "state",
        RECORDER.predictions(*predictions(*many), at=NOON),
        RECORDER.feedback(FeedbackRequest(text="great", label="positive"), "ada", at=NOON),
    )
    return tmp_path / "state"


def keep(state: Path, *payloads: bytes) -> None:
    """Store records in the history of a state directory, as the server would."""
    state.mkdir(exist_ok=True)
    with opened(state) as database, database.writing() as connection:
        store(connection, [Placed(n, parse(payload)) for n, payload in enumerate(payloads)])


@contextmanager
def opened(state: Path) -> Iterator[Database]:
    database = Database(URL.create("sqlite", database=str(state / "history.db")))
    migrate(database)
    yield database
    database.close()


def client(s3: Service) -> Any:
    return boto3.client(
        "s3",
        endpoint_url=s3.address,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        region_name=KEYS["AWS_DEFAULT_REGION"],
    )


def objects(s3: Service, prefix: str) -> dict[str, bytes]:
    """Return what is visible in the lake under `prefix`, but for the marks of folders."""
    asked = client(s3)
    found = asked.list_objects_v2(Bucket="lake", Prefix=f"{prefix}/").get("Contents", [])
    return {
        each["Key"].removeprefix(f"{prefix}/"): asked.get_object(Bucket="lake", Key=each["Key"])[
            "Body"
        ].read()
        for each in found
        if not each["Key"].endswith("/")
    }


def texts(files: dict[str, bytes]) -> list[str]:
    """Return the texts of the predictions in `files` of the lake."""
    tables = [pq.read_table(BytesIO(file)) for name, file in files.items() if "predictions" in name]
    return [text for table in tables for text in table["text"].to_pylist()]


def undertone_export(state: Path, to: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "backend.command", "export", to],
        cwd=ROOT,
        env=os.environ | {"UNDERTONE_STATE": str(state)} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def complaint(command: subprocess.Popen[str]) -> str:
    """Return the last line that a command says which fails, and does not fall over."""
    _, said = command.communicate()
    assert command.returncode == 1, said
    assert "Traceback" not in said
    return said.splitlines()[-1]


def succeed(command: subprocess.Popen[str]) -> None:
    _, said = command.communicate()
    assert command.returncode == 0, said


@pytest.mark.parametrize("how", ["cut", "killed"])
def test_an_export_that_is_cut_off_leaves_what_was_there_and_the_next_one_is_whole(
    s3: Service, way: Line, state: Path, how: str
) -> None:
    with opened(state) as database:
        export(database, f"s3://lake/{how}")
        before = objects(s3, how)
        keep(state, RECORDER.predictions(*predictions("late"), at=NOON))
        way.cut_at(sent=6 * MIB, then=(lambda: s3.stop(signal.SIGKILL)) if how == "killed" else way.cut)

        said = complaint(undertone_export(state, f"s3://lake/{how}", **ONCE))

        assert said.startswith(f"Error: can't write to s3://lake/{how}: ")
        if how == "killed":
            s3.start()
        way.mend()
        assert objects(s3, how) == before
        assert export(database, f"s3://lake/{how}") == {"predictions": MANY + 1, "feedback": 1}
    after = objects(s3, how)
    assert len(texts(after)) == MANY + 1
    assert after.keys() == before.keys()


def test_a_server_that_starts_anew_is_waited_for(s3: Service, way: Line, state: Path) -> None:
    def restart() -> None:
        s3.stop(signal.SIGKILL)
        starting.start()

    starting = threading.Thread(target=s3.start)
    way.cut_at(sent=6 * MIB, then=restart)

    with opened(state) as database:
        assert export(database, "s3://lake/waited") == {"predictions": MANY, "feedback": 1}

    starting.join()
    assert len(texts(objects(s3, "waited"))) == MANY


def test_the_document_says_how_to_look_into_it(s3: Service, way: Line, tmp_path: Path) -> None:
    keep(tmp_path / "state", RECORDER.predictions(*predictions("one", "two"), at=NOON))
    with opened(tmp_path / "state") as database:
        export(database, "s3://lake")
    document = (ROOT / "docs" / "lake.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", document, re.DOTALL)

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[1].split() == ["2026-11-25", "positive", "2"]


def test_two_exports_at_once_leave_one_whole_file(s3: Service, way: Line, state: Path) -> None:
    both = [undertone_export(state, "s3://lake/both") for _ in range(2)]

    for command in both:
        succeed(command)

    found = objects(s3, "both")
    assert len(found) == 2
    assert len(texts(found)) == MANY


def test_corrections_that_are_cut_off_leave_those_of_before(
    s3: Service, way: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    rng = random.Random(2)
    given = [
        FeedbackRequest(text=f"{rng.getrandbits(32_000):08000x}", label="positive") for _ in range(64)
    ]
    keep(tmp_path / "state", *(RECORDER.feedback(each, "ada", at=NOON) for each in given))
    with opened(tmp_path / "state") as database:
        export(database, "s3://lake/log")
    assert bring("s3://lake/log", tmp_path / "into") == 1
    before = files(tmp_path / "into")
    way.cut_at(received=MIB // 4)

    with pytest.raises(LogError, match="s3://lake/log can't be read"):
        bring("s3://lake/log", tmp_path / "into")

    assert files(tmp_path / "into") == before
    way.mend()
    bring("s3://lake/log", tmp_path / "into")
    assert files(tmp_path / "into") == before
    assert list(before.values()) == list(objects(s3, "log").values())


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a DVC repository with the lake's module and a stage whose output is eight files."""
    folder = tmp_path / "checkout"
    (folder / ".dvc").mkdir(parents=True)
    shutil.copy(ROOT / ".dvc" / "config", folder / ".dvc" / "config")
    rng = random.Random(1)
    (folder / "raw").mkdir()
    for number in range(8):
        (folder / "raw" / f"{number}").write_bytes(rng.randbytes(MIB))
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    subprocess.run([sys.executable, "-m", "dvc", "add", "--quiet", "raw"], cwd=folder, check=True)
    return folder


def lake(word: str, checkout: Path) -> subprocess.Popen[str]:
    """Run what `make push` and `make pull` do."""
    return subprocess.Popen(
        [sys.executable, "-m", "training.lake", word],
        cwd=checkout,
        env=os.environ | ONCE | {"TRAINING_LAKE": "s3://lake/dvc", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_push_and_a_pull_that_are_cut_off_go_on_where_they_were(
    s3: Service, way: Line, checkout: Path
) -> None:
    made = files(checkout / "raw")
    way.cut_at(sent=3 * MIB, then=lambda: s3.stop(signal.SIGKILL))
    said = complaint(lake("push", checkout))
    assert said == "lake: dvc push failed at s3://lake/dvc; what has arrived is whole, a rerun goes on"
    s3.start()
    for name, content in objects(s3, "dvc").items():
        assert hashlib.md5(content, usedforsecurity=False).hexdigest() in name.replace("/", "")
    way.mend()
    succeed(lake("push", checkout))
    s3.stop(signal.SIGKILL)
    s3.start()

    forget(checkout)
    way.cut_at(received=3 * MIB)
    complaint(lake("pull", checkout))
    assert not (checkout / "raw").exists()
    way.mend()
    succeed(lake("pull", checkout))
    assert files(checkout / "raw") == made


def forget(checkout: Path) -> None:
    """Remove what a pull would bring."""
    for folder in (checkout / "raw", checkout / ".dvc" / "cache"):
        shutil.rmtree(folder)


def test_what_was_damaged_in_the_lake_is_not_pulled(s3: Service, way: Line, checkout: Path) -> None:
    succeed(lake("push", checkout))
    name = next(name for name in objects(s3, "dvc") if not name.endswith(".dir"))
    client(s3).put_object(Bucket="lake", Key=f"dvc/{name}", Body=b"damaged")
    forget(checkout)

    complaint(lake("pull", checkout))

    assert b"damaged" not in files(checkout).values()
