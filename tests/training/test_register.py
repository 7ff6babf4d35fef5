"""Promotion: what is refused, and what for; the registry itself is a real MLflow on SQLite."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from backend.bundle import Bundle, BundleError, Estimate, read_bundle, write_bundle
from training import bundle, register
from training.candidates import CANDIDATE_FIGURES, JUDGED, PARITY, Judged
from training.params import Params
from training.register import reasons_against
from training.registration import REGISTRATION, Registration
from training.stage import aside
from training.tracking import RegistryError, connect, tracked

GOOD = Judged(
    macro_f1=0.74,
    is_champion=False,
    versus_champion=Estimate(value=0.02, low=0.01, high=0.03),
    slice_drops={"all": -0.02, "emoji": 0.01},
    milliseconds=400,
    megabytes=24,
)


def test_a_candidate_that_meets_every_condition_is_promoted(params: Params) -> None:
    assert reasons_against(GOOD, params.register_) == []


def test_without_a_champion_there_is_nothing_to_beat(params: Params) -> None:
    first = GOOD.model_copy(update={"versus_champion": None, "slice_drops": {}})

    assert reasons_against(first, params.register_) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"macro_f1": 0.5}, r"macro-F1 on validation data is 0\.500, below 0\.65"),
        (
            {"versus_champion": Estimate(value=0.004, low=-0.001, high=0.01)},
            r"\+0\.004 macro-F1 with a 95 % interval of \[-0\.001, \+0\.010\], may be noise",
        ),
        ({"slice_drops": {"emoji": 0.08}}, r"on emoji comments it is 0\.080 macro-F1 below"),
        ({"milliseconds": 9000}, r"100 comments take 9000 ms, 1500 are allowed"),
    ],
)
def test_every_refusal_says_why(params: Params, changes: dict[str, object], reason: str) -> None:
    reasons = reasons_against(GOOD.model_copy(update=changes), params.register_)

    assert len(reasons) == 1
    assert re.search(reason, reasons[0])


def test_the_champions_own_graph_need_not_beat_itself(params: Params) -> None:
    same = GOOD.model_copy(
        update={"is_champion": True, "versus_champion": Estimate(value=0, low=0, high=0)}
    )

    assert reasons_against(same, params.register_) == []


@pytest.fixture(autouse=True)
def tracking(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name the database by its whole path: MLflow keeps one connection for each name."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{workplace}/mlflow.db")


@pytest.fixture
def judged_bundle(linear_bundle: Bundle, params: Params, monkeypatch: pytest.MonkeyPatch) -> Bundle:
    """Return a candidate as `evaluate` leaves it, in a workplace without a champion."""
    contents = {
        name: (linear_bundle.directory / name).read_bytes() for name in linear_bundle.card.files
    }
    monkeypatch.setattr(register, "read_params", lambda: params)
    monkeypatch.setattr(bundle, "read_params", lambda: params)
    return write_bundle(JUDGED / "logistic", linear_bundle.card, contents)


def leave(judged: Judged, refused: dict[str, str] | None = None) -> None:
    """Write what `export` and `evaluate` leave for `register`."""
    parity: dict[str, object] = {"logistic": {"float_difference": 0.0}}
    parity |= {name: {"refused": reason} for name, reason in (refused or {}).items()}
    for path, content in ((CANDIDATE_FIGURES, {"logistic": judged.model_dump()}), (PARITY, parity)):
        with aside(path) as file:
            file.write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.usefixtures("judged_bundle")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of SQLAlchemy, from within MLflow
def test_the_registry_holds_what_becomes_the_champion_and_what_does_not(params: Params) -> None:
    leave(GOOD, refused={"xgboost": "it strays"})
    register.main()
    bundle.main()
    champion = read_bundle(Path("backend/champion"))

    leave(GOOD.model_copy(update={"macro_f1": 0.1}))
    register.main()
    bundle.main()

    client, _ = connect(params.register_)
    promoted = client.get_model_version_by_alias("undertone", "champion")
    refused = client.get_model_version_by_alias("undertone", "challenger")
    assert (int(promoted.version), int(refused.version)) == (1, 2)
    assert champion.card.mlflow_run_id == promoted.run_id
    assert "it strays" in client.get_run(promoted.run_id).data.tags["refused by parity"]
    assert "below 0.65" in refused.tags["refused 1"]
    assert read_bundle(Path("backend/champion")).card == champion.card, "a challenger is not served"


@pytest.mark.usefixtures("judged_bundle")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_registered_bundle_that_was_tampered_with_does_not_become_the_champion(
    params: Params,
) -> None:
    leave(GOOD)
    register.main()
    graph = next(Path("mlartifacts").rglob("model.onnx"))
    graph.write_bytes(graph.read_bytes()[:-1] + b"x")

    with pytest.raises(BundleError, match="checksum"):
        bundle.main()

    assert not Path("backend/champion").exists()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_version_that_is_gone_is_an_error_that_names_it(params: Params) -> None:
    gone = Registration(candidate="logistic", model="undertone", version="7", promoted=True, reasons=())

    with tracked("bundle", params) as run, pytest.raises(RegistryError, match="undertone version 7"):
        bundle.fetch(gone, run, Path("elsewhere"))
    assert not REGISTRATION.exists()


def test_a_tracking_server_that_can_not_be_used_is_named(
    params: Params, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")

    with pytest.raises(RegistryError, match=r"http://127\.0\.0\.1:9 can't be used"):
        connect(params.register_)
