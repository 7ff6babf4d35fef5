"""Evaluate: what each candidate and baseline makes of the test sets that people labelled.

Knows the test sets, slices, baselines and the model card. Knows nothing of training. The test sets are
read here and nowhere else; nothing is chosen by what comes out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from textblob import TextBlob
from tqdm import tqdm
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from backend.bundle import MODEL_CARD, Bundle, Estimate, read_bundle, write_bundle
from backend.classifier import Classifier
from training.export import BUNDLES, label_indices
from training.metrics import Labels, calibration_error, estimate
from training.params import read_params
from training.prepare import PREPARED
from training.sources import SOURCES

REPORT = Path("reports/evaluation.json")
CANDIDATES = ("transformer", "logistic")
TEST_SETS = {
    "semeval": "SemEval 2017 (tweets)",
    "goemotions": "GoEmotions (Reddit)",
    "youtube_people": "YouTube 2020",
}
METRICS = ("macro_f1", "macro_recall", "accuracy")

_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_NEGATION = re.compile(r"\b(?:not|no|never|nothing|nobody|cannot|without|\w+n['’]t)\b", re.IGNORECASE)
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")

SLICES: Mapping[str, Callable[[str], bool]] = {
    "all": lambda text: True,
    "short": lambda text: len(text.split()) <= 5,
    "long": lambda text: len(text.split()) >= 30,
    "emoji": lambda text: bool(_EMOJI.search(text)),
    "negation": lambda text: bool(_NEGATION.search(text)),
    "question": lambda text: "?" in text,
    "capitals": lambda text: bool(_CAPITALS.search(text)),
}
# Fewer rows than this say nothing about a slice.
_LEAST = 50

Scores = dict[str, dict[str, dict[str, Estimate]]]


def vader(texts: Sequence[str]) -> Labels:
    """Return VADER's labels by its authors' thresholds of +-0.05 (Hutto & Gilbert 2014)."""
    analyser = SentimentIntensityAnalyzer()
    compound = [
        analyser.polarity_scores(text)["compound"] for text in tqdm(texts, desc="VADER", leave=False)
    ]
    return np.digitize(compound, [-0.05 + 1e-9, 0.05]).astype(np.int64)


def textblob(texts: Sequence[str]) -> Labels:
    """Return the sign of TextBlob's polarity, as projects that use it do."""
    polarity = [TextBlob(text).sentiment.polarity for text in tqdm(texts, desc="TextBlob", leave=False)]
    return (np.sign(polarity) + 1).astype(np.int64)


def by_slice(
    texts: Sequence[str], true: Labels, predicted: Labels, resamples: int, seed: int
) -> dict[str, dict[str, Estimate]]:
    """Return the metrics of each slice that has at least `_LEAST` rows."""
    table = {}
    for name, holds in SLICES.items():
        rows = np.array([holds(text) for text in texts], dtype=bool)
        if rows.sum() >= _LEAST:
            table[name] = estimate(true[rows], predicted[rows], resamples, seed)
    return table


def evaluate(
    test: pd.DataFrame, bundles: Mapping[str, Bundle], resamples: int, seed: int
) -> dict[str, Scores]:
    """Return model -> test set -> slice -> metric for `bundles` and the baselines."""
    labellers: dict[str, Callable[[Sequence[str]], npt.NDArray[np.float32] | Labels]] = {
        name: Classifier(bundle, threads=2).probabilities for name, bundle in bundles.items()
    }
    labellers |= {"VADER": vader, "TextBlob": textblob}
    results: dict[str, Scores] = {name: {} for name in labellers}
    for source in TEST_SETS:
        rows = test[test["source"] == source]
        texts, true = rows["text"].tolist(), label_indices(rows["label"])
        for name, label in labellers.items():
            output = label(texts)
            predicted = output.argmax(1) if output.ndim == 2 else output.astype(np.int64)
            table = by_slice(texts, true, predicted, resamples, seed)
            if output.ndim == 2:
                error = round(calibration_error(output, true), 4)
                table["all"]["calibration_error"] = Estimate(value=error, low=error, high=error)
            results[name][source] = table
    return results


