"""docker-compose.yml read as data: no Docker is needed to know who receives what."""

import dataclasses
import re
from typing import Any

import pytest
import yaml

from core.process.setting_fields import Role
from core.process.settings import Settings
from scripts.embedded.process import PROJECT

ROLES: dict[str, Role] = {"api": "api", "bot": "bot", "worker": "workers", "cli": "cli"}
EXAMPLE = {
    "POSTGRES_PASSWORD": "made-up",
    "SHOP_DOMAIN": "shop.example",
    "STORE_DOMAIN": "files.example",
    "BOT_TOKEN": "1:token",
    "BOT_USERNAME": "shop_bot",
    "TELEGRAM_API_ID": "1",
    "TELEGRAM_API_HASH": "hash",
    "S3_ACCESS_KEY": "access",
    "S3_SECRET_KEY": "secret",
    "LINK_SECRET": "00" * 32,
}


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


@pytest.mark.parametrize(("service", "role"), ROLES.items())
def test_a_service_receives_only_settings_of_its_role_and_can_start_with_them(
    services: dict[str, Any], service: str, role: Role
) -> None:
    environment = {name: interpolate(text) for name, text in services[service]["environment"].items()}
    allowed = {
        field.name.upper() for field in dataclasses.fields(Settings) if role in field.metadata["roles"]
    }

    assert set(environment) <= allowed
    assert Settings.from_environment(environment).env == "production"


def test_the_api_gets_no_key_of_the_store_and_no_bot_token(services: dict[str, Any]) -> None:
    api = services["api"]

    assert not re.search(r"S3_|BOT_TOKEN|LINK_SECRET|TELEGRAM_API", str(api))
    assert not set(api["networks"]) & set(services["store"]["networks"])


def test_only_the_proxy_is_open_to_the_world(services: dict[str, Any]) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]


def test_workers_can_be_scaled(services: dict[str, Any]) -> None:
    assert not {"container_name", "ports", "hostname"} & set(services["worker"])


@pytest.mark.parametrize("service", ["api", "postgres", "redis", "store"])
def test_a_server_tells_whether_it_is_healthy(services: dict[str, Any], service: str) -> None:
    assert services[service]["healthcheck"]["test"][0] == "CMD"


def test_redis_keeps_what_it_holds(services: dict[str, Any]) -> None:
    command = " ".join(services["redis"]["command"])

    assert "--appendonly yes" in command
    assert "--maxmemory-policy noeviction" in command


@pytest.mark.parametrize("service", ["api", "bot", "worker", "cli", "migrate"])
def test_a_process_of_ours_waits_for_the_schema_or_makes_it(services: dict[str, Any], service: str) -> None:
    waits = services[service]["depends_on"]

    assert waits.get("migrate") == {"condition": "service_completed_successfully"} or "postgres" in waits


def test_our_images_hold_all_the_code_they_start() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)
    ignored = (PROJECT / ".dockerignore").read_text().splitlines()

    assert set(copied) == {"schemas", "core", "api", "bot", "workers", "scripts"}
    assert {f"!{folder}" for folder in copied} <= set(ignored)
