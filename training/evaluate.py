"""Evaluate: what each candidate and baseline makes of the test sets that people labelled.

Knows the candidates, the champion, the test sets and where the figures go. Knows nothing of training.
The test sets are read here and nowhere else, and nothing is chosen by what comes out: `register` goes
by the validation figures alone.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from tqdm import tqdm

from backend.bundle import (
    MODEL,
    MODEL_CARD,
    Bundle,
    BundleError,
    read_bundle,
    write_bundle,
)
from backend.classifier import Classifier
from backend.cores import available_cores
from training.baselines import majority, textblob, vader
from training.candidates import BUNDLES, CANDIDATE_FIGURES, CANDIDATES, JUDGED, Judged, read_champion
from training.evaluation_report import (
    EVALUATION,
    METRICS,
    PLOTS,
    Results,
    Table,
    flat,
    write_figures,
    write_json,
    write_plots,
)
from training.metrics import (
    Labels,
    Probabilities,
    area_under_curve,
    calibration_error,
    confusion,
    estimate,
    label_indices,
    paired_difference,
    scores,
)
from training.model_card import model_card
from training.params import Evaluate, read_params
from training.paths import PREPARED, REPORTS
from training.reference import reference
from training.slices import slices_of
from training.sources import titled_test_sets
from training.stage import run
from training.tracking import tracked

SPEED = REPORTS / "speed.json"
LICENCES = {
    "transformer": "The weights derive from the checkpoint that was fine-tuned; all-MiniLM-L6-v2 is "
    "under Apache-2.0.",
    "linear": "The weights are under this project's licence.",
    "trees": "The weights are under this project's licence; an encoder that is part of the graph is "
    "under its own (all-MiniLM-L6-v2: Apache-2.0).",
}
_REPEATS = 5
_BATCH = 100


def evaluate(
    test: pd.DataFrame,
    candidates: Mapping[str, Probabilities],
    usual: str,
    settings: Evaluate,
    seed: int,
) -> Results:
    """Return every figure of the candidates and the baselines.

    `candidates` are the probabilities (n, 3) of the rows of `test` by model; `usual` is the commonest
    label of the training data.
    """
    results: Results = {}
    texts = test["text"].tolist()
    for name, probabilities in candidates.items():
        results[name] = _by_test_set(test, probabilities.argmax(1), settings, seed)
        for source, table in results[name].items():
            rows = (test["source"] == source).to_numpy()
            true = label_indices(test.loc[rows, "label"])
            table["all"]["auc"] = area_under_curve(probabilities[rows], true, seed)
            table["all"]["calibration_error"] = calibration_error(probabilities[rows], true)
    lexicons = {
        "VADER": vader(texts),
        "TextBlob": textblob(texts),
        "majority": majority(usual, len(texts)),
    }
    for name, predicted in lexicons.items():
        results[name] = _by_test_set(test, predicted, settings, seed)
    return results


def _by_test_set(
    test: pd.DataFrame, predicted: Labels, settings: Evaluate, seed: int
) -> dict[str, Table]:
    tables = {}
    for source in titled_test_sets():
        rows = (test["source"] == source).to_numpy()
        part = test[rows]
        true = label_indices(part["label"])
        tables[source] = {
            name: estimate(
                true[chosen], predicted[rows][chosen], settings.resamples, seed, classes=name == "all"
            )
            for name, chosen in slices_of(part["text"].tolist()).items()
        }
    return tables


def judge(
    bundle: Bundle, champion: Bundle | None, validation: pd.DataFrame, settings: Evaluate, seed: int
) -> Judged:
    """Return what `bundle` does on validation data, and how that compares with `champion`."""
    texts, true = validation["text"].tolist(), label_indices(validation["label"])
    ours = Classifier(bundle, available_cores()).probabilities(texts).argmax(1)
    versus, drops = None, {}
    if champion is not None:
        theirs = Classifier(champion, available_cores()).probabilities(texts).argmax(1)
        versus = paired_difference(true, ours, theirs, settings.resamples, seed)
        drops = {
            name: macro_f1(true[rows], theirs[rows]) - macro_f1(true[rows], ours[rows])
            for name, rows in slices_of(texts).items()
        }
    return Judged(
        macro_f1=macro_f1(true, ours),
        is_champion=champion is not None and champion.card.files[MODEL] == bundle.card.files[MODEL],
        versus_champion=versus,
        slice_drops=drops,
        milliseconds=milliseconds(bundle, texts[: settings.speed_rows]),
        megabytes=sum(file.size for file in bundle.card.files.values()) / 1e6,
    )


def macro_f1(true: Labels, predicted: Labels) -> float:
    """Return the macro-F1 of a labelling (n,)."""
    return float(scores(confusion(true, predicted))["macro_f1"])


def milliseconds(bundle: Bundle, texts: Sequence[str]) -> float:
    """Return the median time to label 100 comments, on all cores, in milliseconds."""
    classifier = Classifier(bundle, available_cores())
    taken = []
    for repeat in range(_REPEATS):
        start = repeat * _BATCH % max(1, len(texts) - _BATCH + 1)
        began = time.perf_counter()
        classifier.probabilities(texts[start : start + _BATCH])
        taken.append((time.perf_counter() - began) * 1000 * _BATCH / min(_BATCH, len(texts)))
    return float(np.median(taken))


def complete(bundle: Bundle, page: str, metrics: Mapping[str, Table]) -> Bundle:
    """Write `bundle` with its figures and the model card `page` under `models/judged`."""
    card = bundle.card.model_copy(update={"metrics": dict(metrics)})
    contents = {
        name: (bundle.directory / name).read_bytes() for name in card.files if name != MODEL_CARD
    }
    return write_bundle(JUDGED / bundle.directory.name, card, contents | {MODEL_CARD: page.encode()})


def main() -> None:
    """Evaluate every candidate that passed the gate, write the reports, complete the bundles."""
    params = read_params()
    with tracked("evaluate", params) as tracking:
        bundles = {
            name: read_bundle(BUNDLES / name) for name in CANDIDATES if (BUNDLES / name).is_dir()
        }
        if not bundles:
            raise BundleError(f"{BUNDLES} holds no candidate; run the stages before this one first")
        validation = pd.read_parquet(PREPARED / "validation.parquet")
        champion = read_champion()
        judged = {
            name: judge(bundle, champion, validation, params.evaluate, params.seed)
            for name, bundle in bundles.items()
        }
        write_json(CANDIDATE_FIGURES, {name: found.model_dump() for name, found in judged.items()})
        speed = {
            bundle.card.name: {
                "milliseconds": judged[name].milliseconds,
                "megabytes": judged[name].megabytes,
            }
            for name, bundle in bundles.items()
        }
        write_json(SPEED, speed)

        test = pd.read_parquet(PREPARED / "test.parquet")
        usual = str(pd.read_parquet(PREPARED / "train.parquet")["label"].mode()[0])
        predicted = {
            bundle.card.name: Classifier(bundle, available_cores()).probabilities(test["text"].tolist())
            for bundle in tqdm(bundles.values(), desc="evaluate", unit="candidate")
        }
        results = evaluate(test, predicted, usual, params.evaluate, params.seed)
        imitation = reference(params, test)
        files = {bundle.card.name: name for name, bundle in bundles.items()}
        write_figures(results)
        write_plots(results, predicted, files, test, speed)
        chosen_by = {bundle.card.name: judged[name].macro_f1 for name, bundle in bundles.items()}
        for bundle in bundles.values():
            page = model_card(bundle, results, chosen_by, imitation, LICENCES[bundle.card.family])
            complete(bundle, page, results[bundle.card.name])
        tracking.log_files(EVALUATION, METRICS, CANDIDATE_FIGURES, SPEED, PLOTS)
        tracking.log_metrics(flat(results))


if __name__ == "__main__":
    run(main)
