"""The whole graph as DVC runs it, on a sample with a tiny transformer, and on what is wrong with it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import yaml
from mlflow import MlflowClient
from moto.server import ThreadedMotoServer

from backend.bundle import Card, read_bundle, sha256_of
from backend.classifier import Classifier
from tests.training import made_up
from tests.training.conftest import ROOT
from tests.training.forks import forks
from training import smoke

pytestmark = pytest.mark.slow

PYTHON = "python"
STAGES = {
    "ingest",
    "validate",
    "prepare",
    "tune_features",
    "tune_imbalance",
    "featurise",
    "train_logistic",
    "train_lightgbm",
    "train_xgboost",
    "train_teacher",
    "train_transformer",
    "export",
    "evaluate",
    "register",
    "bundle",
}


def dvc(folder: Path, *words: str, **environment: str) -> str:
    """Run `dvc` in `folder`, its stages by the `python` beside it, and return what it printed.

    Raises:
        AssertionError: it failed.
    """
    path = f"{folder.parent / PYTHON}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "dvc", *words],
        cwd=folder,
        env=smoke.with_this_python() | {"PATH": path, "PYTHONPATH": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-6000:]
    return done.stdout


def lay_out(folder: Path) -> Path:
    """Return a folder in which the graph runs on made-up sets."""
    made_up.write_mirror(folder / "mirror")
    changes = yaml.safe_load(smoke.CHANGES.read_text(encoding="utf-8"))
    changes["ingest"]["mirror"] = str(folder / "mirror")
    changes["prepare"]["sources"] = ["tweets", "comments", "feedback"]
    changes["train_teacher"]["sources"] = ["tweets"]
    changes["validate"]["limits"] |= {"min_english": 0, "max_duplicates": 0.5, "max_leaks": 0.5}
    changes["validate"]["exceptions"] = {}
    work = folder / "work"
    work.mkdir()
    smoke.lay_out(work, changes, made_up.table(folder / "mirror"))
    correction = {"text": "what a great correction", "label": "positive", "video_id": "v1"}
    (work / "data" / "feedback" / "today.jsonl").write_text(json.dumps(correction), encoding="utf-8")
    return work


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Yield a folder in which the whole graph ran once."""
    folder = lay_out(tmp_path_factory.mktemp("graph"))
    with forks(folder.parent / PYTHON):
        run_all(folder)
        yield folder


def run_all(folder: Path) -> None:
    """Run the whole graph and commit what it says of it."""
    dvc(folder, "repro")
    subprocess.run(["git", "add", "--all"], cwd=folder, check=True)
    commit = ["git", "-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-qm", "Run"]
    subprocess.run(commit, cwd=folder, check=True)


def test_the_graph_has_the_stages_of_the_design_and_every_parameter_is_in_it() -> None:
    graph = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    declared = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))

    assert set(graph) == STAGES
    used = {name.split(".")[0] for stage in graph.values() for name in stage.get("params", [])}
    # What is no stage, a person starts.
    assert used | {"active_learning", "drift"} == set(declared)
    for name, stage in graph.items():
        assert stage["cmd"] == f"python -m training.{name}"
        for path in stage.get("deps", []):
            assert (ROOT / path).exists() or not path.startswith(("training", "backend"))


def test_from_nothing_it_comes_to_a_champion_that_can_be_served(work: Path) -> None:
    champion = read_bundle(work / "backend" / "champion")

    probabilities = Classifier(champion).probabilities(["I love this great song", "awful boring"])

    assert probabilities.argmax(1).tolist() == [2, 0]
    assert {data.name for data in champion.card.training_data} == {"tweets", "comments", "feedback"}
    assert champion.card.metrics["tweets"]["all"]["macro_f1"].value > 0.8
    registration = json.loads((work / "models" / "registration.json").read_text(encoding="utf-8"))
    assert registration["promoted"] is True


def test_run_again_it_does_nothing(work: Path) -> None:
    assert "Data and pipelines are up to date." in dvc(work, "repro")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of SQLAlchemy, from within MLflow
def test_mlflow_has_one_parent_run_with_the_stages_and_their_trials(work: Path) -> None:
    client = MlflowClient(f"sqlite:///{work}/mlflow.db")
    experiment = client.get_experiment_by_name("undertone")
    assert experiment is not None
    runs = client.search_runs([experiment.experiment_id], max_results=1000)
    parents = [run for run in runs if "undertone.pipeline" in run.data.tags]
    assert len(parents) == 1
    parent = parents[0]

    stages = {
        run.info.run_name: run
        for run in runs
        if run.data.tags.get("mlflow.parentRunId") == parent.info.run_id
    }
    trials = [
        run
        for run in runs
        if run.data.tags.get("mlflow.parentRunId") == stages["train_lightgbm"].info.run_id
    ]

    assert set(stages) == STAGES
    assert {run.info.status for run in [parent, *stages.values()]} == {"FINISHED"}
    assert len(trials) == 2
    assert "learning_rate" in trials[0].data.params
    assert parent.data.params["train_transformer.epochs"] == "2"
    assert parent.data.metrics["tfidf-logistic/tweets/all/macro_f1"] > 0.8
    assert len(parent.data.tags["mlflow.source.git.commit"]) == 40
    assert [it.dataset.name for it in stages["prepare"].inputs.dataset_inputs]
    version = client.get_model_version_by_alias("undertone", "champion")
    assert version.run_id == stages["register"].info.run_id
    champion = read_bundle(work / "backend" / "champion")
    assert champion.card.mlflow_run_id == version.run_id


