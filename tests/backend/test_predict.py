from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.bundle import Bundle
from backend.classifier import Classifier
from tests.backend.client import Client

TEXTS = ["I love this, best video ever!", "This is terrible, worst video ever", "part two is on Friday"]


def test_predictions_come_in_the_order_given(client: Client) -> None:
    answer = client.post("/v1/predict", {"comments": TEXTS})

    assert answer.status == 200
    labels = [prediction["label"] for prediction in answer.json["predictions"]]
    assert labels == ["positive", "negative", "neutral"]


def test_strings_and_objects_may_be_mixed_and_ids_come_back(client: Client) -> None:
    comments = [TEXTS[0], {"id": "b", "text": TEXTS[1]}]

    first, second = client.post("/v1/predict", {"comments": comments}).json["predictions"]

    assert "id" not in first
    assert second["id"] == "b"
    assert second["label"] == "negative"


def test_what_is_served_is_what_the_champion_says(client: Client, champion: Bundle) -> None:
    expected = Classifier(champion).probabilities(TEXTS)

    for prediction, row in zip(
        client.post("/v1/predict", {"comments": TEXTS}).json["predictions"], expected, strict=True
    ):
        assert list(prediction["probabilities"].values()) == pytest.approx(row.tolist(), abs=1e-4)
        assert prediction["score"] == pytest.approx(row[2] - row[0], abs=1e-4)
        assert (prediction["language"], prediction["truncated"]) == ("en", False)


def test_a_comment_is_labelled_the_same_alone_and_among_others(client: Client) -> None:
    alone = client.post("/v1/predict", {"comments": TEXTS[:1]}).json["predictions"][0]
    others = [f"{word} comment number {n}" for n, word in enumerate(["good", "bad", "long"] * 30)]

    among = client.post("/v1/predict", {"comments": [*others, TEXTS[0]]}).json["predictions"][-1]

    assert among["probabilities"] == pytest.approx(alone["probabilities"], abs=1e-4)


def test_twenty_at_once_get_what_one_after_another_get(client: Client) -> None:
    requests = [{"comments": [f"{text} {n}" for text in TEXTS]} for n in range(20)]
    one_by_one = [client.post("/v1/predict", request).json["predictions"] for request in requests]

    with ThreadPoolExecutor(20) as pool:
        at_once = list(pool.map(lambda request: client.post("/v1/predict", request), requests))

    assert [answer.json["predictions"] for answer in at_once] == one_by_one


def test_other_languages_are_named(client: Client) -> None:
    texts = ["Das ist wirklich ein sehr schönes Video", "यह वीडियो बहुत अच्छा है मुझे पसंद आया", "ok"]

    found = client.post("/v1/predict", {"comments": texts}).json["predictions"]

    assert [prediction["language"] for prediction in found] == ["de", "hi", "und"]
