"""Made-up analyses, predictions and feedback, and what is stored of them.

Knows how to make what a view would hand to the history without a model, and how to wait for what
happens in another thread or process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from pydantic import SecretStr
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from backend.analysis import analyse
from backend.history import History
from backend.labelling import Labelling
from backend.schemas import AnalyzeAnswer, AnalyzeRequest, ModelName, PredictAnswer
from backend.settings import Settings

PATIENCE_SECONDS = 60
MODEL = ModelName(name="made-up", family="none", version="1")


def labelled(texts: Sequence[str]) -> Labelling:
    """Return what a model would make of `texts` that finds everything rather positive."""
    row = [0.1, 0.2, 0.7]
    return Labelling(
        list(texts), [False] * len(texts), ["en"] * len(texts), np.array([row] * len(texts))
    )


def analysis(video: str, *texts: str, **of_video: str) -> tuple[AnalyzeRequest, AnalyzeAnswer]:
    """Return the request and the answer of an analysis of comments by one author each."""
    asked = AnalyzeRequest.model_validate(
        {
            "video": {"id": video} | of_video,
            "comments": [
                {
                    "id": f"c{n}",
                    "text": text,
                    "author": f"@author-{n}",
                    "likes": n,
                    "published_at": "2026-03-02T18:00:00Z",
                }
                for n, text in enumerate(texts)
            ],
        },
        context={"now": datetime.now(UTC)},
    )
    return asked, analyse(asked, labelled(texts), MODEL)


def predictions(*texts: str) -> tuple[list[str], PredictAnswer]:
    """Return comments and the answer that labels them."""
    found = labelled(texts).predictions([None] * len(texts))
    return list(texts), PredictAnswer(model=MODEL, predictions=found)


@contextmanager
def history(state: Path, url: URL | None = None, **settings: object) -> Iterator[History]:
    """Yield a history in `state`, in PostgreSQL if `url` is there, closed at the end."""
    elsewhere = url is not None and url.get_backend_name() == "postgresql"
    database = SecretStr(url.render_as_string(hide_password=False)) if elsewhere else None
    opened = History(Settings(state=state, database=database, **settings), state)
    try:
        yield opened
    finally:
        opened.close(10)


def until(holds: Callable[[], bool]) -> None:
    """Wait until it `holds`.

    Raises:
        AssertionError: it doesn't, in a minute.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def query(url: URL, statement: str) -> list[tuple[object, ...]]:
    """Return what the database at `url` answers to `statement`."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]
    finally:
        engine.dispose()


def texts(url: URL) -> list[str]:
    """Return the texts of all predictions that are stored, sorted."""
    return [str(row[0]) for row in query(url, "SELECT text FROM predictions ORDER BY text")]