def test_the_classical_part_run_twice_gives_the_same_bundles(work: Path) -> None:
    first = classical_bundles(work)
    (work / "models" / "studies.journal").unlink()
    shutil.rmtree(work / "models" / "bundles")

    stages = ("tune_features", "tune_imbalance", "featurise")
    training = ("train_logistic", "train_lightgbm", "train_xgboost", "export")
    dvc(work, "repro", "--force", "--single-item", *stages, *training)

    assert classical_bundles(work) == first


def classical_bundles(work: Path) -> list[Card]:
    """Return the cards, checksums of the graphs in them, but for the commit that they were made at."""
    bundles = [read_bundle(work / "models" / "bundles" / name) for name in ("logistic", "lightgbm")]
    return [bundle.card.model_copy(update={"git_commit": None}) for bundle in bundles]


def test_another_setting_is_an_experiment_whose_figures_are_compared(work: Path) -> None:
    dvc(work, "exp", "run", "-S", "evaluate.resamples=110", "-S", "train_logistic.trials=3")

    registration = json.loads((work / "models" / "registration.json").read_text(encoding="utf-8"))
    assert registration["promoted"] is False
    assert any("may be noise" in reason for reason in registration["reasons"])
    compared = json.loads(dvc(work, "metrics", "diff", "--json"))
    assert compared["models/logistic.json"]["trials"] == {"old": 2, "new": 3, "diff": 1}
    dvc(work, "plots", "diff", "--out", "plots")
    page = (work / "plots" / "index.html").read_text(encoding="utf-8")
    assert "Confusion, transformer" in page
    assert "Speed and quality" in page


@pytest.fixture
def s3() -> Iterator[str]:
    """Yield the address of an S3 server with the bucket `lake`."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    boto3.client("s3", endpoint_url=address, **KEYS).create_bucket(Bucket="lake")
    yield address
    server.stop()


KEYS = {"aws_access_key_id": "made", "aws_secret_access_key": "up", "region_name": "us-east-1"}


def test_what_was_made_goes_to_s3_and_comes_back(work: Path, s3: str) -> None:
    keys = {name.upper(): value for name, value in KEYS.items()} | {"AWS_DEFAULT_REGION": "us-east-1"}
    environment = {"TRAINING_LAKE": "s3://lake/undertone", "AWS_ENDPOINT_URL": s3, **keys}
    kept = sha256_of(work / "data" / "prepared" / "train.parquet")

    subprocess.run(
        [sys.executable, "-m", "training.lake", "push"],
        cwd=work,
        env=smoke.with_this_python() | environment,
        check=True,
    )
    shutil.rmtree(work / ".dvc" / "cache")
    shutil.rmtree(work / "data" / "prepared")
    subprocess.run(
        [sys.executable, "-m", "training.lake", "pull"],
        cwd=work,
        env=smoke.with_this_python() | environment,
        check=True,
    )

    assert sha256_of(work / "data" / "prepared" / "train.parquet") == kept
    assert "up to date" in dvc(work, "status")


def run(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def test_a_mirror_without_the_files_ends_it_with_one_line(tmp_path: Path) -> None:
    shutil.copy(ROOT / "params.yaml", tmp_path)

    done = run(tmp_path, "training.ingest", TRAINING_MIRROR=str(tmp_path / "nowhere"))

    assert done.returncode == 1
    assert "can't be copied: No such file or directory" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_parameters_that_make_no_sense_end_it_before_anything_is_fetched(tmp_path: Path) -> None:
    declared = (ROOT / "params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(declared.replace("epochs:", "epoch:"), encoding="utf-8")

    done = run(tmp_path, "training")

    assert done.returncode == 1
    assert "train_transformer.epoch" in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_stage_without_what_it_reads_says_so(tmp_path: Path) -> None:
    shutil.copy(ROOT / "params.yaml", tmp_path)

    done = run(tmp_path, "training.tune_features")

    assert done.returncode == 1
    assert "data/prepared/train.parquet is not there; run the stages before" in done.stderr


def test_an_interrupted_stage_leaves_nothing_half_written_and_its_rerun_goes_on(tmp_path: Path) -> None:
    work = lay_out(tmp_path)
    environment = smoke.with_this_python() | {"PYTHONPATH": str(work)}
    for stage in ("ingest", "prepare"):
        subprocess.run(
            [sys.executable, "-m", f"training.{stage}"], cwd=work, env=environment, check=True
        )
    declared = yaml.safe_load((work / "params.yaml").read_text(encoding="utf-8"))
    declared["tune_features"]["trials"] = 200
    (work / "params.yaml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    journal = work / "models" / "studies.journal"
    command = [sys.executable, "-m", "training.tune_features"]

    # A shell has what it runs in the background ignore Ctrl-C, and what that runs in turn.
    with subprocess.Popen(
        ["env", "--default-signal=INT", *command],
        cwd=work,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as stage:
        threading.Thread(target=interrupt_once, args=(stage, journal), daemon=True).start()
        _, said = stage.communicate(timeout=120)

    assert stage.returncode == 130, said
    assert "interrupted; run it again" in said
    assert not (work / "data" / "tuned").exists()
    found = finished(journal)
    assert found > 3

    declared["tune_features"]["trials"] = found + 1
    (work / "params.yaml").write_text(yaml.safe_dump(declared), encoding="utf-8")
    subprocess.run(command, cwd=work, env=environment, check=True)
    assert found < finished(journal) <= found + 2


def finished(journal: Path) -> int:
    """Return how many trials the journal says are over."""
    return journal.read_text(encoding="utf-8").count('"op_code":6')


def interrupt_once(stage: subprocess.Popen[str], journal: Path) -> None:
    """Send Ctrl-C when the journal says that trials are done."""
    while stage.poll() is None:
        if journal.is_file() and finished(journal) > 3:
            stage.send_signal(signal.SIGINT)
            return
        time.sleep(0.1)
