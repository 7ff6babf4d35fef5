from __future__ import annotations

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from backend.schemas import AnalyzeAnswer, PredictAnswer
from tests.backend.client import Client


def test_the_contract_is_openapi_3_1(client: Client) -> None:
    document = client.get("/openapi.json").json

    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_every_route_of_the_contract_is_there(client: Client) -> None:
    paths = client.get("/openapi.json").json["paths"]

    charts = {f"/v1/charts/{c}.{f}" for c in ("counts", "trend", "wordcloud") for f in ("png", "svg")}
    assert {"/v1/predict", "/v1/analyze", "/v1/model", "/health/live", "/health/ready"} <= set(paths)
    assert charts | {"/predict", "/predict_with_timestamps"} <= set(paths)
    assert {"/generate_chart", "/generate_wordcloud", "/generate_trend_graph"} <= set(paths)
    for path, methods in paths.items():
        for method in methods:
            answer = client.send(method.upper(), path, None, {})
            # A route of things may not have this one, and says so in its own words.
            unknown = answer.status == 404 and answer.json["type"] != "about:blank"
            assert unknown or answer.status not in (404, 405)


def test_every_schema_has_a_name_of_its_own(client: Client) -> None:
    names = client.get("/openapi.json").json["components"]["schemas"]

    assert not [name for name in names if "__" in name], "two models are called the same"


def test_every_example_of_the_contract_is_answered(client: Client) -> None:
    paths = client.get("/openapi.json").json["paths"]

    for path, methods in paths.items():
        for method, operation in methods.items():
            if content := operation.get("requestBody", {}).get("content"):
                answer = client.post(path, content["application/json"]["example"])
                assert method == "post"
                assert 200 <= answer.status < 300, (path, answer.body[:300])


def test_answers_are_as_declared(client: Client) -> None:
    comments = [{"id": "a", "text": "I love it", "published_at": "2026-01-01T00:00:00Z"}]

    predicted = client.post("/v1/predict", {"comments": ["I love it"]}).body
    analysed = client.post("/v1/analyze", {"video": {"id": "v"}, "comments": comments}).body

    PredictAnswer.model_validate_json(predicted)
    AnalyzeAnswer.model_validate_json(analysed)


def test_the_documentation_needs_no_internet(client: Client) -> None:
    page = client.get("/docs")
    text = page.body.decode()

    assert page.media_type == "text/html"
    assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//", text)
    for asset in re.findall(r"(?:src|href)=[\"']?([^\"' >]+)", text):
        assert client.get(asset if asset.startswith("/") else f"/docs/{asset}").status == 200, asset


@pytest.mark.parametrize(
    "path", ["/docs/../settings.py", "/docs/%2e%2e/settings.py", "/docs//etc/passwd"]
)
def test_no_other_file_is_served(client: Client, path: str) -> None:
    assert client.get(path).status in (308, 404)


def test_the_model_s_card_is_served(client: Client) -> None:
    card = client.get("/v1/model").json

    assert card["labels"] == ["negative", "neutral", "positive"]
    assert card["metrics"]["semeval"]["all"]["macro_recall"]["value"] >= 0.69
    assert {"model.onnx", "tokenizer.json", "model_card.md"} == set(card["files"])


def test_health_tells_a_live_process_from_a_ready_model(client: Client) -> None:
    assert client.get("/health/live").json == {"status": "live"}
    assert client.get("/health/ready").json["status"] == "ready"