def model_card(bundle: Bundle, results: Mapping[str, Scores], validation: Mapping[str, float]) -> str:
    """Return the card for people: what the model is, how well it does where, and where it fails."""
    card = bundle.card
    lines = [
        f"# {card.name} {card.version}",
        "",
        "Labels a comment negative, neutral or positive. Made for short English comments under videos.",
        "",
        "## Trained on",
        "",
        "| set | rows | labelled by | licence |",
        "| --- | ---: | --- | --- |",
        *(
            f"| {data.name} | {data.rows:,} | {SOURCES[data.name].labelled_by} | {SOURCES[data.name].licence} |"
            for data in card.training_data
        ),
        "",
        "English only, near-duplicates removed, nothing that stands in a test set.",
        "",
        "## How well it does",
        "",
        "Test sets labelled by people, read once. 95 % bootstrap intervals in brackets.",
        "",
        "| test set | model | macro-F1 | macro-recall | accuracy |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {title} | {name} | "
            + " | ".join(_cell(results[name][source]["all"][metric]) for metric in METRICS)
            + " |"
            for source, title in TEST_SETS.items()
            for name in results
        ),
        "",
        f"Validation macro-F1, on which it was chosen: {validation.get(card.family, float('nan')):.3f}. "
        f"Calibrated on validation with temperature {card.temperature:.2f}; expected calibration error "
        + ", ".join(
            f"{results[card.family][source]['all']['calibration_error'].value:.3f} on {title}"
            for source, title in TEST_SETS.items()
        )
        + ".",
        "",
        "## By slice",
        "",
        "| test set | slice | macro-F1 |",
        "| --- | --- | --- |",
        *(
            f"| {TEST_SETS[source]} | {name} | {_cell(metrics['macro_f1'])} |"
            for source, table in results[card.family].items()
            for name, metrics in table.items()
        ),
        "",
        "## Where it fails",
        "",
        "- Sarcasm: it reads the words, not the intent.",
        "- Languages other than English: it was never shown any; its answers there mean little.",
        "- Stance and context: whether a comment is aimed at the video, another viewer or the news is not known to it.",
        "- Neutral is what annotators of three different projects called neutral, and they did not agree.",
        "",
        "## Licences",
        "",
        "The weights derive from all-MiniLM-L6-v2 (Apache-2.0). No training text can be had from this bundle;",
        "SemEval's texts are for research and must not be redistributed.",
        "",
    ]
    return "\n".join(lines)


def _cell(value: Estimate) -> str:
    return f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"


def main() -> None:
    """Evaluate every candidate, write the report, and complete the bundles with card and metrics."""
    params = read_params()
    test = pd.read_parquet(PREPARED / "test.parquet")
    bundles = {name: read_bundle(BUNDLES / name) for name in CANDIDATES}
    results = evaluate(
        test, {b.card.family: b for b in bundles.values()}, params.evaluate.resamples, params.seed
    )
    validation = validation_scores(bundles)
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    plain = {
        model: {
            s: {n: {m: e.model_dump() for m, e in ms.items()} for n, ms in t.items()}
            for s, t in scores.items()
        }
        for model, scores in results.items()
    }
    REPORT.write_text(json.dumps(plain, indent=2) + "\n", encoding="utf-8")
    for bundle in bundles.values():
        card = bundle.card.model_copy(update={"metrics": results[bundle.card.family]})
        contents = {
            name: (bundle.directory / name).read_bytes() for name in card.files if name != MODEL_CARD
        }
        contents[MODEL_CARD] = model_card(bundle, results, validation).encode()
        write_bundle(bundle.directory, card, contents)


def validation_scores(bundles: Mapping[str, Bundle]) -> dict[str, float]:
    """Return macro-F1 on the validation set by family, which is what the champion is chosen by."""
    rows = pd.read_parquet(PREPARED / "validation.parquet")
    true = label_indices(rows["label"])
    found = {}
    for bundle in bundles.values():
        predicted = Classifier(bundle, threads=2).probabilities(rows["text"].tolist()).argmax(1)
        found[bundle.card.family] = estimate(true, predicted, 100, 0)["macro_f1"].value
    return found


if __name__ == "__main__":
    main()
