"""`python -m tests.bench [full|quick]`: measure, print the tables, write reports/bench.json."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from backend.cores import available_cores
from backend.settings import PREFIX, Settings
from tests.bench import table
from tests.bench.aims import Aim, aims
from tests.bench.figures import failures
from tests.bench.peers import BARE, LINES, PEERS, PREDICT, SERVING, Share
from tests.bench.plan import PLANS, PROFILE_SIZE
from tests.bench.process import PeerError
from tests.bench.profile import Profile, profile
from tests.bench.rounds import Results, measure
from tests.server import ROOT

REPORT = ROOT / "reports" / "bench.json"
_PROFILED = 5
_FOOTNOTES = (
    "Medians over the rounds; in each, a server was started alone, warmed up, measured and stopped.",
    "Same comments for all (made up; lengths as under videos), none sent twice, so no cache can help.",
    "Clients and server share the cores.",
    "Of the profile, stages that ran side by side are each counted in full.",
    "All but Flask and VADER run the bundled champion in batches of 32. Flask runs, in torch, the "
    "checkpoint that the champion was fine-tuned from under a head that has learned nothing: the "
    "champion's torch weights are not in the repository.",
    "LitServe runs up to 32 waiting requests together; onnxruntime in a loop sorts comments by length.",
    "Memory: proportional set size of the process tree after the load.",
)


def main() -> None:
    """Measure as the plan named on the command line says."""
    names = sys.argv[1:] or ["full"]
    if len(names) > 1 or names[0] not in PLANS:
        sys.exit(f"python -m tests.bench [{'|'.join(PLANS)}]")
    # What a developer's shell sets for the server is not what is measured here.
    for name in [name for name in os.environ if name.upper().startswith(PREFIX)]:
        del os.environ[name]
    settings, cores = Settings(), available_cores()
    share = Share(settings.processes(cores), settings.threads_of_model(cores))
    machine = _machine(cores, share)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="undertone-bench-") as name:
        results = measure(PEERS, share, PLANS[names[0]], Path(name), _tell)
        found = _profile(share, Path(name) / "profile", results)
    bare, serving = ([peer.name for peer in peers] for peers in (BARE, SERVING))
    reached = list(aims(results.rounds, PREDICT.name, LINES.name, bare, serving))
    _write(names[0], machine, results, reached, found)
    sys.stdout.write("\n".join(_report(names[0], machine, results, reached, found)) + "\n")
    _tell(f"{time.monotonic() - began:.0f} s; every round is in {REPORT.relative_to(ROOT)}")


def _profile(share: Share, folder: Path, results: Results) -> Profile:
    _tell("profile")
    try:
        return profile(share, folder, _PROFILED, PROFILE_SIZE)
    except PeerError as error:
        results.unavailable["profile"] = str(error)
        return {}


def _report(
    plan: str, machine: dict[str, object], results: Results, reached: list[Aim], found: Profile
) -> Iterator[str]:
    rows = [row for peer in PEERS for row in peer.rows if row != LINES.name]
    yield f"\nplan: {plan}, rounds: {len(results.rounds)}"
    yield ", ".join(f"{name}: {value}" for name, value in machine.items() if name != "packages") + "\n"
    yield table.throughput(results.rounds, rows) + "\n"
    yield table.latency(results.rounds, rows) + "\n"
    yield table.verdicts(reached) + "\n"
    if found:
        yield table.where_time_goes(found, PROFILE_SIZE) + "\n"
    yield from _FOOTNOTES
    yield f"The clients took {_client_share(results):.0%} of a core at most."
    yield from (f"{row}: {count} requests failed." for row, count in failures(results.rounds).items())
    yield from (f"{name} is not (fully) measured: {why}" for name, why in results.unavailable.items())
    if results.out_of_time:
        yield "The time was over before the last round was."


def _client_share(results: Results) -> float:
    return max(
        (
            cell.client_share
            for measured in results.rounds
            for measurement in measured.values()
            for cell in measurement.cells.values()
        ),
        default=0.0,
    )


def _write(
    plan: str, machine: dict[str, object], results: Results, reached: list[Aim], found: Profile
) -> None:
    document = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "plan": asdict(PLANS[plan]),
        "machine": machine,
        "rounds": [
            {row: asdict(measurement) for row, measurement in measured.items()}
            for measured in results.rounds
        ],
        "aims": [asdict(aim) | {"verdict": aim.verdict} for aim in reached],
        "profile_ms": found,
        "unavailable": results.unavailable,
    }
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _machine(cores: int, share: Share) -> dict[str, object]:
    return {
        "processor": _processor(),
        "cores": cores,
        "server processes": share.processes,
        "threads of the model in each": share.threads,
        "load before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "packages": {
            name: version(name) for name in ("onnxruntime", "mlflow", "torch", "transformers")
        },
    }


def _processor() -> str:
    """Return the processor's name; Linux keeps it where platform doesn't look."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _tell(what: str) -> None:
    sys.stderr.write(what + "\n")


if __name__ == "__main__":
    main()
