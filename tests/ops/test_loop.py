"""The whole loop under load: corrections go in, a better model comes out and is served; a worse is not.

The pipeline's stages are the real ones, on made-up comments; how DVC runs them is tested elsewhere. The
registry is a real MLflow server, the backend a real gunicorn that is asked without a pause.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
import yaml
from mlflow import MlflowClient

from backend.bundle import read_bundle
from tests.backend.client import Client
from tests.backend.load import Load, metric, until
from tests.backend.tiny import tiny_bundle
from tests.registry import running_registry
from tests.server import ROOT, running_backend
from tests.training import made_up
from tests.training.test_pipeline import lay_out
from training import smoke
from training.registration import REGISTRATION, Registration

pytestmark = pytest.mark.slow

MODEL = "undertone"
# What the first champion does not know, and twelve people tell it: sixty comments under as many videos.
SLANG = "fire"
CORRECTIONS = [f"{text} {SLANG}" for text, label in made_up.comments(200, 5) if label == "neutral"][:60]
PEOPLE = [f"127.0.0.{number}" for number in range(2, 14)]
ASKED = ["I love this, it is amazing", "so boring and terrible", f"this is {SLANG}"]
# On few and busy cores threads that wait for each other take longer than one that works.
ONE_THREAD = {"OMP_NUM_THREADS": "1"}
# One process for all: to import what they need takes longer than what they do with so little.
_STAGES = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(f"training.{name}").main()
"""


@dataclass(frozen=True)
class Loop:
    """A server that follows a registry, and the folder in which its model is trained anew."""

    client: Client
    work: Path
    state: Path
    registry: str

    def served(self) -> set[str]:
        """Return the identities of the bundles that the server processes serve."""
        return {each["identity"] for each in self.client.get("/v1/model").json["serving"]}

    def alias(self, name: str) -> str:
        """Return the version that `name` stands for in the registry."""
        return str(MlflowClient(self.registry).get_model_version_by_alias(MODEL, name).version)

    def point(self, version: str) -> None:
        """Let the champion be `version`, whatever anybody thinks of it."""
        MlflowClient(self.registry).set_registered_model_alias(MODEL, "champion", version)

    def train(self, first: str) -> Registration:
        """Run the stages from `first` on; return what became of the best candidate."""
        names = list(yaml.safe_load((self.work / "dvc.yaml").read_text(encoding="utf-8"))["stages"])
        done = subprocess.run(
            [sys.executable, "-c", _STAGES, *names[names.index(first) :]],
            cwd=self.work,
            env=os.environ
            | {"PYTHONPATH": str(self.work), "MLFLOW_TRACKING_URI": self.registry}
            | ONE_THREAD,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-6000:]
        written = (self.work / REGISTRATION).read_text(encoding="utf-8")
        return Registration.model_validate_json(written)

    def export(self) -> None:
        """Do as `undertone export data` does in the folder."""
        subprocess.run(
            [sys.executable, "-m", "backend.command", "export", str(self.work / "data")],
            cwd=ROOT,
            env=os.environ | {"UNDERTONE_STATE": str(self.state)},
            check=True,
        )


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loop]:
    """Yield a server of a first champion that knows a dozen words, ready to be retrained."""
    folder = tmp_path_factory.mktemp("loop")
    work, state = lay_out(folder), folder / "state"
    params = yaml.safe_load((work / "params.yaml").read_text(encoding="utf-8"))
    changes = {
        "train_teacher": {"epochs": 0},
        "train_transformer": {"teacher": None, "epochs": 1},
        # A dozen words are all that is known here, and to a model of them all slang is doubtful.
        "feedback": {"usual_doubt": 0.99},
    }
    text = yaml.safe_dump(smoke.merge(params, changes), sort_keys=False)
    (work / "params.yaml").write_text(text, encoding="utf-8")
    first = tiny_bundle(work / "backend" / "champion", "first")
    (folder / "registry").mkdir()
    with running_registry(folder / "registry") as registry:
        client = MlflowClient(registry)
        run = client.create_run(client.create_experiment("first"))
        client.log_artifacts(run.info.run_id, str(first.directory), "bundle")
        client.create_registered_model(MODEL)
        source = f"{run.info.artifact_uri}/bundle"
        version = client.create_model_version(MODEL, source, run.info.run_id)
        client.set_registered_model_alias(MODEL, "champion", version.version)
        with running_backend(
            bundle=f"models:/{MODEL}@champion",
            registry=registry,
            poll="2",
            workers="2",
            state=str(state),
        ) as address:
            yield Loop(Client(address), work, state, registry)


