"""Every role starts without each setting that it may lack, and says in one line which other one it needs."""

import dataclasses
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

import pytest

import api.main
import bot.main
import workers.main
from core.kit.db import Database
from core.kit.errors import SettingError
from core.process.setting_fields import Role
from core.process.settings import Settings
from core.telegram.client import open_client
from scripts.embedded.process import PROJECT
from tests.support.reports import SENT_TO_NOBODY
from workers.nowpayments import NowPayments

ROLES: tuple[Role, ...] = get_args(Role)
GROUND = {"DATABASE_URL", "REDIS_URL"}
TELEGRAM = {"BOT_TOKEN", "TELEGRAM_API_ID", "TELEGRAM_API_HASH"}
STORE = {"S3_ENDPOINT", "S3_ACCESS_KEY", "S3_SECRET_KEY"}
NEEDED: dict[Role, set[str]] = {
    "api": GROUND,
    "bot": GROUND | TELEGRAM | {"BOT_USERNAME"},
    "workers": GROUND | STORE | {"LINK_SECRET"},
    "cli": GROUND,
}
TOGETHER: dict[Role, set[str]] = {
    "workers": {"TELEGRAM_API_ID", "TELEGRAM_API_HASH", "MAIL_FROM", "PUBLIC_URL"}
}
"""What is needed where BOT_TOKEN and SMTP_HOST are given."""
CHECKS = {"api": api.main.check, "bot": bot.main.check, "workers": workers.main.check}
PROGRAMS: dict[Role, list[str]] = {  # tests/bot/test_main.py does the same with the bot
    "api": ["api.main"],
    "workers": ["workers.main"],
    "cli": ["scripts.cli", "migrate"],
}
GIVEN = {
    "DATABASE_URL": "postgresql://app:word@db/shop",
    "OWNER_DATABASE_URL": "postgresql://owner:word@db/shop",
    "AUDIT_DATABASE_URL": "postgresql://audit:word@db/shop",
    "DIRECT_DATABASE_URL": "postgresql://app:word@db/shop",
    "REDIS_URL": "redis://redis:6379/0",
    "PUBLIC_URL": "https://shop.example",
    "LIMITS": "click=off",
    "METRICS_TOKEN": "token",
    **SENT_TO_NOBODY,
    "ALIVE_DIR": "/proc/self/cwd",
    "STORE_FOLDER": "/",
    "STORE_SERVERS": "http://store:9333",
    "S3_ENDPOINT": "http://store:9000",
    "S3_PUBLIC_ENDPOINT": "https://files.example",
    "S3_ACCESS_KEY": "key",
    "S3_SECRET_KEY": "secret",
    "LINK_SECRET": "5e" * 32,
    "NOWPAYMENTS_API_KEY": "key",
    "NOWPAYMENTS_EMAIL": "shop@example.org",
    "NOWPAYMENTS_PASSWORD": "word",
    "NOWPAYMENTS_IPN_SECRET": "secret",
    "STRIPE_SECRET_KEY": "sk_test_key",
    "STRIPE_CLIENT_ID": "ca_client",
    "STRIPE_WEBHOOK_SECRETS": "whsec_one,whsec_two",
    "STRIPE_ADDRESS": "http://stripe:1",
    "LEGAL_NAME": "A Shop",
    "LEGAL_ADDRESS": "1 Street",
    "LEGAL_NUMBER": "1",
    "LEGAL_CONTACT": "shop@example.org",
    "MANUAL_INSTRUCTIONS": "To account 1",
    "BACKUP_KEY": "age1" + "q" * 58,
    "SMTP_HOST": "mail.example",
    "SMTP_USER": "shop",
    "SMTP_PASSWORD": "word",
    "MAIL_FROM": "shop@example.org",
    "BOT_TOKEN": "1:token",
    "BOT_USERNAME": "shop_bot",
    "TELEGRAM_API_ID": "1",
    "TELEGRAM_API_HASH": "0" * 32,
    "SESSION_DIR": "",
    "INIT_DATA_SECRET": "5e" * 32,
    "BOT_ID": "1",
    "STORE_ORIGIN": "https://files.example",
    "MINI_APP_DIR": str(PROJECT / "miniapp" / "dist"),
    "LISTING_FEE": "stars=100",
    "MODERATION_WORDS": "one,two",
    "TELEGRAM_SANDBOX": "",
    "FIRST_ADMIN": "1",
}
"""A value for each setting that has no default; "" where production has none."""
WILD = (
    "?",
    "99999",
    "yes",
    "a=b;c:d,e",
    "http://[::1",
    "http://host:port",
    "https://host/path?a=b",
    "postgresql://host:port/name",
    "postgresql://%zz@host/name",
    "postgresql://host/name?what=1",
    "folder/below",
    "~/folder",
    "redis://host:port/0",
    "/proc/none/folder",
)
"""Texts that somebody may put by mistake where another is meant."""
FREE = ("?", "a=b;c:d,e", "/proc/none/folder")
"""Those of them for a setting that takes any text, where parts of a role have to read it."""


