"""Evaluate: what each candidate and baseline makes of the test sets that people labelled.

Knows the candidates, the test sets and where the figures go. Knows nothing of training. The test sets
are read here and nowhere else; nothing is chosen by what comes out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from backend.bundle import MODEL_CARD, Bundle, Estimate, read_bundle, write_bundle
from backend.classifier import Classifier
from backend.cores import available_cores
from training.baselines import textblob, vader
from training.export import BUNDLES, label_indices
from training.metrics import Labels, calibration_error, confusion, estimate, scores
from training.model_card import model_card
from training.params import read_params
from training.prepare import PREPARED
from training.slices import slices_of
from training.sources import TEST_SETS

REPORT = Path("reports/evaluation.json")
VALIDATION = Path("reports/validation.json")
CANDIDATES = ("transformer", "logistic")
LICENCES = {
    "transformer": "The weights derive from all-MiniLM-L6-v2, Apache-2.0.",
    "linear": "The weights are under this project's licence.",
}

Table = dict[str, dict[str, Estimate]]
Probabilities = npt.NDArray[np.float32]


def by_slice(texts: Sequence[str], true: Labels, predicted: Labels, resamples: int, seed: int) -> Table:
    """Return slice -> metric of one labelling of `texts`."""
    return {
        name: estimate(true[rows], predicted[rows], resamples, seed)
        for name, rows in slices_of(texts).items()
    }


def evaluate(
    test: pd.DataFrame, bundles: Sequence[Bundle], resamples: int, seed: int
) -> dict[str, dict[str, Table]]:
    """Return model -> test set -> slice -> metric for `bundles` and the baselines."""
    results: dict[str, dict[str, Table]] = {}
    for bundle in bundles:
        probabilities = Classifier(bundle, available_cores()).probabilities(test["text"].tolist())
        results[bundle.card.name] = _by_test_set(test, probabilities.argmax(1), resamples, seed)
        for source, table in results[bundle.card.name].items():
            rows = (test["source"] == source).to_numpy()
            error = calibration_error(probabilities[rows], label_indices(test.loc[rows, "label"]))
            table["all"]["calibration_error"] = Estimate(value=error, low=error, high=error)
    lexicons: Mapping[str, Callable[[Sequence[str]], Labels]] = {"VADER": vader, "TextBlob": textblob}
    for name, label in lexicons.items():
        results[name] = _by_test_set(test, label(test["text"].tolist()), resamples, seed)
    return results


def _by_test_set(test: pd.DataFrame, predicted: Labels, resamples: int, seed: int) -> dict[str, Table]:
    tables = {}
    for source in TEST_SETS:
        rows = (test["source"] == source).to_numpy()
        part = test[rows]
        true = label_indices(part["label"])
        tables[source] = by_slice(part["text"].tolist(), true, predicted[rows], resamples, seed)
    return tables


def validation_macro_f1(validation: pd.DataFrame, bundle: Bundle) -> float:
    """Return the figure that the champion is chosen by."""
    probabilities = Classifier(bundle, available_cores()).probabilities(validation["text"].tolist())
    counts = confusion(label_indices(validation["label"]), probabilities.argmax(1))
    return float(scores(counts)["macro_f1"])


def complete(
    bundle: Bundle, results: dict[str, dict[str, Table]], validation: Mapping[str, float]
) -> None:
    """Write the figures and the model card into `bundle`."""
    card = bundle.card.model_copy(update={"metrics": results[bundle.card.name]})
    contents = {
        name: (bundle.directory / name).read_bytes() for name in card.files if name != MODEL_CARD
    }
    page = model_card(bundle, results, validation, LICENCES[card.family])
    write_bundle(bundle.directory, card, contents | {MODEL_CARD: page.encode()})


def main() -> None:
    """Evaluate every candidate, write the reports, complete the bundles."""
    params = read_params()
    bundles = {name: read_bundle(BUNDLES / name) for name in CANDIDATES}
    rows = pd.read_parquet(PREPARED / "validation.parquet")
    validation = {name: validation_macro_f1(rows, bundle) for name, bundle in bundles.items()}
    test = pd.read_parquet(PREPARED / "test.parquet")
    results = evaluate(test, list(bundles.values()), params.evaluate.resamples, params.seed)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    VALIDATION.write_text(json.dumps(validation, indent=2) + "\n", encoding="utf-8")
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
    REPORT.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
    named = {bundle.card.name: validation[name] for name, bundle in bundles.items()}
    for bundle in bundles.values():
        complete(bundle, results, named)


if __name__ == "__main__":
    main()
