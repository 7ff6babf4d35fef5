"""Report: what was found, for people as a page, for programs as JSON, for Prometheus as metrics.

Knows the three forms. Knows nothing of how anything was found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import push_to_gateway

from training.drift import DriftError
from training.drift.comparison import Comparison
from training.drift.corrections import Quality, Share
from training.drift.log import Window
from training.params import Drift
from training.stage import aside

JOB = "undertone_drift"

_TITLES = {
    "label": ("Labels", "What the model said."),
    "confidence": ("Confidence", "The probability of the label that the model gave."),
    "length": ("Length", "Characters of a comment."),
    "language": ("Languages", "As they were identified; the model knows English."),
    "vocabulary": ("Words", "The share of the comments that have a word: those that moved most."),
    "embedding": (
        "What the model sees",
        "Its own state after reading, in the component that moved most.",
    ),
}


@dataclass(frozen=True)
class Findings:
    """What one run of the job found.

    `comments` were compared with `against`, `others` of the window were labelled by other models.
    """

    model: str
    window: Window
    against: str
    checked_at: datetime
    comments: int
    others: int
    comparisons: tuple[Comparison, ...]
    quality: Quality
    settings: Drift

    @property
    def drifted(self) -> tuple[str, ...]:
        """The quantities that drifted."""
        return tuple(each.quantity for each in self.comparisons if each.drifted)


def write(findings: Findings, folder: Path) -> None:
    """Write `drift.html`, `drift.json` and `drift.prom` into `folder`, each whole or not at all."""
    for name, content in (
        ("drift.html", page(findings)),
        ("drift.json", json.dumps(as_json(findings), indent=2) + "\n"),
        ("drift.prom", generate_latest(metrics(findings)).decode()),
    ):
        with aside(folder / name) as path:
            path.write_text(content, encoding="utf-8")


def push(findings: Findings, gateway: str) -> None:
    """Hand the metrics to the Pushgateway at `gateway`, in place of those of the last run.

    Raises:
        DriftError: it can't be reached.
    """
    try:
        push_to_gateway(gateway, JOB, metrics(findings), timeout=30)
    except OSError as error:
        raise DriftError(f"the Pushgateway {gateway} does not take the metrics: {error}") from error


def as_json(findings: Findings) -> dict[str, object]:
    """Return `findings` as JSON's own types."""
    return {
        "model": findings.model,
        "first_day": str(findings.window.first),
        "last_day": str(findings.window.last),
        "against": findings.against,
        "checked_at": findings.checked_at.isoformat(),
        "comments": findings.comments,
        "comments_of_other_models": findings.others,
        "drifted": list(findings.drifted),
        "quantities": {each.quantity: asdict(each) for each in findings.comparisons},
        "corrections": asdict(findings.quality),
        "limits": findings.settings.model_dump(),
    }


def page(findings: Findings) -> str:
    """Return `findings` as an HTML page that needs nothing else."""
    environment = Environment(loader=PackageLoader("training.drift", "."), autoescape=True)
    environment.filters |= {"share": _share, "p": _p, "edge": _edge}
    return environment.get_template("report.html").render(found=findings, titles=_TITLES)


def metrics(findings: Findings) -> CollectorRegistry:
    """Return `findings` as gauges."""
    registry = CollectorRegistry()

    def gauge(name: str, says: str, labels: tuple[str, ...] = ()) -> Gauge:
        return Gauge(f"undertone_drift_{name}", says, labels, registry=registry)

    by = ("quantity",)
    told = {
        "psi": gauge("psi", "Population stability index beyond what chance gives.", by),
        "divergence": gauge(
            "divergence_bits", "Jensen-Shannon divergence beyond what chance gives.", by
        ),
        "corrected": gauge("p_value", "Of the two-sample test, corrected for all quantities.", by),
        "drifted": gauge("found", "1 where the quantity drifted.", by),
    }
    for each in findings.comparisons:
        for name, one in told.items():
            one.labels(each.quantity).set(float(getattr(each, name)))
    gauge("comments", "Comments that were compared.").set(findings.comments)
    checked = gauge("checked_timestamp_seconds", "When drift was last looked for.")
    checked.set(findings.checked_at.timestamp())
    gauge("corrections", "Answers of people in the window.").set(findings.quality.answers)
    corrected = gauge("corrected_share", "Labels that people changed, with its interval.", ("bound",))
    for bound, value in _bounds(findings.quality.corrected):
        corrected.labels(bound).set(value)
    return registry


def _bounds(share: Share | None) -> Iterator[tuple[str, float]]:
    if share is not None:
        yield from (("value", share.value), ("low", share.low), ("high", share.high))


def _share(value: float) -> str:
    return f"{value:.0%}" if value == 0 or value >= 0.0995 else f"{value:.1%}"


def _edge(name: str) -> str:
    return "−∞" if name == "-inf" else f"{float(name):.3g}".replace("-", "−")


def _p(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
