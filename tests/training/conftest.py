"""What the training tests share: comments that say what they are, a tiny BERT, a small bundle."""

from __future__ import annotations

import random
from itertools import chain
from pathlib import Path

import joblib
import pandas as pd
import pytest
import torch
from transformers import BertConfig, BertModel, BertTokenizerFast

from backend.bundle import Bundle
from training import export, train_logistic
from training.params import Params, read_params

ROOT = Path(__file__).parents[2]

WORDS = {
    "negative": ["awful", "terrible", "boring", "hate", "worst"],
    "neutral": ["video", "minute", "camera", "today", "channel"],
    "positive": ["love", "great", "awesome", "beautiful", "best"],
}
FILLERS = ["the", "a", "this", "is", "so", "and", "it", "was"]


def comments(rows: int, seed: int = 0) -> pd.DataFrame:
    """Return `rows` made-up comments; a word of a label's own in each says which it has."""
    generator = random.Random(seed)
    table = []
    for number in range(rows):
        label = generator.choice(list(WORDS))
        words = [generator.choice(FILLERS) for _ in range(generator.randint(2, 12))]
        words.insert(generator.randint(0, len(words)), generator.choice(WORDS[label]))
        table.append((" ".join(words), label, f"author {number}"))
    return pd.DataFrame(table, columns=["text", "label", "group"]).assign(source="semeval")


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Keep torch from waiting for busy cores, which takes longer than these models do."""
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a checkpoint of the champion's family with fresh, small weights."""
    directory = tmp_path_factory.mktemp("tiny-bert")
    marks = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    alphabet = "abcdefghijklmnopqrstuvwxyz0123456789!?"
    pieces = [*alphabet, *(f"##{letter}" for letter in alphabet)]
    vocabulary = dict.fromkeys([*marks, *pieces, *FILLERS, *chain(*WORDS.values())])
    tokenizer = BertTokenizerFast(vocab={word: index for index, word in enumerate(vocabulary)})
    tokenizer.save_pretrained(directory)
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=256,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(directory)
    return directory


@pytest.fixture
def params(tiny_bert: Path) -> Params:
    """Return the declared parameters, but for one epoch of the tiny BERT."""
    declared = read_params(ROOT / "params.yaml")
    changed = declared.train_transformer.model_copy(update={"checkpoint": str(tiny_bert), "epochs": 1})
    return declared.model_copy(update={"train_transformer": changed})


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder with prepared data, below which every stage reads and writes."""
    monkeypatch.chdir(tmp_path)
    prepared = tmp_path / "data" / "prepared"
    prepared.mkdir(parents=True)
    comments(600).to_parquet(prepared / "train.parquet")
    comments(2500, seed=1).to_parquet(prepared / "validation.parquet")
    return tmp_path


def prepared(split: str) -> pd.DataFrame:
    """Return the rows of `split` in the workplace."""
    return pd.read_parquet(Path("data/prepared") / f"{split}.parquet")


@pytest.fixture
def linear_bundle(workplace: Path, params: Params) -> Bundle:
    """Return the exported bundle of a pipeline that was fitted in the workplace."""
    rows = prepared("train")
    pipeline = train_logistic.build(params.train_logistic, 0)
    pipeline.fit(train_logistic.tokens_of(rows["text"]), rows["label"])
    train_logistic.MODEL.parent.mkdir()
    joblib.dump(pipeline, train_logistic.MODEL)
    return export.export_logistic(params, rows, prepared("validation"))
