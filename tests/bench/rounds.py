"""One peer after the other, each alone on the machine, again and again.

Knows the order, the warming up and the limits of time. Knows nothing of how a peer is started or asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.bench.comments import Comments
from tests.bench.figures import Measurement, Round, median, reading
from tests.bench.load import Run
from tests.bench.peers import ANALYZE, LINES, Peer, Running, Share
from tests.bench.plan import Cell, Plan
from tests.bench.process import PeerError

_WARM_UP = (
    Cell(size=32, clients=1, seconds=2, requests=4),
    Cell(size=1, clients=8, seconds=1, requests=64),
)

Tell = Callable[[str], None]


@dataclass
class Results:
    """What was measured, and what could not be."""

    rounds: list[Round] = field(default_factory=list)
    unavailable: dict[str, str] = field(default_factory=dict)
    """Reasons, by peer."""
    out_of_time: bool = False


def measure(peers: Sequence[Peer], share: Share, plan: Plan, folder: Path, tell: Tell) -> Results:
    """Measure `peers` in as many rounds as `plan` has time for.

    A peer that fails is left out from then on. A round that takes too long ends before its end.
    """
    results = Results()
    began = time.monotonic()
    until = began + plan.longest
    comments = Comments(seed=1)
    last = 0.0
    for number in range(plan.rounds):
        passed = time.monotonic() - began
        if number and passed + last > plan.seconds:
            break
        turn = number % len(peers)
        measured: Round = {}
        for peer in (*peers[turn:], *peers[:turn]):
            if peer.name in results.unavailable or time.monotonic() >= until:
                continue
            tell(f"round {number + 1}: {peer.name}")
            try:
                with peer.running(share, folder / _folder_name(peer)) as running:
                    measured |= _measure_one(peer, running, plan, comments, until)
            except PeerError as error:
                results.unavailable[peer.name] = str(error)
                tell(f"  {peer.name}: {error}")
        results.rounds.append(measured)
        comments.forget()
        results.out_of_time = time.monotonic() >= until
        last = time.monotonic() - began - passed
    return results


def _folder_name(peer: Peer) -> str:
    return "".join(letter for letter in peer.name if letter.isalnum())


def _measure_one(peer: Peer, running: Running, plan: Plan, comments: Comments, until: float) -> Round:
    """Return the rows of one peer; the cells that are left at the moment `until` are left out."""
    found: Round = {}
    for number, row in enumerate(peer.rows):
        # The first rows of all peers get the same comments. A second row of one peer gets others: it
        # would be asked what the server has labelled already.
        ask = partial(_ask, running, comments, row, number)
        for cell in _WARM_UP:
            if cell.clients <= peer.most_clients:
                ask(cell)
        measurement = found[row] = Measurement(running.started.ready_seconds)
        # Lines differ from one document in when the first comes.
        for cell in plan.cells if row != LINES.name else ():
            if cell.clients <= peer.most_clients and time.monotonic() < until:
                measurement.cells[cell.name] = reading(ask(cell), cell.size)
        if row in (ANALYZE.name, LINES.name):
            answers = [answer for cell in plan.first_bytes for answer in ask(cell).answers]
            measurement.first_byte_seconds = median(
                answer.first_byte for answer in answers if answer.status == 200
            )
    memory = running.started.memory()
    for measurement in found.values():
        measurement.memory_bytes = sum(memory)
        measurement.largest_process_bytes = max(memory, default=0)
    return found


def _ask(running: Running, comments: Comments, row: str, number: int, cell: Cell) -> Run:
    return running.ask(row, comments.batches(f"{number} {cell}", cell.requests, cell.size), cell)
