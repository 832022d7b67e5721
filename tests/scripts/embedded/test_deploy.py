"""docker-compose.yml read as data: no Docker is needed to know who receives what."""

import re
from typing import Any

import pytest
import yaml

from core.monitoring.alerts import NEARLY_FULL
from core.process.setting_fields import Role
from core.process.settings import Settings
from core.uploads.room import RESERVE, TAKES_NOTHING
from scripts.embedded.process import PROJECT
from tests.support.role_settings import REPORTS, database_addresses, passed_to, secret_settings

ROLES: dict[str, Role] = {
    "api-a": "api",
    "api-b": "api",
    "bot": "bot",
    "worker-a": "workers",
    "worker-b": "workers",
    "cli": "cli",
}
EXAMPLE = {
    "SHOP_DOMAIN": "shop.example",
    "STORE_DOMAIN": "files.example",
    "BOT_USERNAME": "shop_bot",
    "TELEGRAM_API_ID": "1",
}
SERVING = ("api-a", "api-b", "bot", "worker-a", "worker-b")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    """The services with merge keys resolved."""
    return dict(yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["services"])


def interpolate(text: str) -> str:
    """`${NAME:-default}` and `${NAME:?reason}` as compose reads them with only EXAMPLE set."""

    def value(match: re.Match[str]) -> str:
        name, kind, word = match.groups()
        if kind == "?":
            return EXAMPLE[name]
        return EXAMPLE.get(name, word)

    return re.sub(r"\$\{([A-Z0-9_]+):([-?])([^}]*)\}", value, text)


def names_of(service: dict[str, Any]) -> set[str]:
    """The settings that a service receives, by environment or by file."""
    return {name.removesuffix("_FILE") for name in service["environment"]}


@pytest.mark.parametrize(("service", "role"), ROLES.items())
def test_a_service_receives_the_settings_of_its_role_and_can_start_with_them(
    services: dict[str, Any], service: str, role: Role
) -> None:
    environment = {name: interpolate(text) for name, text in services[service]["environment"].items()}
    files = {name for name in environment if name.endswith("_FILE")}
    plain = {name: text for name, text in environment.items() if name not in files}
    by_file = {name.removesuffix("_FILE"): "postgresql://db/shop" for name in files if "DATABASE" in name}

    assert names_of(services[service]) == passed_to(role)
    assert Settings.from_environment(plain | by_file).env == "production"


@pytest.mark.parametrize("service", [*ROLES, "migrate"])
def test_what_is_secret_comes_as_a_file_of_the_service(services: dict[str, Any], service: str) -> None:
    secret = secret_settings()
    files = {name: text for name, text in services[service]["environment"].items() if name.endswith("_FILE")}

    assert not (secret - {"REDIS_URL"}) & services[service]["environment"].keys()
    assert set(files.values()) == {f"/run/secrets/{name}" for name in services[service]["secrets"]}
    assert all(text == f"/run/secrets/{name.removesuffix('_FILE').lower()}" for name, text in files.items())


def test_the_api_gets_no_key_of_the_store_and_no_bot_token(services: dict[str, Any]) -> None:
    api = services["api-a"]

    assert not re.search(r"S3_|BOT_TOKEN|LINK_SECRET|TELEGRAM_API", str(api), re.IGNORECASE)
    assert not set(api["networks"]) & set(services["store"]["networks"])


def test_only_the_proxy_is_open_to_the_world(services: dict[str, Any]) -> None:
    ports = {name: service.get("ports", []) for name, service in services.items()}
    open_ones = [name for name, some in ports.items() if any(not p.startswith("127.0.0.1:") for p in some)]

    assert open_ones == ["proxy"]


def test_workers_can_be_scaled(services: dict[str, Any]) -> None:
    for name in ("worker-a", "worker-b"):
        assert not {"container_name", "ports", "hostname"} & set(services[name])


@pytest.mark.parametrize("service", [*SERVING, "postgres", "redis", "store", "proxy"])
def test_a_server_tells_whether_it_is_healthy(services: dict[str, Any], service: str) -> None:
    assert services[service]["healthcheck"]["test"][0] == "CMD"


def test_what_does_jobs_is_replaced_before_what_asks_for_them(services: dict[str, Any]) -> None:
    def before(name: str) -> set[str]:
        waits = {
            other
            for other, how in services[name].get("depends_on", {}).items()
            if how["condition"] == "service_healthy"
        }
        return waits.union(*(before(other) for other in waits))

    assert "worker-a" in before("worker-b")
    assert {"worker-a", "worker-b"} <= before("bot")
    assert {"worker-a", "worker-b", "api-a"} <= before("api-b")


def test_a_migration_knows_the_ways_past_a_pooler(services: dict[str, Any]) -> None:
    assert names_of(services["migrate"]) >= database_addresses()


