"""Model card: a bundle's figures as a page for people.

Knows what a reader must be told. Knows nothing of how the figures came about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from backend.bundle import Bundle, Estimate
from training import feedback
from training.sources import read_sources, titled_test_sets

# model -> test set -> slice -> metric
Results = Mapping[str, Mapping[str, Mapping[str, Mapping[str, Estimate]]]]
# model -> test set -> metric
Imitation = Mapping[str, Mapping[str, Mapping[str, Estimate]]]

METRICS = {"macro_f1": "macro-F1", "macro_recall": "macro-recall", "accuracy": "accuracy"}

_OF_A_LABEL = ("precision", "recall", "f1")

_LIMITS = """\
- Sarcasm: it reads the words, not the intent.
- Languages other than English: it was never shown any; its answers there mean little.
- A lone emoji of anger or disapproval, and a misspelt word that the whole comment hangs on, often pass
  for neutral.
- Context: whether a comment is about the video, another viewer or the news is not known to it.
- Neutral is what the annotators of three projects called neutral, and they did not agree.
- Most of what it learned from are tweets and Reddit comments; few were written under videos.
- YouTube 2020 is a small set whose labels VADER gives in four rows of five, far more than anywhere
  else: they may have been made with its help, so its lead there says little."""


def model_card(
    bundle: Bundle,
    results: Results,
    validation: Mapping[str, float],
    imitation: Imitation,
    licence: str,
) -> str:
    """Return the card of `bundle` in Markdown: what it learned from, how well it does, its limits."""
    card = bundle.card
    titles = titled_test_sets()
    origins = {name: (it.labelled_by, it.licence) for name, it in read_sources().items()}
    origins[feedback.NAME] = (feedback.LABELLED_BY, feedback.LICENCE)
    own = results[card.name]
    errors = "; ".join(
        f"{title} {_interval(own[source]['all']['calibration_error'])}"
        for source, title in titles.items()
    )
    chosen = ", ".join(f"{name} {value:.3f}" for name, value in validation.items())
    trained_on = [(data.name, f"{data.rows:,}", *origins[data.name]) for data in card.training_data]
    compared = [
        (title, name, *(_interval(table[source]["all"][metric]) for metric in METRICS))
        for source, title in titles.items()
        for name, table in results.items()
    ]
    sliced = [
        (titles[source], name, _interval(metrics["macro_f1"]), _interval(metrics["macro_recall"]))
        for source, table in own.items()
        for name, metrics in table.items()
        if name != "all"
    ]
    return "\n\n".join(
        (
            f"# {card.name} {card.version}",
            "Labels a comment negative, neutral or positive; made for short English comments.",
            "## What it learned from",
            _table(("set", "rows", "labelled by", "licence"), trained_on),
            "English only, one of near-duplicates, no comment with disputed labels, and no text that a "
            "test set holds.",
            "## How well it does",
            "On sets that people labelled, each read once, after every choice was made; 95 % bootstrap "
            "intervals.",
            _table(("test set", "model", *METRICS.values()), compared),
            f"Chosen by macro-F1 on validation data: {chosen}.",
            f"Calibrated on validation data with temperature {card.temperature:.2f}; expected "
            f"calibration error: {errors}.",
            "## Each label",
            _table(
                ("test set", "label", "precision", "recall", "F1"),
                [
                    (
                        title,
                        label,
                        *(_interval(own[source]["all"][f"{label}_{kind}"]) for kind in _OF_A_LABEL),
                    )
                    for source, title in titles.items()
                    for label in card.labels
                ],
            ),
            *_imitations(imitation),
            "## Kinds of comments",
            _table(("test set", "kind", "macro-F1", "macro-recall"), sliced),
            "## Where it fails",
            _LIMITS,
            "## Licence",
            f"{licence} Texts of the sets are not part of the bundle; SemEval's are for research and "
            "must not be passed on.\n",
        )
    )


def _imitations(imitation: Imitation) -> tuple[str, ...]:
    """Return the section on models trained on TextBlob's labels, none where there are none."""
    if not imitation:
        return ()
    rows = [
        (title, model, *(_interval(figures[metric]) for metric in METRICS))
        for model, sets in imitation.items()
        for title, figures in sets.items()
    ]
    return (
        "## What a lexicon's labels teach",
        "Many projects train on a Reddit set whose every label is the sign of TextBlob's polarity, and "
        "report how they do on its own test split. Trained as they do it, on the same sets as above:",
        _table(("test set", "model", *METRICS.values()), sorted(rows)),
    )


def _interval(value: Estimate) -> str:
    return f"{value.value:.3f} [{value.low:.3f}, {value.high:.3f}]"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
