"""What this server counts and measures, for Prometheus.

Knows every metric, and how those of several server processes are put together: each writes files of its
own to one directory, and whichever is asked reads them all. Knows nothing of the parts that count.
Nothing that a client chose, such as a path, becomes a label.
"""

from __future__ import annotations

import logging
import os
import resource
import struct
import sys
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import prometheus_client
from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, multiprocess
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from backend.answer import when_sent
from backend.metrics_directory import VARIABLE

MEDIA_TYPE = prometheus_client.CONTENT_TYPE_LATEST

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
# A file of a process is empty for the moment in which it is made.
_LOOKS = 50
_BETWEEN_LOOKS_SECONDS = 0.02
_MODEL = "undertone_model"
_MEMORY = "undertone_memory_bytes"

_log = logging.getLogger(__name__)
_registry = CollectorRegistry()

REQUESTS = Counter(
    "undertone_requests",
    "Requests that were answered.",
    ["route", "method", "status"],
    registry=_registry,
)
SECONDS = Histogram(
    "undertone_request_seconds",
    "Time from a request's beginning to its answer.",
    ["route", "method"],
    buckets=_SECONDS,
    registry=_registry,
)
BATCH = Histogram(
    "undertone_batch_comments",
    "Comments that went through the model together.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024),
    registry=_registry,
)
MODEL_SECONDS = Histogram(
    "undertone_batch_seconds", "Time that a batch took.", buckets=_SECONDS, registry=_registry
)
WAITING = Gauge(
    "undertone_waiting_comments",
    "Comments of requests that are worked on.",
    multiprocess_mode="livesum",
    registry=_registry,
)
HELD = Gauge(
    "undertone_held_bytes",
    "Bytes of bodies of requests that are worked on.",
    multiprocess_mode="livesum",
    registry=_registry,
)
REDIS_FAILURES = Counter(
    "undertone_redis_failures", "Times that Redis did not answer.", registry=_registry
)
PROBLEMS = Counter(
    "undertone_problems", "Requests that ended in a problem, by its type.", ["type"], registry=_registry
)
SWAPS = Counter("undertone_model_swaps", "Times that a process changed models.", registry=_registry)
OFFERS_REFUSED = Counter(
    "undertone_model_refusals", "Bundles that were offered and not taken.", registry=_registry
)
LACKS = Gauge(
    "undertone_lacks",
    "Whether a server process does without a part, as its state directory can't be written to.",
    ["part"],
    multiprocess_mode="livemax",
    registry=_registry,
)
NOT_KEPT = Counter(
    "undertone_history_not_kept",
    "Records that were not kept because the history could not be opened.",
    registry=_registry,
)
SOURCE_FAILURES = Counter(
    "undertone_model_source_failures",
    "Times that the champion's source could not be asked.",
    registry=_registry,
)
_cache = Counter(
    "undertone_cache_lookups", "Predictions looked up.", ["cache", "outcome"], registry=_registry
)
_labels = Counter("undertone_labels", "Comments that got a label.", ["label"], registry=_registry)
_languages = Counter("undertone_languages", "Comments by language.", ["language"], registry=_registry)
_memory = Gauge(
    _MEMORY,
    "Resident memory of a server process.",
    multiprocess_mode="liveall",
    registry=_registry,
)
_model = Gauge(
    _MODEL,
    "Since when, in Unix time, a server process serves a model.",
    ["name", "version", "identity"],
    multiprocess_mode="liveall",
    registry=_registry,
)


class _Watched(Collector):
    """Figures that are asked for when someone looks."""

    def __init__(self) -> None:
        self._functions: dict[str, tuple[str, Callable[[], float | None]]] = {}

    def watch(self, name: str, description: str, function: Callable[[], float | None]) -> None:
        self._functions[name] = (description, function)

    def collect(self) -> Iterator[Metric]:
        for name, (description, function) in self._functions.items():
            try:
                value = function()
            # One figure that can't be had must not hide all others.
            except Exception:
                _log.exception("%s can't be measured", name)
                continue
            if value is not None:
                yield GaugeMetricFamily(name, description, value=value)


_watched = _Watched()