@pytest.fixture(scope="module")
def retrained(loop: Loop) -> Registration:
    """Correct the first champion, train on it and wait for the swap; nothing that is asked may fail."""
    first = loop.served()
    assert first == {read_bundle(loop.work / "backend" / "champion").identity}
    with Load(loop.client, 2, ASKED, pause=0.1) as load:
        for number, text in enumerate(CORRECTIONS):
            correction = {"text": text, "label": "positive", "predicted": "neutral"}
            person = Client(loop.client.address, PEOPLE[number % len(PEOPLE)])
            sent = person.post("/v1/feedback", correction | {"video_id": f"video {number}"})
            assert sent.status == 202
        until(lambda: exported(loop) == len(CORRECTIONS), "the corrections are in the database")
        registration = loop.train("ingest")
        until(lambda: len(loop.served()) == 1 and loop.served() != first, "every process has swapped")
    assert load.failures == []
    assert {answer.status for answer in load.answers} == {200}
    return registration


def exported(loop: Loop) -> int:
    """Return how many corrections an export gives now."""
    loop.export()
    files = (loop.work / "data" / "feedback").rglob("*.parquet")
    return sum(len(pd.read_parquet(file)) for file in files)


def test_corrections_become_a_better_champion_that_goes_live_and_no_request_fails(
    loop: Loop, retrained: Registration
) -> None:
    assert retrained.promoted, retrained.reasons
    assert loop.alias("champion") == retrained.version
    champion = read_bundle(loop.work / "backend" / "champion")
    assert loop.served() == {champion.identity}
    report = json.loads((loop.work / "reports" / "feedback.json").read_text(encoding="utf-8"))
    assert report["clients"] == len(PEOPLE) + 1  # and who left a file in the folder
    learned = pd.read_parquet(loop.work / "data" / "prepared" / "train.parquet")
    assert learned["text"].isin(CORRECTIONS).sum() > len(CORRECTIONS) / 2
    assert "feedback" in {data.name for data in champion.card.training_data}
    answer = loop.client.post("/v1/predict", {"comments": ASKED}).json
    assert [each["label"] for each in answer["predictions"]] == ["positive", "negative", "positive"]


def test_a_worse_model_is_refused_with_reasons_and_does_not_go_live(
    loop: Loop, retrained: Registration
) -> None:
    champion = loop.served()
    train = loop.work / "data" / "prepared" / "train.parquet"
    rows = pd.read_parquet(train)
    turned = {"negative": "positive", "positive": "negative"}
    rows.assign(label=rows["label"].replace(turned)).to_parquet(train)

    with Load(loop.client, 2, ASKED, pause=0.1) as load:
        worse = loop.train("train_logistic")
        assert worse.promoted is False
        assert any("macro-F1" in reason for reason in worse.reasons)
        assert loop.alias("champion") == retrained.version
        assert loop.alias("challenger") == worse.version
        assert read_bundle(loop.work / "backend" / "champion").identity in champion
        assert loop.served() == champion

        # Who gives it the alias by hand finds that the server does not take it either.
        refused = metric(loop.client, "undertone_model_refusals_total")
        loop.point(worse.version)
        until(
            lambda: metric(loop.client, "undertone_model_refusals_total") > refused,
            "the server refuses what gets obvious comments wrong",
        )
        assert loop.served() == champion
        loop.point(retrained.version)

    assert load.failures == []
    assert {answer.status for answer in load.answers} == {200}


def test_what_was_refused_is_told_by_the_registry(loop: Loop, retrained: Registration) -> None:
    challenger = MlflowClient(loop.registry).get_model_version_by_alias(MODEL, "challenger")

    assert json.loads((loop.work / REGISTRATION).read_text(encoding="utf-8"))["reasons"] == [
        challenger.tags[name] for name in sorted(challenger.tags) if name.startswith("refused ")
    ]
