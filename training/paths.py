"""Paths: where the stages leave what the next ones read, below the folder they are run in.

Knows the names of `data`. Knows nothing of what the files hold.
"""

from __future__ import annotations

from pathlib import Path

RAW = Path("data/raw")
FEEDBACK = RAW / "feedback.parquet"
YOUTUBE = RAW / "youtube_api"
PREPARED = Path("data/prepared")
TO_LABEL = Path("data/to_label.jsonl")
TUNED = Path("data/tuned")
FEATURES = Path("data/features")
MODELS = Path("models")
REPORTS = Path("reports")
CHAMPION = Path("backend/champion")