def given(role: Role) -> dict[str, str]:
    """All settings of a role, each with a value."""
    return {
        item.name.upper(): GIVEN.get(item.name.upper()) or _text(item.default)
        for item in dataclasses.fields(Settings)
        if role in item.metadata["roles"]
    }


def _text(default: Any) -> str:
    return (
        ("yes" if default else "no") if isinstance(default, bool) else str("" if default is None else default)
    )


def start(role: Role, environment: Mapping[str, str]) -> str:
    """Read, check and build as the role does, without connecting; what was wrong with the settings."""
    try:
        settings = Settings.from_environment(environment)
        if role != "cli":
            CHECKS[role](settings)
    except SettingError as error:
        return str(error)
    Database(settings.database_url).dispose()
    if role == "bot":
        open_client(settings, "bot", receive_updates=True)
    if role == "workers" and settings.nowpayments_url != Settings.nowpayments_url and settings.public_url:
        NowPayments(
            settings
        ).close()  # its client reads all authorities, so it is built where that may matter
    return ""


def test_there_is_a_value_for_every_setting() -> None:
    empty = {name for role in ROLES for name, value in given(role).items() if not value}
    assert empty == {name for name, value in GIVEN.items() if not value}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_starts_with_all_of_its_settings_and_with_those_alone_that_it_needs(role: Role) -> None:
    everything = given(role)
    needed = {name: everything[name] for name in NEEDED[role]}
    assert (start(role, everything), start(role, needed)) == ("", "")


@pytest.mark.parametrize("role", ROLES)
def test_a_role_starts_without_each_setting_that_it_may_lack(role: Role) -> None:
    everything = given(role)
    optional = everything.keys() - NEEDED[role] - TOGETHER.get(role, set())
    refused = {name: start(role, {**everything, name: ""}) for name in optional}
    assert {name: said for name, said in refused.items() if said} == {}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_lacks_what_it_needs_names_it_in_one_line(role: Role) -> None:
    everything = given(role)
    for name in NEEDED[role] | TOGETHER.get(role, set()):
        names_it(name, start(role, {**everything, name: ""}))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_starts_with_whatever_is_written_or_names_the_setting_in_one_line(
    role: Role, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    everything, fields = given(role), {item.name.upper(): item for item in dataclasses.fields(Settings)}
    for name in everything:
        for wild in FREE if fields[name].metadata["parse"] is str else WILD:
            if said := start(role, {**everything, name: wild}):
                names_it(name, said)
    assert list(tmp_path.iterdir()) == [], "made where the role happened to be started"


@pytest.mark.parametrize("role", PROGRAMS)
def test_a_role_that_cannot_start_says_one_line_and_ends(role: Role, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-OO", "-m", *PROGRAMS[role]],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "COMPTOIR_VAR": str(tmp_path), "REDIS_URL": "redis://redis"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == (1 if role == "cli" else 2)
    names_it("DATABASE_URL", done.stderr)
    assert done.stdout == ""


def names_it(name: str, said: str) -> None:
    """One line that names the setting, and no other that would do as well."""
    assert len(said.splitlines()) == 1, said
    assert name in said, f"{name}: {said!r}"
