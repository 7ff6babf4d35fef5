"""One peer after the other, each alone on the machine, again and again.

Knows the order, the warming up and the limits of time. Knows nothing of how a peer is started or asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.comments import Comments
from tests.bench.figures import Measurement, Round, median, reading
from tests.bench.load import Run
from tests.bench.peers import ANALYZE, Peer, Running, Share
from tests.bench.plan import FIRST_BYTE_SIZE, Cell, Plan
from tests.bench.process import PeerError

_WARM_UP = (
    Cell(size=32, clients=1, seconds=2, requests=4),
    Cell(size=1, clients=8, seconds=1, requests=64),
)
_FIRST_BYTE = Cell(size=FIRST_BYTE_SIZE, clients=1, seconds=0, requests=1)

Tell = Callable[[str], None]


@dataclass
class Results:
    """What was measured, and what could not be."""

    rounds: list[Round] = field(default_factory=list)
    unavailable: dict[str, str] = field(default_factory=dict)
    """Reasons, by peer."""
    out_of_time: bool = False


def measure(peers: Sequence[Peer], share: Share, plan: Plan, folder: Path, tell: Tell) -> Results:
    """Measure `peers` in as many rounds as `plan` has time for, the first of them in any case.

    A peer that fails is left out from then on. What takes the plan too long ends the round it is in.
    """
    results = Results()
    began = time.monotonic()
    comments = Comments(seed=1)
    last = 0.0
    for number in range(plan.rounds):
        passed = time.monotonic() - began
        if number and passed + last > plan.seconds:
            break
        turn = number % len(peers)
        measured: Round = {}
        for peer in (*peers[turn:], *peers[:turn]):
            if time.monotonic() - began > plan.longest:
                results.out_of_time = True
            if results.out_of_time or peer.name in results.unavailable:
                continue
            tell(f"round {number + 1}: {peer.name}")
            try:
                with peer.running(share, folder / _folder_name(peer)) as running:
                    _measure_one(peer, running, plan, comments, measured, began + plan.longest)
            except PeerError as error:
                results.unavailable[peer.name] = str(error)
                tell(f"  {peer.name}: {error}")
        results.rounds.append(measured)
        comments.forget()
        last = time.monotonic() - began - passed
    return results


def _folder_name(peer: Peer) -> str:
    return "".join(letter for letter in peer.name if letter.isalnum())


def _measure_one(
    peer: Peer, running: Running, plan: Plan, comments: Comments, measured: Round, until: float
) -> None:
    """Add the rows of one peer to `measured`."""
    for number, row in enumerate(peer.rows):
        measurement = measured[row] = Measurement(running.started.ready_seconds, 0, 0)

        # The first rows of all peers get the same comments. A second row of one peer gets others: it
        # would be asked what the server has labelled already.
        def ask(cell: Cell, row: str = row, purpose: str = f"{number}") -> Run:
            batches = comments.batches(f"{purpose} {cell}", cell.requests, cell.size)
            return running.ask(row, batches, cell)

        for cell in _WARM_UP:
            if cell.clients <= peer.most_clients:
                ask(cell)
        for cell in plan.cells:
            if cell.clients <= peer.most_clients and time.monotonic() < until:
                found = reading(ask(cell), cell.size)
                if found:
                    measurement.cells[cell.name] = found
        if row == ANALYZE.name:
            runs = [
                running.ask(row, batches, _FIRST_BYTE)
                for batches in _singly(
                    comments.batches("first byte", plan.first_bytes, FIRST_BYTE_SIZE)
                )
            ]
            measurement.first_byte_seconds = median(
                answer.first_byte for run in runs for answer in run.answers if answer.status == 200
            )
    memory = running.started.memory()
    for row in peer.rows:
        measured[row].memory_bytes = sum(memory)
        measured[row].largest_process_bytes = max(memory, default=0)


def _singly(batches: list[list[str]]) -> list[list[list[str]]]:
    return [[batch] for batch in batches]
