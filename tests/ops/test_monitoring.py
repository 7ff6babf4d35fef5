"""What is measured of the servers, and when somebody is told, by a real Prometheus."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from backend.tokens import Tokens
from tests.backend.client import Client
from tests.backend.load import until
from tests.ops.programs import ROOT
from tests.pushgateway import MISSING, PROGRAM, running_pushgateway
from tests.server import free_port, running_backend
from training.drift.comparison import Comparison
from training.drift.corrections import quality
from training.drift.log import Window
from training.drift.report import Findings, push
from training.params import read_params

DOCKER = ROOT / "docker"
RULES = DOCKER / "prometheus" / "rules" / "undertone.yaml"
DASHBOARDS = sorted((DOCKER / "grafana" / "dashboards").glob("*.json"))
CASES = Path(__file__).with_name("rules.yaml")
# What counts something that these servers never did: there is no Redis, no registry, no wrong model.
NEVER = {"undertone_lacks"}

pytestmark = [
    pytest.mark.skipif(
        not shutil.which("promtool"), reason="Prometheus is missing: apt-get install prometheus"
    ),
    pytest.mark.skipif(PROGRAM is None, reason=MISSING),
]

# What the look for drift found, as it hands it over.
FOUND = Findings(
    model="a model",
    window=Window.until(date(2026, 11, 25), 7),
    against="the comments before",
    checked_at=datetime.now(UTC),
    comments=500,
    others=0,
    comparisons=(Comparison("length", 0.05, 0.01, 0.2, 0.8, False, ()),),
    quality=quality(pd.DataFrame({"label": ["neutral"], "predicted": ["positive"]}), 500),
    settings=read_params(ROOT / "params.yaml").drift,
)


def alerts() -> list[dict[str, Any]]:
    """Return every rule that alerts."""
    groups = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def queries() -> dict[str, str]:
    """Return what the panels ask, by title and letter."""
    return {
        f"{panel['title']} {target['refId']}": target["expr"]
        for path in DASHBOARDS
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]
        for target in panel.get("targets", [])
    }


@pytest.fixture(scope="module")
def prometheus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield a Prometheus that has the compose file's settings, a real server and a Pushgateway."""
    folder = tmp_path_factory.mktemp("prometheus")
    _, token = Tokens(folder).create("prometheus", ["admin"])
    (folder / "token").write_text(token, encoding="utf-8")
    settings = yaml.safe_load((DOCKER / "prometheus" / "prometheus.yml").read_text(encoding="utf-8"))
    jobs = {each["job_name"]: each for each in settings["scrape_configs"]}
    job, drift = jobs["undertone"], jobs["drift"]
    with (
        running_backend(require_token="true", state=str(folder)) as address,
        running_pushgateway() as gateway,
    ):
        push(FOUND, gateway)
        drift |= {"scrape_interval": "1s", "static_configs": [{"targets": [gateway]}]}
        headers = {"Authorization": f"Bearer {Tokens(folder).create('ada', ['read'])[1]}"}
        client = Client(address)
        job |= {"authorization": {"credentials_file": str(folder / "token")}, "scrape_interval": "1s"}
        job["static_configs"] = [{"targets": [urllib.parse.urlsplit(address).netloc]}]
        del job["dns_sd_configs"]
        rules = [str(DOCKER / "prometheus" / name) for name in settings["rule_files"]]
        settings |= {"scrape_configs": [job, drift], "rule_files": rules}
        config = folder / "prometheus.yml"
        config.write_text(yaml.safe_dump(settings), encoding="utf-8")
        subprocess.run(["promtool", "check", "config", str(config)], check=True, capture_output=True)
        own = f"127.0.0.1:{free_port()}"
        with subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder / 'data'}",
             f"--web.listen-address={own}"],
            stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            try:
                for number in range(8):
                    comments = [
                        {"id": "1", "text": f"I love it {number}"},
                        {"id": "2", "text": "Awful"},
                    ]
                    client.post("/v1/predict", {"comments": comments}, headers)
                    client.post("/v1/predict", {"comments": "none"}, headers)
                    found = scraped(own)
                    until(lambda: scraped(own) > found, "Prometheus looks again")  # noqa: B023
                yield own
            finally:
                process.terminate()


def ask(prometheus: str, query: str) -> list[Any]:
    """Return what `query` finds now."""
    words = urllib.parse.urlencode({"query": query})
    with urllib.request.urlopen(f"http://{prometheus}/api/v1/query?{words}", timeout=30) as answer:
        found: list[Any] = json.load(answer)["data"]["result"]
    return found


def scraped(prometheus: str) -> float:
    """Return how often Prometheus has asked the server and been answered."""
    try:
        found = ask(prometheus, 'count_over_time(up{job="undertone"}[1h])')
    except OSError:
        return 0
    return float(found[0]["value"][1]) if found else 0


def test_every_alert_fires_when_it_should_and_not_otherwise(tmp_path: Path) -> None:
    cases = tmp_path / "rules.yaml"
    cases.write_text(CASES.read_text(encoding="utf-8").replace("{rules}", str(RULES)), encoding="utf-8")

    done = subprocess.run(
        ["promtool", "test", "rules", str(cases)], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    named = {
        (case["alertname"], bool(case.get("exp_alerts")))
        for test in yaml.safe_load(cases.read_text(encoding="utf-8"))["tests"]
        for case in test["alert_rule_test"]
    }
    assert named == {(rule["alert"], fires) for rule in alerts() for fires in (True, False)}


def test_every_alert_is_explained_and_nothing_else_is() -> None:
    page = (ROOT / "docs" / "alerts.md").read_text(encoding="utf-8")
    explained = dict(re.findall(r"^## (\w+)\n\*(page|ticket)\*", page, re.MULTILINE))

    assert explained == {rule["alert"]: rule["labels"]["severity"] for rule in alerts()}


def test_what_rules_and_dashboards_ask_for_is_measured(prometheus: str) -> None:
    asked = set(re.findall(r"undertone_\w+", RULES.read_text(encoding="utf-8")))
    asked |= {name for query in queries().values() for name in re.findall(r"undertone_\w+", query)}

    missing = {name for name in asked if not ask(prometheus, name)}

    assert missing <= NEVER


def test_no_alert_fires_for_a_server_that_is_well(prometheus: str) -> None:
    assert [found["metric"] for found in ask(prometheus, 'ALERTS{alertstate="firing"}')] == []
    assert ask(prometheus, "up == 1")


@pytest.mark.parametrize("panel", queries())
def test_a_panel_shows_something(prometheus: str, panel: str) -> None:
    query = queries()[panel].replace("$__rate_interval", "1m")

    until(lambda: ask(prometheus, query), f"{query} finds something")

    assert all(found["value"][1] != "NaN" for found in ask(prometheus, query))


def test_dashboards_ask_the_source_that_is_provisioned() -> None:
    folder = DOCKER / "grafana" / "provisioning"
    sources = yaml.safe_load((folder / "datasources" / "prometheus.yaml").read_text(encoding="utf-8"))
    (source,) = sources["datasources"]
    for path in DASHBOARDS:
        used = set(re.findall(r'"uid": "(\w+)"', path.read_text(encoding="utf-8")))
        assert used == {source["uid"], path.stem}
