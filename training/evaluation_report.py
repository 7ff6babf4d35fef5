"""Evaluation report: the figures of the models as files, to read, compare and draw.

Knows the files and their forms. Knows nothing of how a figure comes about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from backend.bundle import LABELS, Estimate
from training.metrics import Labels, Probabilities, label_indices, reliability
from training.paths import REPORTS
from training.sources import titled_test_sets
from training.stage import aside

EVALUATION = REPORTS / "evaluation.json"
METRICS = REPORTS / "metrics.json"
PLOTS = REPORTS / "plots"

# slice -> metric -> figure
Table = dict[str, dict[str, Estimate]]
# model -> test set -> slice -> metric -> figure
Results = dict[str, dict[str, Table]]


def write_figures(results: Results) -> None:
    """Write all figures, and those that are compared between commits."""
    plain = {
        model: {
            source: {
                name: {metric: found.model_dump() for metric, found in metrics.items()}
                for name, metrics in table.items()
            }
            for source, table in tables.items()
        }
        for model, tables in results.items()
    }
    write_json(EVALUATION, plain)
    compared = {
        model: {
            source: {metric: found.value for metric, found in table["all"].items()}
            for source, table in tables.items()
        }
        for model, tables in results.items()
    }
    write_json(METRICS, compared)


def write_plots(
    results: Results,
    predicted: Mapping[str, Probabilities],
    files: Mapping[str, str],
    test: pd.DataFrame,
    speed: Mapping[str, Mapping[str, float]],
) -> None:
    """Write what DVC draws: confusions, calibration, speed and size against quality.

    `predicted` are the probabilities (n, 3) of the rows of `test` by model, `files` what the confusion
    of each is filed under.
    """
    confusions: dict[str, list[tuple[str, str, str]]] = {files[name]: [] for name in predicted}
    curves = []
    for name, probabilities in predicted.items():
        for source in titled_test_sets():
            rows = (test["source"] == source).to_numpy()
            true = label_indices(test.loc[rows, "label"])
            confusions[files[name]] += _confusions(source, true, probabilities[rows])
            curves += [(name, source, *point) for point in reliability(probabilities[rows], true)]
    trade_off = [
        (name, cost["milliseconds"], cost["megabytes"], source, table["all"]["macro_f1"].value)
        for name, cost in speed.items()
        for source, table in results[name].items()
    ]
    with aside(PLOTS) as folder:
        folder.mkdir()
        for file, pairs in confusions.items():
            _write_table(folder / f"confusion-{file}.csv", pairs, ("test_set", "actual", "predicted"))
        points = ("model", "test_set", "confidence", "right", "rows")
        _write_table(folder / "calibration.csv", curves, points)
        columns = ("model", "milliseconds", "megabytes", "test_set", "macro_f1")
        _write_table(folder / "trade_off.csv", trade_off, columns)


def _write_table(path: Path, rows: Sequence[tuple[object, ...]], columns: Sequence[str]) -> None:
    pd.DataFrame(rows, columns=list(columns)).to_csv(path, index=False)


def _confusions(source: str, true: Labels, probabilities: Probabilities) -> list[tuple[str, str, str]]:
    predicted = probabilities.argmax(1)
    return [(source, LABELS[a], LABELS[b]) for a, b in zip(true, predicted, strict=True)]


def flat(results: Results) -> dict[str, float]:
    """Return the figures as MLflow takes them, by model/test set/slice/metric."""
    return {
        f"{model}/{source}/{name}/{metric}": found.value
        for model, tables in results.items()
        for source, table in tables.items()
        for name, metrics in table.items()
        for metric, found in metrics.items()
    }


def write_json(path: Path, content: object) -> None:
    """Write `content` aside, then under its name."""
    with aside(path) as file:
        file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
