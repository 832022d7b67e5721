"""What a stack makes of the settings that it is given: its store, its port, and what the API is derived."""

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from core.people.initdata import derive_secret
from core.process.setting_fields import parse, read_text
from core.process.settings import Settings
from scripts.embedded.ports import free_port
from scripts.embedded.store import Store
from scripts.embedded.store_access import StoreKeys


def setting(environment: Mapping[str, str], name: str) -> Any:
    """One setting before all can be read, or its default. Raises `SettingError`."""
    field = next(field for field in fields(Settings) if field.name == name)
    raw = read_text(environment, name.upper())
    return parse(field, raw) if raw else field.default


def api_port(environment: Mapping[str, str]) -> int:
    """The API's port: the one that is set, or any free one where no proxy has to know it."""
    if read_text(environment, "API_PORT") or setting(environment, "public_url").startswith("https://"):
        return int(setting(environment, "api_port"))
    return free_port()


def own_store(data: Path, log: Path, keys: StoreKeys, environment: Mapping[str, str]) -> Store:
    """The stack's own store. Keys, bucket and port that the settings name are those that it gets."""
    access, secret = setting(environment, "s3_access_key"), setting(environment, "s3_secret_key")
    return Store(
        data,
        log,
        StoreKeys(access or keys.access, secret or keys.secret),
        bucket=setting(environment, "s3_bucket"),
        port=setting(environment, "store_port"),
    )


def derived(settings: Settings) -> Settings:
    """The settings with what the API needs of secrets and addresses that it must not have, where unset."""
    token = settings.bot_token
    return replace(
        settings,
        store_origin=settings.store_origin or settings.s3_public_endpoint or settings.s3_endpoint,
        init_data_secret=settings.init_data_secret or (derive_secret(token) if token else ""),
        bot_id=settings.bot_id or int(token.partition(":")[0] or 0),
    )
