"""Which settings a role is given where each role is a container of its own."""

import dataclasses

from core.process.setting_fields import Role
from core.process.settings import Settings

NOT_PASSED = {"TELEGRAM_SANDBOX", "MINI_APP_DIR", "STORE_SERVERS"}
"""A loopback Telegram is refused in production; the image has its Mini App where it is looked for; the store
there is one server."""
REPORTS = {"OTLP_ENDPOINT", "SENTRY_DSN"}
"""Not passed to an API either: it has no way out, and what it sent would be lost without a word."""


def passed_to(role: Role) -> set[str]:
    """The names of the settings that a container of this role receives."""
    fields = dataclasses.fields(Settings)
    own = {field.name.upper() for field in fields if role in field.metadata["roles"]}
    return own - NOT_PASSED - (REPORTS if role == "api" else set())


def secret_settings() -> set[str]:
    """The names of the settings that nobody else may see."""
    return {field.name.upper() for field in dataclasses.fields(Settings) if field.metadata["secret"]}


def database_addresses() -> set[str]:
    """The names of all addresses of the database; who migrates has to know each of them."""
    return {name for name in secret_settings() if name.endswith("DATABASE_URL")}
