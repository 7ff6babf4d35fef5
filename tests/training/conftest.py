"""What the training tests share: comments that say what they are, a tiny BERT, a small bundle."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import joblib
import pandas as pd
import pytest
import torch
from transformers import BertConfig, BertModel, BertTokenizerFast

from backend.bundle import Bundle
from tests.training import made_up
from tests.training.made_up import FILLERS, WORDS
from training import export, features, train_logistic
from training.features import Vocabulary
from training.metrics import label_indices
from training.params import Params, read_params
from training.paths import MODELS
from training.stage import aside

ROOT = Path(__file__).parents[2]


def comments(rows: int, seed: int = 0) -> pd.DataFrame:
    """Return `rows` made-up comments, each by an author of its own."""
    table = pd.DataFrame(made_up.comments(rows, seed), columns=["text", "label"])
    return table.assign(group=[f"author {number}" for number in range(rows)], source="semeval")


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> None:
    """Keep torch from waiting for busy cores, which takes longer than these models do."""
    torch.set_num_threads(1)


@pytest.fixture
def s3(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run an S3 server with the bucket `lake`, and let the environment name it."""
    # Not at the top: most tests here need neither, and to import them takes seconds.
    import boto3
    from fsspec import get_filesystem_class
    from moto.server import ThreadedMotoServer

    # It would go on asking the server of the test before.
    get_filesystem_class("s3").clear_instance_cache()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "up")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    boto3.client("s3").create_bucket(Bucket="lake")
    yield
    server.stop()


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
        num_hidden_layers=1,
        num_attention_heads=4,
        intermediate_size=256,
        max_position_embeddings=64,
    )
    torch.manual_seed(0)  # what was drawn before depends on which tests run in this process
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


def fit_words(train: pd.DataFrame) -> None:
    """Keep a vectoriser that was fitted on `train`, where `featurise` keeps its own."""
    words = features.vectoriser(Vocabulary(ngrams=2, vocabulary=2000, min_frequency=1))
    words.fit(features.tokens_of(train["text"]))
    with aside(features.VECTORISER) as path:
        joblib.dump(words, path)


def features_of(kind: str, rows: pd.DataFrame) -> object:
    """Return the counts or the TF-IDF of `rows` by the vectoriser that is kept."""
    words = features.load_vectoriser()
    chosen = words if kind == "tfidf" else words["counts"]
    return chosen.transform(features.tokens_of(rows["text"]))


def keep(name: str, kind: str, classifier: object) -> None:
    """Keep a fitted classifier where `train_<name>` keeps its own."""
    with aside(MODELS / f"{name}.joblib") as path:
        joblib.dump({"features": kind, "classifier": classifier}, path)


def gate(params: Params) -> tuple[export.Card, export.Gate]:
    """Return what every export in the workplace starts from."""
    train, validation = prepared("train"), prepared("validation")
    return export.card_of(train), export.Gate.of(params, train, validation)


@pytest.fixture
def linear_bundle(workplace: Path, params: Params) -> Bundle:
    """Return the exported bundle of a logistic regression that was fitted in the workplace."""
    rows = prepared("train")
    fit_words(rows)
    classifier = train_logistic.build({"regularisation": 1.0}, 0)
    classifier.fit(features_of("tfidf", rows), label_indices(rows["label"]))
    keep("logistic", "tfidf", classifier)
    return export.export_classical("logistic", params, *gate(params))[0]
