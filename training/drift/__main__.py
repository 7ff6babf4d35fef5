"""Drift, as a command: `python -m training.drift`.

Knows its words and what its exit status means: 0 no drift, 3 drift, 1 it couldn't be told, 2 the
command is wrong. Reads TRAINING_LOG, where `undertone export` writes, and pushes to
TRAINING_PUSHGATEWAY if that is set.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from botocore.exceptions import BotoCoreError, ClientError
from fsspec.core import url_to_fs
from tqdm import tqdm

from backend.bundle import LABELS, Bundle, read_bundle
from training.drift import DriftError
from training.drift.comparison import compare
from training.drift.corrections import quality
from training.drift.log import Log, Window, sampled
from training.drift.quantities import Comments, Histograms, look, reference_of
from training.drift.report import Findings, push, write
from training.drift.states import COMPONENTS, states_of
from training.exported import named_log
from training.params import Drift, read_params
from training.paths import CHAMPION
from training.stage import run

DRIFT = 3


def find(
    log: Log,
    bundle: Bundle,
    window: Window,
    settings: Drift,
    *,
    seed: int = 0,
    baseline: int = 0,
) -> Findings:
    """Compare `window` of `log` with the card of `bundle`, or with the `baseline` days before.

    Raises:
        DriftError: there are too few comments, or the card has no reference.
        LogError: the log can't be read.
    """
    card = bundle.card
    if not baseline and "vocabulary" not in card.reference:
        raise DriftError(f"{bundle.directory} was made without what drift is measured against")
    everything = log.predictions(window)
    comments, labelled = _comments(everything, bundle, settings, seed)
    reference: Histograms
    if baseline:
        earlier = window.before(baseline)
        before, _ = _comments(log.predictions(earlier), bundle, settings, seed)
        reference, against = reference_of(before), f"{len(before):,} comments from {earlier}"
    else:
        reference = card.reference
        against = f"the {sum(reference['label'].counts):,} comments it was chosen by"
    return Findings(
        model=f"{card.name} {card.version}",
        window=window,
        against=against,
        checked_at=datetime.now(UTC),
        comments=len(comments),
        others=len(everything) - labelled,
        comparisons=tuple(compare(reference, look(comments, _bins(reference)), settings)),
        quality=quality(log.corrections(window), len(everything)),
        settings=settings,
    )


def _bins(reference: Histograms) -> dict[str, tuple[str, ...]]:
    return {name: histogram.bins for name, histogram in reference.items()}


def _comments(rows: pd.DataFrame, bundle: Bundle, settings: Drift, seed: int) -> tuple[Comments, int]:
    """Return a sample of what the model of `bundle` labelled, and how many it labelled."""
    card = bundle.card
    own = rows[(rows["model_name"] == card.name) & (rows["model_version"] == card.version)]
    if len(own) < settings.least_comments:
        raise DriftError(
            f"{len(own)} comments were labelled by {card.name} {card.version} in this time, "
            f"{settings.least_comments} are needed"
        )
    some = sampled(own, settings, seed)
    texts = [text if isinstance(text, str) else None for text in some["text"]]
    known = [row for row, text in enumerate(texts) if text is not None]
    asked = np.random.default_rng(seed).permutation(known)[: settings.most_states].astype(int)
    found = states_of(bundle, [texts[row] or "" for row in asked])
    states = None
    if found is not None:
        states = np.full((len(some), COMPONENTS), np.nan)
        states[asked] = found
    probabilities = some[list(LABELS)].to_numpy(dtype=np.float64)
    return Comments.of(texts, probabilities, some["language"].tolist(), states), len(own)


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{words!r} is no date like 2026-11-25") from error


def _days(words: str, least: int = 1) -> int:
    if not words.isdecimal() or not least <= int(words) <= 3650:
        raise argparse.ArgumentTypeError(f"{words!r} is no number of days from {least} to 3650")
    return int(words)


def _parser(settings: Drift) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.drift",
        description="Compare what was asked lately with what the champion was made with.",
        epilog="Ends with 0 for no drift, 3 for drift, 1 where it can't be told.",
    )
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    parser.add_argument(
        "--days", type=_days, default=settings.days, help="how long the window is (%(default)s)"
    )
    parser.add_argument("--until", type=_day, default=yesterday, help="its last day (yesterday, UTC)")
    parser.add_argument(
        "--baseline",
        type=partial(_days, least=0),
        default=0,
        metavar="DAYS",
        help="compare with so many days before the window; 0: with what the bundle holds (%(default)s)",
    )
    parser.add_argument(
        "--bundle",
        default=str(CHAMPION),
        help="a folder, s3://BUCKET/FOLDER, or models:/NAME@ALIAS of MLflow (%(default)s)",
    )
    parser.add_argument(
        "--report", type=Path, default=Path("reports/drift"), help="a folder (%(default)s)"
    )
    return parser


def _read(bundle: str, into: Path) -> Bundle:
    """Return the bundle that the servers' UNDERTONE_BUNDLE names so, fetched to `into` if need be."""
    if "://" not in bundle and not bundle.startswith("models:/"):
        return read_bundle(Path(bundle))
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    try:
        if bundle.startswith("models:/"):
            return read_bundle(Path(download_artifacts(bundle, dst_path=str(into))))
        files, root = url_to_fs(bundle.rstrip("/"))
        for path in files.ls(root, detail=False):
            files.get_file(path, str(into / Path(path).name))
        return read_bundle(into)
    except (MlflowException, OSError, ValueError, BotoCoreError, ClientError) as error:
        raise DriftError(f"{bundle} can't be had: {error}") from error


def main() -> None:
    """Look for drift, write the report, exit with what was found."""
    params = read_params()
    asked = _parser(params.drift).parse_args()
    log = Log(named_log())
    with tempfile.TemporaryDirectory() as folder:
        findings = find(
            log,
            _read(asked.bundle, Path(folder)),
            Window.until(asked.until, asked.days),
            params.drift,
            seed=params.seed,
            baseline=asked.baseline,
        )
    write(findings, asked.report)
    if gateway := os.environ.get("TRAINING_PUSHGATEWAY"):
        push(findings, gateway)
    drifted = ", ".join(findings.drifted)
    tqdm.write(f"{f'drift of {drifted}' if drifted else 'no drift'}: {asked.report / 'drift.html'}")
    if drifted:
        sys.exit(DRIFT)


if __name__ == "__main__":
    run(main)