def test_a_command_waits_for_no_migration(services: dict[str, Any]) -> None:
    assert services["cli"]["depends_on"].keys() == {"postgres", "redis"}


def test_nothing_can_fill_the_machine(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}, name
        assert service["mem_limit"], name
        assert service["pids_limit"], name
        assert all("size=" in mount for mount in service.get("tmpfs", [])), name


def test_nothing_can_rise(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"] is True, name
        assert not service.get("privileged"), name
        assert "docker.sock" not in str(service.get("volumes")), name


def test_only_those_reach_the_outside_who_have_somebody_there(services: dict[str, Any]) -> None:
    networks = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["networks"]
    leading_out = {name for name, how in networks.items() if not (how or {}).get("internal")}
    out = {name: leading_out & set(service["networks"]) for name, service in services.items()}

    assert leading_out == {"edge", "outside"}
    assert {name: ways for name, ways in out.items() if ways} == {
        "proxy": {"edge"},
        "grafana": {"edge"},
        "bot": {"outside"},
        "worker-a": {"outside"},
        "worker-b": {"outside"},
        "cli": {"outside"},
    }


def test_only_those_are_told_where_reports_go_who_reach_it(services: dict[str, Any]) -> None:
    told = {name for name, service in services.items() if "OTLP_ENDPOINT" in service.get("environment", {})}
    more = yaml.safe_load((PROJECT / "scripts/deploy/api-reports.yml").read_text())

    assert told == {name for name in ROLES if "outside" in services[name]["networks"]} - {"cli"}
    assert more["services"].keys() == {"api-a", "api-b"}
    for service in more["services"].values():
        assert names_of(service) == REPORTS
        assert service["secrets"] == ["sentry_dsn"]
        assert [more["networks"][name] for name in service["networks"]] == [None]


def test_only_those_reach_database_and_store_who_work_with_them(services: dict[str, Any]) -> None:
    def on(network: str) -> set[str]:
        return {name for name, service in services.items() if network in service["networks"]}

    assert on("data") == {"postgres", "redis", "migrate", *ROLES}
    assert on("objects") == {"store", "proxy", "worker-a", "worker-b", "cli"}
    assert on("web") == {"proxy", "api-a", "api-b"}


def test_every_secret_that_is_named_is_made_by_the_release_script(services: dict[str, Any]) -> None:
    secrets = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["secrets"]
    script = (PROJECT / "scripts/deploy/release").read_text().lower()

    assert all(how == {"file": f"./secrets/{name}"} for name, how in secrets.items())
    assert [name for name in secrets if not re.search(rf"\b{name}\b", script)] == []


def test_the_store_is_no_richer_than_the_application_needs(services: dict[str, Any]) -> None:
    command = " ".join(services["store"]["command"])
    security = {"source": "store_security", "target": "/etc/seaweedfs/security.toml"}

    assert "-ip.bind=127.0.0.1 " in command
    assert "-s3.ip.bind=0.0.0.0" in command
    assert "-master.telemetry=false" in command
    assert security in services["store"]["secrets"]


@pytest.mark.parametrize("service", ROLES)
def test_a_service_sees_how_full_the_disk_of_the_store_is_and_nothing_on_it(
    services: dict[str, Any], service: str
) -> None:
    volumes = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())["volumes"]
    mounts = dict(mount.split(":", 1) for mount in services[service]["volumes"])
    held = {mount.split(":")[0] for mount in services["store"]["volumes"]}

    assert mounts["store-disk"] == f"{services[service]['environment']['STORE_FOLDER']}:ro"
    assert volumes["store-disk"] == volumes["store"], "it would be on another disk"
    assert held == {"store"}
    assert not held & mounts.keys()


def test_the_store_stops_after_admins_were_told_and_files_refused(services: dict[str, Any]) -> None:
    (kept,) = re.findall(r"-volume\.minFreeSpace=(\d+)", " ".join(services["store"]["command"]))

    assert int(kept) / 100 < TAKES_NOTHING < RESERVE < 1 - NEARLY_FULL


@pytest.mark.parametrize("service", ["api-a", "bot", "worker-a", "postgres", "store", "proxy"])
def test_a_stop_gives_time_to_end(services: dict[str, Any], service: str) -> None:
    assert int(services[service]["stop_grace_period"].rstrip("s")) >= 15


def test_redis_keeps_what_it_holds(services: dict[str, Any]) -> None:
    command = " ".join(services["redis"]["entrypoint"])

    assert "--appendonly no" in command
    assert "--maxmemory-policy noeviction" in command


@pytest.mark.parametrize("service", ["worker-a", "worker-b"])
def test_workers_wait_for_the_schema(services: dict[str, Any], service: str) -> None:
    assert services[service]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}


def test_our_images_hold_all_the_code_they_start() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()

    assert set(copied) == {"schemas", "core", "api", "bot", "workers", "scripts"}
    assert {f"!{folder}" for folder in copied} <= set(ignored)
