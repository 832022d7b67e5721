"""Alert rules and dashboard: every figure they ask for is one that our processes really offer."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import promql_parser
import pytest
import yaml
from prometheus_client.core import Metric
from sqlmodel import Session

from core.kit.db import PoolUse
from core.monitoring.bot_beat import beat
from core.monitoring.metrics import (
    Host,
    disk_families,
    http_families,
    pool_families,
    process_families,
    shop_families,
)
from schemas.operations import Backup
from tests.support.make import NOW
from workers.metrics import PrometheusMeter

FOLDER = Path(__file__).parents[1] / "docs/observability"
RULES = yaml.safe_load((FOLDER / "rules.yml").read_text())
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
DASHBOARD = json.loads((FOLDER / "dashboard.json").read_text())
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
EXPRESSIONS = [rule["expr"] for rule in ALERTS]
EXPRESSIONS += [target["expr"] for panel in PANELS for target in panel["targets"]]
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def series_of(family: Metric) -> dict[str, set[str]]:
    """The names that Prometheus stores a family under, each with the labels that it has here."""
    labels = {label for sample in family.samples for label in sample.labels} - {"le"}
    return {f"{family.name}{suffix}": labels for suffix in SUFFIXES[family.type]}


@pytest.fixture
def offered(session: Session) -> dict[str, set[str]]:
    """All series of API and workers, each with its labels, once everything has happened once."""
    session.add(Backup(name="backup/1", state="stored", revision="0001", ended_at=NOW))
    beat(session, started_at=NOW, served=2, failed=1, memory=3, now=NOW)
    session.flush()
    meter = PrometheusMeter()
    meter.job("deliver", "done", 0.1)
    meter.answer("presign", 0.1)
    meter.store("GET", 200, 1, 1)
    requests = [(["/p", "2xx"], [("1.0", 1.0), ("+Inf", 1.0)], 0.5)]
    families = [*shop_families(session, now=NOW), *process_families(database=True, requests=requests)]
    families += [*http_families(1, 2), *pool_families({"sessions": PoolUse(1, 2)})]
    families += disk_families(Path("/"))
    families += [*meter.registry.collect(), *Host().collect()]
    series = {"up": set[str]()}
    for family in families:
        series |= series_of(family)
    return series


def selectors(node: Any) -> list[Any]:
    """The selectors in a parsed expression."""
    if isinstance(node, promql_parser.VectorSelector):
        return [node]
    below = [getattr(node, name, None) for name in ("lhs", "rhs", "expr", "vector_selector")]
    below += getattr(node, "args", None) or []
    return [found for child in below if child is not None for found in selectors(child)]


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_an_expression_asks_only_for_what_is_offered(expression: str, offered: dict[str, set[str]]) -> None:
    asked = selectors(promql_parser.parse(expression))
    assert asked
    for selector in asked:
        assert selector.name in offered
        matched = {matcher.name for matcher in selector.matchers.matchers}
        assert matched <= offered[selector.name] | {"job", "instance"}


def test_every_figure_is_drawn_or_watched(offered: dict[str, set[str]]) -> None:
    asked = {one.name for expression in EXPRESSIONS for one in selectors(promql_parser.parse(expression))}
    # One of the three series of a histogram is enough.
    families = {re.sub("_(bucket|sum|count)$", "", name) for name in asked}
    ours = {re.sub("_(bucket|sum|count)$", "", name) for name in offered if name.startswith("comptoir_")}
    assert ours - families == set()


def test_everything_that_must_wake_somebody_has_an_alert() -> None:
    names = {rule["alert"] for rule in ALERTS}
    wanted = ("HostMemory", "DeadJobs", "OldestJob", "Undelivered", "FloodWaits", "NoWorker", "Down")
    assert {f"Comptoir{name}" for name in (*wanted, "WebhookFailures")} <= names
    assert len(names) == len(ALERTS)
    memory = next(rule for rule in ALERTS if rule["alert"] == "ComptoirHostMemory")
    assert memory["expr"].endswith("> 0.8")


@pytest.mark.parametrize("rule", ALERTS, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_what_happened_what_to_do_and_whom_it_wakes(rule: dict[str, Any]) -> None:
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    assert rule["annotations"]["action"]


def test_alertmanager_has_a_way_for_every_severity() -> None:
    config = yaml.safe_load((FOLDER / "alertmanager.yml").read_text())
    receivers = {receiver["name"]: receiver for receiver in config["receivers"]}
    routes = config["route"]["routes"]
    assert {route["receiver"] for route in routes} <= set(receivers)
    assert {severity for rule in ALERTS for severity in [rule["labels"]["severity"]]} == {"page", "ticket"}
    assert any('severity="page"' in route["matchers"] for route in routes)
    assert "slack_configs" in receivers["slack"]
    assert "pagerduty_configs" in receivers["pagerduty"]


def test_panels_have_their_own_place_and_number() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    places = [panel["gridPos"] for panel in panels]
    cells = [
        (place["x"] + x, place["y"] + y)
        for place in places
        for x in range(place["w"])
        for y in range(place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


@pytest.mark.parametrize("arguments", [["check", "rules", "rules.yml"], ["test", "rules", "rules_test.yml"]])
def test_prometheus_itself_takes_the_rules_where_it_is_installed(arguments: list[str]) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:  # Debian's package `prometheus` has it; the parser above reads the rules anyway
        for expression in EXPRESSIONS:
            promql_parser.parse(expression)
        return
    done = subprocess.run([promtool, *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
