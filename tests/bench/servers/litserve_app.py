"""The champion behind LitServe, which runs concurrent requests together as Undertone does.

Runs in the environment that `requirements/bench.txt` describes.
"""

from __future__ import annotations

import os
from typing import Any

import litserve

from tests.bench.champion import Champion
from tests.bench.plan import BATCH_SIZE

# With 0, LitServe's loop never sleeps and takes a core of its own.
_BATCH_SECONDS = 0.002


class ChampionAPI(litserve.LitAPI):  # type: ignore[misc]
    """`{"comments": [...]}` in, a label and three probabilities for each out."""

    def setup(self, device: str) -> None:
        self.champion = Champion(int(os.environ["BENCH_THREADS"]), spinning=False)

    # LitServe takes an annotated argument for a part of the query.
    def decode_request(self, request) -> list[str]:  # type: ignore[no-untyped-def]
        comments: list[str] = request["comments"]
        return comments

    def batch(self, inputs: list[list[str]]) -> list[list[str]]:
        return inputs

    def predict(self, x: list[list[str]]) -> list[list[dict[str, Any]]]:
        labelled = iter(self.champion.label([text for comments in x for text in comments]))
        return [[next(labelled) for _ in comments] for comments in x]

    def unbatch(self, output: list[list[dict[str, Any]]]) -> list[list[dict[str, Any]]]:
        return output

    def encode_response(self, output: list[dict[str, Any]]) -> dict[str, Any]:
        return {"predictions": output}


if __name__ == "__main__":
    litserve.LitServer(
        ChampionAPI(max_batch_size=BATCH_SIZE, batch_timeout=_BATCH_SECONDS),
        accelerator="cpu",
        workers_per_device=int(os.environ["BENCH_PROCESSES"]),
        timeout=600,
    ).run(
        host="127.0.0.1",
        port=int(os.environ["BENCH_PORT"]),
        generate_client_file=False,
        num_api_servers=1,
        log_level="warning",
    )
