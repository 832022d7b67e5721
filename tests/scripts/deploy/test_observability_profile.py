"""The profile `observability` of docker-compose.yml as data: who reads whom, from which file."""

import json
import re
import shutil
import subprocess
from typing import Any

import yaml

from scripts.embedded.process import PROJECT

WATCHING = ("prometheus", "grafana", "loki", "logs")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"]


def mounts(service: str) -> dict[str, str]:
    """The files of this folder that a service is given, by their place in it."""
    pairs = [volume.split(":")[:2] for volume in SERVICES[service]["volumes"]]
    return {target: source.removeprefix("./") for source, target in pairs if source.startswith("./")}


def read(service: str, place: str) -> Any:
    """A file of YAML as the service finds it."""
    for target, source in mounts(service).items():
        if place == target or place.startswith(f"{target}/"):
            return yaml.safe_load((PROJECT / (source + place.removeprefix(target))).read_text())
    raise AssertionError(f"{service} is not given {place}")


def pages() -> dict[str, set[str]]:
    """What each job of Prometheus reads, as service:port."""
    found: dict[str, set[str]] = {}
    for job in read("prometheus", "/etc/prometheus/prometheus.yml")["scrape_configs"]:
        named = {target for entry in job.get("static_configs", []) for target in entry["targets"]}
        asked = {
            f"{name}:{entry['port']}" for entry in job.get("dns_sd_configs", []) for name in entry["names"]
        }
        found[job["job_name"]] = named | asked
    return found


def test_all_files_that_are_given_are_there_and_asked_for() -> None:
    for service in WATCHING:
        assert all((PROJECT / source).exists() for source in mounts(service).values())
    for service in ("prometheus", "loki", "logs"):
        (asked,) = re.findall(r"(/\S+\.ya?ml)", " ".join(SERVICES[service]["command"]))
        assert read(service, asked)
    for rules in read("prometheus", "/etc/prometheus/prometheus.yml")["rule_files"]:
        assert read("prometheus", f"/etc/prometheus/{rules}")["groups"]


def test_prometheus_reads_every_page_that_is_offered_and_shows_the_token() -> None:
    first = int(re.sub(r"\D", "", SERVICES["worker-a"]["environment"]["METRICS_PORT"].split(":-")[1]))
    workers = {f"{name}:{first + process}" for name in ("worker-a", "worker-b") for process in range(3)}
    apis = {f"{name}:{SERVICES[name]['environment']['API_PORT']}" for name in ("api-a", "api-b")}
    jobs = read("prometheus", "/etc/prometheus/prometheus.yml")["scrape_configs"]

    assert set().union(*pages().values()) == workers | apis
    assert all("watch" in SERVICES[page.split(":")[0]]["networks"] for page in workers | apis)
    for job in jobs:
        assert job["authorization"] == {"credentials_file": "/run/secrets/metrics_token"}
    assert "metrics_token" in SERVICES["prometheus"]["secrets"]


def test_no_alert_misses_pages_that_a_host_with_one_worker_process_lacks() -> None:
    rules = read("prometheus", "/etc/prometheus/rules.yml")["groups"]
    (down,) = [rule for group in rules for rule in group["rules"] if rule["alert"] == "ComptoirDown"]
    (wanted,) = re.findall(r'job=~"(.+?)"', down["expr"])
    missed = {page for job, some in pages().items() if re.fullmatch(wanted, job) for page in some}

    assert missed == {"api-a:8000", "api-b:8000", "worker-a:9101", "worker-b:9101"}


def test_prometheus_itself_takes_its_file_where_it_is_installed() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:  # Debian's package `prometheus` has it; the tests above read the file anyway
        assert pages()
        return
    file = PROJECT / mounts("prometheus")["/etc/prometheus/prometheus.yml"]
    command = [promtool, "check", "config", "--syntax-only", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_grafana_finds_its_sources_and_its_dashboard() -> None:
    sources = read("grafana", "/etc/grafana/provisioning/datasources/shop.yml")
    (provider,) = read("grafana", "/etc/grafana/provisioning/dashboards/shop.yml")["providers"]
    folder = provider["options"]["path"]
    boards = [source for target, source in mounts("grafana").items() if target.startswith(f"{folder}/")]

    assert sources["apiVersion"] == 1
    by_type = {source["type"]: source["url"] for source in sources["datasources"]}
    loki = read("loki", "/etc/loki/config.yml")["server"]["http_listen_port"]
    assert by_type == {"prometheus": "http://prometheus:9090", "loki": f"http://loki:{loki}"}
    assert [source["type"] for source in sources["datasources"] if source.get("isDefault")] == ["prometheus"]
    (dashboard,) = [json.loads((PROJECT / board).read_text()) for board in boards]
    # Panels ask the source that is chosen above them, which is the default at first.
    (chosen,) = dashboard["templating"]["list"]
    assert (chosen["type"], chosen["query"]) == ("datasource", "prometheus")
    panels = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
    assert {panel["datasource"]["uid"] for panel in panels} == {f"${{{chosen['name']}}}"}


def test_the_log_of_every_container_reaches_loki_without_a_way_to_docker() -> None:
    pipeline = read("logs", "/fluent-bit/etc/fluent-bit.yaml")["pipeline"]
    (files,), (output,) = pipeline["inputs"], pipeline["outputs"]
    folder = files["path"].split("/*")[0]

    assert f"{folder}:{folder}:ro" in SERVICES["logs"]["volumes"]
    assert all(service["logging"]["driver"] == "json-file" for service in SERVICES.values())
    assert files["path"].endswith("-json.log")
    assert output["host"] == "loki"
    assert output["port"] == read("loki", "/etc/loki/config.yml")["server"]["http_listen_port"]
    assert files["db"].startswith("/state/")
    assert "logs:/state" in SERVICES["logs"]["volumes"]
