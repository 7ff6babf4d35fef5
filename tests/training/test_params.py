from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from training.params import ParamsError, read_params

DECLARED = Path(__file__).parents[2] / "params.yaml"


def written(tmp_path: Path, **changes: object) -> Path:
    values = yaml.safe_load(DECLARED.read_text(encoding="utf-8"))
    for key, value in changes.items():
        section, name = key.split("__")
        values[section][name] = value
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def test_the_declared_parameters_are_valid() -> None:
    assert read_params(DECLARED).train_transformer.epochs >= 1


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"train_transformer__epoch": 3}, "train_transformer.epoch"),
        ({"train_transformer__epochs": "many"}, "train_transformer.epochs"),
        ({"train_transformer__learning_rate": -1}, "train_transformer.learning_rate"),
        ({"prepare__validation_share": 0.9}, "prepare.validation_share"),
        (
            {"train_logistic__regularisation": {"low": 0, "high": 1}},
            "train_logistic.regularisation.low",
        ),
        ({"train_xgboost__depth": {"low": 9, "high": 3}}, "low 9 is above high 3"),
        ({"tune_imbalance__methods": ["magic"]}, "tune_imbalance.methods.0"),
        ({"train_lightgbm__features": "words"}, "train_lightgbm.features"),
        ({"evaluate__resamples": float("nan")}, "evaluate.resamples"),
        ({"validate__exceptions": {"semeval": {"min_colour": 3}}}, "min_colour"),
    ],
)
def test_a_key_that_makes_no_sense_is_named(
    tmp_path: Path, changes: dict[str, object], named: str
) -> None:
    with pytest.raises(ParamsError, match=named):
        read_params(written(tmp_path, **changes))


def test_a_file_that_is_not_yaml_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "params.yaml"
    path.write_text("seed: [", encoding="utf-8")

    with pytest.raises(ParamsError, match="can't be read"):
        read_params(path)


def test_the_environment_names_a_mirror(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINING_MIRROR", "https://mirror.example")

    assert read_params(DECLARED).ingest.mirror == "https://mirror.example"


def test_limits_of_a_source_are_the_general_ones_but_for_its_exceptions(tmp_path: Path) -> None:
    path = written(tmp_path, validate__exceptions={"semeval": {"min_english": 0.1}})
    limits = read_params(path).validate_

    assert limits.of("semeval").min_english == 0.1
    assert limits.of("semeval").max_leaks == limits.limits.max_leaks
    assert limits.of("goemotions") == limits.limits