@dataclass(frozen=True)
class Served:
    """Which model one server process serves, and since when."""

    process: int
    name: str
    version: str
    identity: str
    since: float


def init_app(app: Flask) -> None:
    """Count and time every request of `app`."""
    app.before_request(_begin)
    app.after_request(_end)


def watch(name: str, description: str, function: Callable[[], float | None]) -> None:
    """Show what `function` returns as the gauge `undertone_<name>`; nothing where that is None.

    It is called in whichever process is asked, so it must tell a figure of the whole server, such as
    how much lies in a directory that all share.
    """
    _watched.watch(f"undertone_{name}", description, function)


def count_cache(cache: str, hits: int, misses: int) -> None:
    """Count predictions that were looked up in `cache`."""
    _cache.labels(cache, "hit").inc(hits)
    _cache.labels(cache, "miss").inc(misses)


def count_labels(labels: Iterable[str], languages: Iterable[str]) -> None:
    """Count what comments were found to be."""
    for counter, values in ((_labels, labels), (_languages, languages)):
        for value, number in Tally(values).items():
            counter.labels(value).inc(number)


def show_model(new: Served, old: Served | None) -> None:
    """Show that this process serves `new` from now on, and `old` no more."""
    if old is not None:
        _model.labels(old.name, old.version, old.identity).set(0)
    _model.labels(new.name, new.version, new.identity).set(new.since)


def measure_process() -> None:
    """Note how much memory this process takes."""
    _memory.set(_resident_bytes())


def served() -> list[Served]:
    """Return which model each live server process serves, by process."""
    samples = (
        sample
        for metric in _collectors().collect()
        if metric.name == _MODEL
        for sample in metric.samples
    )
    found = [
        Served(
            process=int(sample.labels.get("pid", os.getpid())),
            name=sample.labels["name"],
            version=sample.labels["version"],
            identity=sample.labels["identity"],
            since=sample.value,
        )
        for sample in samples
        if sample.value
    ]
    return sorted(found, key=lambda each: (each.process, each.since))


def exposition() -> bytes:
    """Return everything in Prometheus' text format."""
    measure_process()
    shown = CollectorRegistry()
    shown.register(_collectors())
    shown.register(_watched)
    return prometheus_client.generate_latest(shown)


class _WithoutPast(Collector):
    """What `inner` collects, without models that no process serves and memory that none takes."""

    def __init__(self, inner: Collector) -> None:
        self._inner = inner

    def collect(self) -> Iterator[Metric]:
        for metric in self._inner.collect():
            if metric.name in (_MODEL, _MEMORY):
                metric.samples = [sample for sample in metric.samples if sample.value]
            yield metric


class _Whole(Collector):
    """What `inner` collects once each file is one: a process makes it first, and its content then."""

    def __init__(self, inner: Collector) -> None:
        self._inner = inner

    def collect(self) -> Iterable[Metric]:
        for _ in range(_LOOKS):
            try:
                return self._inner.collect()
            except struct.error:
                time.sleep(_BETWEEN_LOOKS_SECONDS)
        return self._inner.collect()


def _collectors() -> Collector:
    if VARIABLE in os.environ:
        files = multiprocess.MultiProcessCollector(None)  # type: ignore[no-untyped-call]
        return _WithoutPast(_Whole(files))
    return _WithoutPast(_registry)


def _begin() -> None:
    g.measured_from = time.perf_counter()


def _end(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule else "(none)"
    method = request.method if request.method in _METHODS else "(other)"
    # What becomes of lines is known when the request is over, and `g` no longer what it stands for.
    held = g._get_current_object()
    when_sent(response, partial(_count, held, route, method, response.status_code))
    return response


def _count(held: Any, route: str, method: str, status: int) -> None:
    REQUESTS.labels(route, method, status).inc()
    if "problem" in held:
        PROBLEMS.labels(held.problem).inc()
    if "measured_from" in held:
        SECONDS.labels(route, method).observe(time.perf_counter() - held.measured_from)


def _resident_bytes() -> int:
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    except OSError:
        # Elsewhere than on Linux only the most that it ever was is known, on macOS in bytes.
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
