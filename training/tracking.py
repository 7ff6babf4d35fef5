"""Tracking: what a pipeline run did, told to MLflow.

Knows one parent run for each pipeline run, a nested run for each stage, and one for each trial of a
study. Knows nothing of what is measured. A stage that is run alone has no parent.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import psutil

# Read when mlflow is imported: it would ask for git's path and send usage figures.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, Metric, Param, RunStatus
from mlflow.exceptions import MlflowException

from training.errors import StageError
from training.params import Params, Register

_PIPELINE = "undertone.pipeline"
_PARENT = "mlflow.parentRunId"


class RegistryError(StageError):
    """The tracking server can't be reached, or holds something else."""


class Run:
    """The MLflow run of one stage."""

    def __init__(self, client: MlflowClient, run_id: str, parent: str | None) -> None:
        self.client, self.id, self.parent = client, run_id, parent

    def log_metrics(self, metrics: Mapping[str, float]) -> None:
        """Keep figures; the parent run has them too."""
        now = int(datetime.now(UTC).timestamp() * 1000)
        found = [Metric(_plain(name), float(value), now, 0) for name, value in metrics.items()]
        for start in range(0, len(found), 500):
            for run in filter(None, (self.id, self.parent)):
                self.client.log_batch(run, metrics=found[start : start + 500])

    def log_params(self, params: Mapping[str, object]) -> None:
        """Keep settings, nested names joined by dots."""
        flat = [Param(name, str(value)[:6000]) for name, value in _flatten(params)]
        self.client.log_batch(self.id, params=flat)

    def log_files(self, *paths: Path) -> None:
        """Keep files, and folders with what is in them."""
        for path in paths:
            if path.is_dir():
                self.client.log_artifacts(self.id, str(path), path.name)
            else:
                self.client.log_artifact(self.id, str(path))

    def log_dataset(self, name: str, sha256: str, rows: int) -> None:
        """Keep what the run learned from."""
        dataset = Dataset(
            name=name,
            digest=sha256[:32],
            source_type="local",
            source=json.dumps({"sha256": sha256}),
            profile=json.dumps({"rows": rows}),
        )
        self.client.log_inputs(self.id, [DatasetInput(dataset)])

    def log_trial(self, number: int, params: Mapping[str, object], value: float | None) -> None:
        """Keep one trial of a study as a run of its own, below the stage's."""
        experiment = self.client.get_run(self.id).info.experiment_id
        trial = self.client.create_run(
            experiment, tags={_PARENT: self.id}, run_name=f"trial {number}"
        ).info.run_id
        self.client.log_batch(trial, params=[Param(name, str(it)) for name, it in params.items()])
        if value is not None:
            self.client.log_metric(trial, "macro_f1", value)
        self.client.set_terminated(trial, "FINISHED" if value is not None else "KILLED")


@contextmanager
def tracked(stage: str, params: Params) -> Iterator[Run]:
    """Yield the run of `stage`, nested in that of the pipeline run it is part of, and end it."""
    client, experiment = connect(params.register_)
    parent = _parent(client, experiment, params)
    tags = {_PARENT: parent} if parent else {}
    created = client.create_run(experiment, tags=tags | _version(), run_name=stage)
    run = Run(client, created.info.run_id, parent)
    declared = params.model_dump(by_alias=True)
    own = declared.get(stage)
    run.log_params({"seed": params.seed} | ({stage: own} if own else {}))
    try:
        yield run
    except BaseException as error:
        status = "KILLED" if isinstance(error, KeyboardInterrupt) else "FAILED"
        client.set_tag(run.id, "error", str(error)[:5000])
        for ended in filter(None, (run.id, parent)):
            client.set_terminated(ended, status)
        raise
    client.set_terminated(run.id)


def end_pipeline(run: Run) -> None:
    """Mark the pipeline run that `run` is part of as finished."""
    if run.parent:
        run.client.set_terminated(run.parent)


def connect(settings: Register) -> tuple[MlflowClient, str]:
    """Return a client of the tracking server and the id of the experiment.

    Raises:
        RegistryError: there is no such server, or it refuses.
    """
    address = os.environ.get("MLFLOW_TRACKING_URI", settings.tracking)
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            client = MlflowClient(tracking_uri=address, registry_uri=address)
            found = client.get_experiment_by_name(settings.experiment)
            if found:
                return client, str(found.experiment_id)
            # Beside the default database, or wherever the server keeps what it is given.
            local = address.startswith("sqlite:")
            artifacts = Path("mlartifacts").resolve().as_uri() if local else None
            return client, str(client.create_experiment(settings.experiment, artifacts))
    except (MlflowException, OSError) as error:
        raise RegistryError(f"MLflow at {address} can't be used: {error}") from error


def _parent(client: MlflowClient, experiment: str, params: Params) -> str | None:
    """Return the id of the pipeline run's own run, made when its first stage asks."""
    pipeline = _pipeline()
    if pipeline is None:
        return None
    found = client.search_runs([experiment], f"tags.`{_PIPELINE}` = '{pipeline}'", max_results=1)
    if found:
        run_id = str(found[0].info.run_id)
        client.update_run(run_id, status=RunStatus.to_string(RunStatus.RUNNING))
        return run_id
    name = os.environ.get("DVC_EXP_NAME") or datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    created = client.create_run(
        experiment, tags={_PIPELINE: pipeline} | _version(), run_name=f"pipeline {name}"
    )
    run = Run(client, created.info.run_id, None)
    run.log_params(params.model_dump(by_alias=True))
    return run.id


def _pipeline() -> str | None:
    """Return what the stages of one `dvc repro` share: the process that started them."""
    for process in psutil.Process().parents():
        words = process.cmdline()[:4]
        if any(Path(word).name == "dvc" for word in words):
            return f"{process.pid}-{process.create_time():.0f}"
    return None


@cache
def _version() -> dict[str, str]:
    commit = git("rev-parse", "HEAD")
    changed = git("status", "--porcelain", "--untracked-files=no")
    return (
        {"mlflow.source.git.commit": commit, "undertone.changed": str(bool(changed))} if commit else {}
    )


def git(*words: str) -> str | None:
    """Return what `git` prints, None where there is no git, no repository or no answer."""
    try:
        done = subprocess.run(["git", *words], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()


def _flatten(values: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flatten(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _plain(name: str) -> str:
    return "".join(c if c.isalnum() or c in "_-. :/" else "_" for c in name)
