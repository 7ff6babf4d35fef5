"""A real S3 server, SeaweedFS, in a folder of its own on free ports.

Knows how it is started so that a restart finds its data, and the keys that it asks for. Knows nothing
of what is kept in it.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.ops.programs import program
from tests.server import free_port
from tests.services import Service

KEYS = {"AWS_ACCESS_KEY_ID": "made", "AWS_SECRET_ACCESS_KEY": "up", "AWS_DEFAULT_REGION": "us-east-1"}
"""What the environment must hold for the server to let anybody in."""

_PARTS = ("master", "volume", "filer", "s3")
_ANSWERS = "import sys, urllib.request as web; web.urlopen(sys.argv[1] + '/status', timeout=2)"


@contextmanager
def running_s3() -> Iterator[Service]:
    """Start the server without a bucket, yield it (`address` is an HTTP URL), end it."""
    with tempfile.TemporaryDirectory(prefix="undertone-s3-") as name:
        folder = Path(name)
        key = {"accessKey": KEYS["AWS_ACCESS_KEY_ID"], "secretKey": KEYS["AWS_SECRET_ACCESS_KEY"]}
        rights = ["Admin", "Read", "Write", "List", "Tagging"]
        known = {"identities": [{"name": "tests", "actions": rights, "credentials": [key]}]}
        (folder / "keys.json").write_text(json.dumps(known), encoding="utf-8")
        (folder / "data").mkdir()
        ports = {f"{part}.port{kind}": free_port() for part in _PARTS for kind in ("", ".grpc")}
        address = f"http://127.0.0.1:{ports['s3.port']}"
        server = Service(
            address,
            # One volume at a time instead of seven, and no waiting for other masters: both take long.
            ["env", "WEED_MASTER_VOLUME_GROWTH_COPY_1=1", program("weed"), "-logtostderr=true",
             "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
             *(f"-{name}={port}" for name, port in ports.items()),
             "-s3", f"-s3.config={folder / 'keys.json'}", f"-s3.localSocket={folder / 's3.sock'}",
             "-s3.port.iceberg=0", "-s3.port.lance=0", f"-filer.localSocket={folder / 'filer.sock'}",
             "-volume.max=0", "-master.volumeSizeLimitMB=64", "-master.peers=none",
             "-master.telemetry=false"],
            [sys.executable, "-c", _ANSWERS, address],
            None,
        )  # fmt: skip
        server.start()
        try:
            yield server
        finally:
            # It would take its time, and what it keeps goes with it.
            server.stop(signal.SIGKILL)
