"""`make bench`: how fast the champion is, in-process and through HTTP, in one run.

Knows the server as a process and the champion as a library. Figures of one run compare with each other
and with nothing else: the machine's other work is in all of them. Comments are made up, of the lengths
that comments have.
"""

from __future__ import annotations

import json
import random
import sys
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from backend.bundle import read_bundle
from backend.classifier import Classifier
from backend.cores import available_cores
from backend.settings import Settings
from tests.server import running_process

_COMMENTS = 2000
_TEXT = """the video this is so good really love how they made it sound like old days never boring
honestly hate when ads ruin a great moment please more of that channel best bad worst amazing"""
_WORDS = tuple(_TEXT.split())


def comments(count: int, seed: int) -> list[str]:
    """Return made-up comments; half are shorter than twelve words, some much longer."""
    generator = random.Random(seed)
    lengths = (1 + min(150, int(generator.lognormvariate(2.4, 0.9))) for _ in range(count))
    return [" ".join(generator.choices(_WORDS, k=length)) for length in lengths]


def seconds(work: Callable[[], object]) -> float:
    """Return how long `work` takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def post(address: str, body: dict[str, object]) -> object:
    """Return the answer to `body` at `address`."""
    request = urllib.request.Request(
        address, json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=600) as answer:
        return json.load(answer)


def resident_mib(process: int) -> float:
    """Return the memory of a process and its children in MiB, shared pages counted once."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    total = 0.0
    for number in (process, *map(int, children)):
        rollup = Path(f"/proc/{number}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024


def main() -> None:
    """Measure and print the table."""
    settings = Settings()
    texts = comments(_COMMENTS, seed=1)
    classifier = Classifier(read_bundle(settings.bundle), available_cores(), settings.batch_size)
    classifier.probabilities(texts[:64])
    in_process = _COMMENTS / seconds(lambda: classifier.probabilities(texts))

    began = time.perf_counter()
    with running_process() as (address, server):
        start = time.perf_counter() - began
        rows = [{"id": str(number), "text": text} for number, text in enumerate(texts)]
        analysis = {"video": {"id": "v"}, "comments": rows}
        post(f"{address}/v1/predict", {"comments": texts[:64]})
        predict = _COMMENTS / seconds(lambda: post(f"{address}/v1/predict", {"comments": texts}))
        analyse = _COMMENTS / seconds(lambda: post(f"{address}/v1/analyze", analysis))
        hundred = [
            seconds(partial(post, f"{address}/v1/analyze", analysis | {"comments": rows[n : n + 100]}))
            for n in range(0, _COMMENTS, 100)
        ]
        memory = resident_mib(server.pid)

    lines = (
        f"cores                              {available_cores()}",
        f"in-process                         {in_process:.0f} comments/s",
        f"POST /v1/predict, {_COMMENTS} comments    {predict:.0f} comments/s, "
        f"{predict / in_process:.2f} of in-process",
        f"POST /v1/analyze, {_COMMENTS} comments    {analyse:.0f} comments/s, "
        f"{analyse / in_process:.2f} of in-process",
        f"POST /v1/analyze, 100 comments     {np.median(hundred) * 1000:.0f} ms (median)",
        f"start to ready                     {start:.1f} s",
        f"memory of the server               {memory:.0f} MiB",
    )
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
