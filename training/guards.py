"""Guards: which corrections are learned from, so that no person and no bot can turn the model over.

Knows corrections by text, label, moment and the client that gave them, and the rules below. A row is
refused by the first that it breaks. Knows nothing of files. The labeller at the terminal is trusted: of
that client only what it said before it changed its mind is refused.

    repeated      the same client judged the same text again later
    templates     texts that differ only in names, numbers and marks, more than `most_alike` of them
    outliers      all of a client whose labels are doubtful far more often than those of others
    disputed      less than `agreement` of a text's clients gave this label, or the labeller another
    a_day         more than `most_per_client_a_day` of the client's on that day; the latest stay
    in_all        more than `most_per_client` of the client's
    share         more than `largest_share` of all that is kept, and more than `share_floor`

A doubtful label is one that a linear model, fitted on what people labelled and on no correction, gives
less than `implausible`. Corrections are there because a model was wrong, so a quarter of honest
people's are doubtful too, and two thirds of turned ones; what gives a client away is a rate far above
that of the others together, by an exact binomial test (Clopper & Pearson 1934) at `outlier_p` divided
by the number of clients (Dunn 1961). Many who each give too little to be told by it are told together.
That labels which contradict their surroundings are to be taken for poison is from Paudice et al. 2018,
that whole annotators are to be judged, from Raykar & Yu 2012.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import binom
from sklearn.linear_model import LogisticRegression

from backend.text import normalise
from training.features import Vocabulary, tokens_of, vectoriser
from training.feedback import LABELLER
from training.params import Feedback
from training.prepare import key_of

Rows = pd.DataFrame

_WORDS = Vocabulary(ngrams=2, vocabulary=40_000, min_frequency=2)
# What is believed of the others before any of them is known, as strongly as so many corrections would.
_PRIOR_ROWS = 50


@dataclass(frozen=True)
class Report:
    """How many corrections came, and by which rule how many were refused."""

    came: int
    kept: int
    clients: int
    kept_clients: int
    refused: Mapping[str, int]

    def figures(self) -> dict[str, object]:
        """Return all of it as numbers by name."""
        return {
            "came": self.came,
            "kept": self.kept,
            "clients": self.clients,
            "kept_clients": self.kept_clients,
            "refused": dict(self.refused),
        }

    def __str__(self) -> str:
        reasons = ", ".join(f"{rule} {number}" for rule, number in self.refused.items() if number)
        return (
            f"feedback: {self.kept} of {self.came} corrections are learned from, by "
            f"{self.kept_clients} of {self.clients} clients; refused: {reasons or 'none'}"
        )


def admit(
    corrections: Rows, settings: Feedback, labelled: Callable[[], Rows], seed: int
) -> tuple[Rows, Report]:
    """Return the `corrections` to learn from, with the columns of `feedback.read`, and a report.

    `labelled` gives rows with `text` and `label` to hold them against; it is asked only where there is
    something to hold.
    """
    rules: dict[str, Callable[[Rows], Rows]] = {
        "templates": lambda rows: without_templates(rows, settings.most_alike),
        "outliers": lambda rows: without_outliers(rows, settings, labelled, seed),
        "disputed": lambda rows: agreed(rows, settings.agreement, trusted),
        "a_day": lambda rows: latest(rows, ["client", "day"], settings.most_per_client_a_day),
        "in_all": lambda rows: latest(rows, ["client"], settings.most_per_client),
        "share": lambda rows: shared(rows, settings.largest_share, settings.share_floor),
    }
    rows = last_of_each(described(corrections))
    refused = {"repeated": len(corrections) - len(rows)}
    trusted, rows = rows[rows["client"] == LABELLER], rows[rows["client"] != LABELLER]
    for name, rule in rules.items():
        left = rule(rows) if len(rows) else rows
        refused[name], rows = len(rows) - len(left), left
    kept = corrections.loc[rows.index.union(trusted.index)]
    counts = corrections["client"].nunique(), kept["client"].nunique()
    return kept, Report(len(corrections), len(kept), *counts, refused)


def described(corrections: Rows) -> Rows:
    """Return the rows in the order of time, with what rules go by: `words`, `key` and `day`."""
    rows = corrections.sort_values("at", kind="stable", na_position="first")
    texts, keys = (rows["text"].map(of) for of in (normalise, key_of))
    return rows.assign(words=texts, key=keys.where(keys != "", texts), day=rows["at"].dt.date)


def last_of_each(rows: Rows) -> Rows:
    """Return what each client said last of each text."""
    return rows.drop_duplicates(["client", "words"], keep="last")


def without_templates(rows: Rows, most: int) -> Rows:
    """Return the rows but for those of which more than `most` spellings share their words."""
    return rows[rows.groupby("key")["text"].transform("nunique") <= most]


def without_outliers(rows: Rows, settings: Feedback, labelled: Callable[[], Rows], seed: int) -> Rows:
    """Return the rows but for those of clients whose labels are doubtful too often."""
    known = labelled()
    if known["label"].nunique() < 2:
        return rows
    known = known.sample(min(len(known), settings.judge_rows), random_state=seed)
    doubtful = pd.Series(plausibility(known, rows) < settings.implausible, rows.index)
    return rows[~rows["client"].isin(outliers(rows["client"], doubtful, settings))]


def plausibility(known: Rows, rows: Rows) -> npt.NDArray[np.float64]:
    """Return (n,) the probability of each label of `rows` by a linear model fitted on `known`."""
    words = vectoriser(_WORDS)
    model = LogisticRegression(max_iter=300)
    model.fit(words.fit_transform(tokens_of(known["text"])), known["label"])
    given = model.predict_proba(words.transform(tokens_of(rows["text"])))
    columns = {label: number for number, label in enumerate(model.classes_)}
    at = rows["label"].map(columns)
    # A label that no one has ever given to anything is as implausible as can be.
    found = given[np.arange(len(rows)), at.fillna(0).astype(int)]
    return np.where(at.isna(), 0.0, found)


def outliers(clients: pd.Series[str], doubtful: pd.Series[bool], settings: Feedback) -> set[str]:
    """Return the clients that are doubtful far more often than the others together.

    The others' rate starts from `usual_doubt`, which speaks where there are few others, and is never
    taken for more: many that lie must not make it usual. Who is found no longer counts as another.
    While all who are left are together doubtful far more often than `usual_doubt`, the worst goes.
    """
    each = doubtful.groupby(clients).agg(["sum", "size"])
    bound, prior = settings.outlier_p / len(each), settings.usual_doubt * _PRIOR_ROWS
    found: set[str] = set()
    while True:
        left = each[~each.index.isin(found)]
        others = left.sum() - left
        usual = (others["sum"] + prior) / (others["size"] + _PRIOR_ROWS)
        chance = binom.sf(left["sum"] - 1, left["size"], usual.clip(upper=settings.usual_doubt))
        worse = set(left.index[chance < bound])
        if not worse:
            together = binom.sf(left["sum"].sum() - 1, left["size"].sum(), settings.usual_doubt)
            if left.empty or together >= settings.outlier_p:
                return found
            worse = {left.index[int(np.argmin(chance))]}
        found |= worse


def agreed(rows: Rows, agreement: float, trusted: Rows) -> Rows:
    """Return the rows with the label that at least `agreement` of the text's clients gave last.

    One client has one voice for all spellings of a text. Where the labeller has judged, that is it.
    """
    voices = rows.drop_duplicates(["client", "key"], keep="last")
    shares = voices.groupby("key")["label"].value_counts(normalize=True)
    best = shares[shares >= agreement].reset_index().set_index("key")["label"]
    best = pd.concat([best, trusted.drop_duplicates("key", keep="last").set_index("key")["label"]])
    best = best[~best.index.duplicated(keep="last")]
    return rows[rows["label"] == rows["key"].map(best)]


def latest(rows: Rows, by: list[str], most: int) -> Rows:
    """Return the latest `most` rows of each group; those without a day are of one day."""
    return rows.groupby(by, dropna=False).tail(most)


def shared(rows: Rows, largest: float, floor: int) -> Rows:
    """Return the rows of which no client gives more than the share `largest` or `floor` rows."""
    each = rows["client"].value_counts()
    most = int(each.max())
    while True:
        less = max(floor, int(largest * each.clip(upper=most).sum()))
        if less >= most:
            return latest(rows, ["client"], most)
        most = less
