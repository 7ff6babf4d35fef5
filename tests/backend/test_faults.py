"""What happens to a server, and what its clients see of it: next to nothing."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import threading
from pathlib import Path
from urllib.parse import urlsplit

from tests.backend.client import JSON, Client
from tests.backend.load import Load, metric, processes, until
from tests.backend.tiny import tiny_bundle
from tests.server import PATIENCE_SECONDS, running_backend, running_process
from tests.services import running_redis


def test_a_process_killed_under_load_is_replaced_and_the_others_go_on(tmp_path: Path) -> None:
    bundle = str(tiny_bundle(tmp_path / "bundle", "1").directory)
    often = {"bundle": bundle, "workers": "2", "poll": "0.2"}
    with running_process(may_be_killed=True, **often) as (address, _):
        client = Client(address)
        until(lambda: len(processes(client)) == 2, "both processes serve")
        killed = processes(client)[0]
        with Load(client, 4, ["I love this"]) as load:
            until(lambda: len(load.answers) > 20, "they are asked")
            counted = metric(client, "undertone_labels_total")
            os.kill(killed, signal.SIGKILL)
            until(
                lambda: len(processes(client)) == 2 and killed not in processes(client),
                "another process takes its place",
            )
            seen = len(load.answers)
            until(lambda: len(load.answers) > seen + 50, "they are answered again")
        assert {answer.status for answer in load.answers} == {200}
        assert len(load.failures) <= 4, "only what the killed process had in hand is lost"
        assert metric(client, "undertone_labels_total") > counted, "what it counted is not forgotten"
        tiny_bundle(tmp_path / "bundle", "2")
        until(
            lambda: (
                metric(client, "undertone_model", version="2") > 0
                and metric(client, "undertone_model", version="1") == 0
            ),
            "whichever process lives follows the champion",
        )


def test_redis_may_freeze_or_go_and_come_back(tmp_path: Path) -> None:
    bundle = str(tiny_bundle(tmp_path / "bundle", "1").directory)
    body = {"comments": ["I love this, and so does everybody else"]}
    with (
        running_redis() as redis,
        running_backend(bundle=bundle, workers="1", cache_size="0", redis=redis.address) as address,
    ):
        client = Client(address)

        def hits() -> float:
            return metric(client, "undertone_cache_lookups_total", cache="redis", outcome="hit")

        def comes_from_redis() -> bool:
            before = hits()
            assert client.post("/v1/predict", body).json["predictions"] == expected
            return hits() > before

        expected = client.post("/v1/predict", body).json["predictions"]
        assert comes_from_redis()

        redis.freeze()
        for _ in range(30):
            assert client.post("/v1/predict", body).json["predictions"] == expected
        failures = metric(client, "undertone_redis_failures_total")
        assert 1 <= failures <= 10, "it is left alone, not waited for each time"
        redis.thaw()
        until(comes_from_redis, "it is asked again")

        redis.stop(signal.SIGKILL)
        assert not comes_from_redis()
        redis.start()
        until(comes_from_redis, "it is filled again")


def test_at_its_end_a_server_finishes_what_it_has_and_refuses_what_is_new() -> None:
    statuses: list[int] = []
    comments = [f"comment number {n}, and some more words to read" for n in range(1000)]
    with running_process(workers="1", inference_threads="1") as (address, process):
        client = Client(address)
        location = urlsplit(address)
        asking = threading.Thread(
            target=lambda: statuses.append(client.post("/v1/predict", {"comments": comments}).status)
        )
        asking.start()
        until(lambda: metric(client, "undertone_batch_comments_count") > 1, "it is being computed")
        # Over connections that were open before, a server can still be asked when it listens no more.
        kept = [http.client.HTTPConnection(location.netloc, timeout=PATIENCE_SECONDS) for _ in range(2)]
        for connection in kept:
            assert asked(connection, "GET", "/health/live") == 200
        process.send_signal(signal.SIGTERM)
        until(lambda: is_refused(str(location.hostname), int(location.port or 0)), "it listens no more")
        # 503, or closed if they were left idle for long: never 200.
        assert asked(kept[0], "GET", "/health/ready") in (503, None)
        assert asked(kept[1], "POST", "/v1/predict", json.dumps({"comments": ["new"]})) in (503, None)
        asking.join(PATIENCE_SECONDS)
        assert statuses == [200]


def asked(connection: http.client.HTTPConnection, *request: str) -> int | None:
    """Return the status of the answer to `request`; None where `connection` was closed instead."""
    try:
        connection.request(*request, headers=JSON)
        response = connection.getresponse()
        response.read()
    except ConnectionError:
        connection.close()
        return None
    return response.status


def is_refused(host: str, port: int) -> bool:
    """Return whether nobody listens there."""
    try:
        socket.create_connection((host, port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False
