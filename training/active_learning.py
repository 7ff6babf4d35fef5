"""Active learning: of the comments that were labelled, those whose label would teach a model most.

Knows what the champion said of them, by the predictions that `undertone export` wrote, and what people
have judged already. Knows nothing of who will label.

A comment is worth more the less sure the champion is of it (the margin between its two likeliest
labels, Scheffer et al. 2001), and the less it is like those chosen before: again and again the comment
is taken for which doubt times distance to the nearest of them is greatest (farthest-first, as in Sener
& Savarese 2018). What is nearer than `least_distance` says the same once more and is never taken.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from tqdm import tqdm

from backend.bundle import LABELS
from training import feedback
from training.errors import StageError
from training.exported import exported, named_log
from training.features import Vocabulary, tokens_of, vectoriser
from training.params import ActiveLearning, read_params
from training.paths import PREPARED, TO_LABEL
from training.prepare import key_of
from training.stage import aside, run

_PROBABILITIES = list(LABELS)
_COLUMNS = ["analysed_at", "video_id", "comment_id", "text", "language", *_PROBABILITIES]
_WORDS = Vocabulary(ngrams=1, vocabulary=40_000, min_frequency=1)


class NothingToLabelError(StageError):
    """The log holds no comment whose label would be news."""


def read_predictions(log: str) -> pd.DataFrame:
    """Return what the champion said last of each text in `log`, with `_COLUMNS`; no text, no row.

    Raises:
        LogError: `log` can't be read.
    """
    with exported(log, "predictions") as found:
        parts = []
        for path in tqdm(found.paths, desc="predictions", unit="file"):
            with found.system.open(path) as file:
                parts.append(pd.read_parquet(file, columns=_COLUMNS).dropna(subset="text"))
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_COLUMNS)
    return rows.sort_values("analysed_at", kind="stable").drop_duplicates("text", keep="last")


def candidates(
    predictions: pd.DataFrame, known: Collection[str], settings: ActiveLearning
) -> pd.DataFrame:
    """Return the comments in languages to label whose `key` is not `known`, the most doubtful first.

    `doubt` is 1 less the margin, in [0, 1].
    """
    rows = predictions[predictions["language"].isin(settings.languages)]
    rows = rows.assign(key=[key_of(text) for text in tqdm(rows["text"], desc="keys", leave=False)])
    rows = rows[(rows["key"] != "") & ~rows["key"].isin(set(known))]
    ranked = np.sort(rows[_PROBABILITIES].to_numpy(dtype=np.float64), axis=1)
    rows = rows.assign(doubt=1 - (ranked[:, -1] - ranked[:, -2]))
    return rows.drop_duplicates("key", keep="last").sort_values(
        ["doubt", "key"], ascending=[False, True]
    )


def choose(
    rows: pd.DataFrame, most: int, least_distance: float
) -> tuple[list[int], npt.NDArray[np.float64]]:
    """Return the positions of up to `most` of `rows`, and each one's distance to those before it.

    A distance is 1 less the cosine of two texts' TF-IDF, so in [0, 1].
    """
    texts = vectoriser(_WORDS).fit_transform(tokens_of(rows["text"]))
    doubt = rows["doubt"].to_numpy()
    nearest = np.ones(len(rows))
    chosen: list[int] = []
    distances = []
    while len(chosen) < most:
        worth = np.where(nearest >= least_distance, doubt * nearest, -1.0)
        best = int(worth.argmax())
        if worth[best] < 0:
            break
        chosen.append(best)
        distances.append(nearest[best])
        likeness = (texts @ texts[best].T).toarray().ravel()
        nearest = np.minimum(nearest, 1 - likeness)
        nearest[best] = -1
    return chosen, np.array(distances)


def described(rows: pd.DataFrame, distances: npt.NDArray[np.float64]) -> Iterator[dict[str, object]]:
    """Yield each of `rows` as a labeller gets it: text, probabilities, and why it was chosen."""
    for row, distance in zip(rows.to_dict("records"), distances, strict=True):
        likely = sorted(_PROBABILITIES, key=lambda label: row[label], reverse=True)[:2]
        first, second = (f"{label} {row[label]:.2f}" for label in likely)
        like = f"{distance:.2f} from the nearest before" if distance < 1 else "like none before"
        yield {
            "text": row["text"],
            "comment_id": row["comment_id"] or None,
            "video_id": row["video_id"] or None,
            "language": row["language"],
            "probabilities": {label: round(float(row[label]), 4) for label in LABELS},
            "why": f"{first} or {second}; {like}",
        }


def known_keys(corrections: Path) -> set[str]:
    """Return the keys of what is in the training data and of what people judged since."""
    judged = {key_of(text) for text in feedback.read(corrections)["text"]}
    learned = (pd.read_parquet(path, columns=["key"])["key"] for path in PREPARED.glob("*.parquet"))
    return judged.union(*learned)


def _count(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than one")
    return number


def main() -> None:
    """Write the comments to label as JSON lines."""
    params = read_params()
    settings = params.active_learning
    parser = argparse.ArgumentParser(prog="python -m training.active_learning", description=__doc__)
    parser.add_argument("--most", type=_count, default=settings.most, help="how many (%(default)s)")
    parser.add_argument("--into", type=Path, default=TO_LABEL, help="the file to write (%(default)s)")
    words = parser.parse_args()
    log = named_log()
    rows = candidates(read_predictions(log), known_keys(params.ingest.feedback), settings)
    if rows.empty:
        raise NothingToLabelError(
            f"{log} holds no comment in {', '.join(settings.languages)} that nobody has judged yet"
        )
    rows = rows.head(settings.pool * words.most)
    chosen, distances = choose(rows, words.most, settings.least_distance)
    with aside(words.into) as path, path.open("w", encoding="utf-8") as file:
        for line in described(rows.iloc[chosen], distances):
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    tqdm.write(f"{len(chosen)} comments to label are in {words.into}")


if __name__ == "__main__":
    run(main)
