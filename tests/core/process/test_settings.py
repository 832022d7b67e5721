"""Settings: read once, refused clearly, and shown to each process only as far as it needs them."""

import dataclasses
from pathlib import Path

import pytest

from core.kit.errors import SettingError
from core.process.settings import Settings

MINIMUM = {"DATABASE_URL": "postgresql://db/shop", "REDIS_URL": "redis://redis/0"}
EXAMPLE = Path(__file__).parents[3] / ".env.example"


def test_a_missing_setting_is_named_with_what_to_do() -> None:
    with pytest.raises(SettingError, match=r"REDIS_URL is not set .* Set it in the environment or in \.env"):
        Settings.from_environment({"DATABASE_URL": "postgresql://db/shop"})


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ENV", "live", "expected production, development or sandbox"),
        ("LINK_TTL", "0", "expected a whole number above zero"),
        ("LINK_TTL", "a day", "expected a whole number above zero"),
        ("DATABASE_URL", "mysql://db/shop", "expected an address that starts with postgresql://"),
        ("REDIS_URL", "cache:6379", "expected an address that starts with redis://, rediss:// or unix://"),
        ("LOG_LEVEL", "loud", "expected debug, info, warning or error"),
        ("LOG_FORMAT", "xml", "expected json or console"),
        ("TELEGRAM_API_ID", "-1", "expected zero or a positive whole number"),
        ("PUBLIC_URL", "shop.example", "expected an address that starts with https://"),
        ("SELLERS_OPEN", "perhaps", "expected yes or no"),
    ],
)
def test_a_wrong_setting_is_named_with_its_reason(name: str, value: str, reason: str) -> None:
    with pytest.raises(SettingError, match=f"{name} is wrong.*{reason}"):
        Settings.from_environment(MINIMUM | {name: value})


def test_words_may_be_written_in_capitals() -> None:
    assert Settings.from_environment(MINIMUM | {"LOG_LEVEL": "INFO"}).log_level == "info"


def test_an_empty_value_counts_as_absent() -> None:
    assert Settings.from_environment(MINIMUM | {"LINK_TTL": ""}).link_ttl == 86_400


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("123:abc\n")
    assert Settings.from_environment(MINIMUM | {"BOT_TOKEN_FILE": str(secret)}).bot_token == "123:abc"


def test_an_unreadable_secret_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"BOT_TOKEN_FILE points to .* cannot be read"):
        Settings.from_environment(MINIMUM | {"BOT_TOKEN_FILE": str(tmp_path / "absent")})


def test_secrets_are_not_shown_when_settings_are_printed() -> None:
    settings = Settings.from_environment(MINIMUM | {"BOT_TOKEN": "123:abc", "S3_SECRET_KEY": "hush"})
    assert "123:abc" not in repr(settings)
    assert "hush" not in repr(settings)
    assert "postgresql://" not in repr(settings)


def test_a_required_setting_that_is_empty_is_named() -> None:
    with pytest.raises(SettingError, match="BOT_TOKEN is empty"):
        Settings.from_environment(MINIMUM).require("database_url", "bot_token")


def test_each_process_sees_only_what_it_needs() -> None:
    everything = MINIMUM | {
        "BOT_TOKEN": "123:abc",
        "S3_ACCESS_KEY": "key",
        "S3_SECRET_KEY": "hush",
        "LINK_SECRET": "00" * 32,
        "NOWPAYMENTS_API_KEY": "np",
        "NOWPAYMENTS_IPN_SECRET": "ipn",
    }
    settings = Settings.from_environment(everything)
    api, bot, workers = (settings.environment_for(role) for role in ("api", "bot", "workers"))
    assert not {"BOT_TOKEN", "S3_ACCESS_KEY", "S3_SECRET_KEY", "LINK_SECRET"} & api.keys()
    assert "NOWPAYMENTS_IPN_SECRET" in api
    assert "BOT_TOKEN" in bot
    assert not {"S3_SECRET_KEY", "LINK_SECRET", "NOWPAYMENTS_IPN_SECRET"} & bot.keys()
    assert {"BOT_TOKEN", "S3_SECRET_KEY", "LINK_SECRET"} <= workers.keys()
    assert "NOWPAYMENTS_IPN_SECRET" not in workers


def test_what_a_process_receives_reads_back_as_the_same_settings() -> None:
    settings = Settings.from_environment(MINIMUM | {"SELLERS_OPEN": "yes", "SESSION_DIR": "sessions"})
    again = Settings.from_environment(settings.environment_for("cli"))
    assert (again.sellers_open, again.session_dir) == (True, Path("sessions"))


def test_the_example_file_names_every_setting_once_with_its_default() -> None:
    lines = [line.removeprefix("# ") for line in EXAMPLE.read_text().splitlines() if "=" in line]
    named = dict(line.split("=", 1) for line in lines if line.split("=", 1)[0].isupper())
    assert named.keys() == {item.name.upper() for item in dataclasses.fields(Settings)}
    for item in dataclasses.fields(Settings):
        if item.default not in (dataclasses.MISSING, None) and not item.metadata["secret"]:
            shown = ("yes" if item.default else "no") if isinstance(item.default, bool) else str(item.default)
            assert named[item.name.upper()] == shown, item.name


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_the_address_of_a_database_is_one_that_pg_dump_reads(scheme: str) -> None:
    settings = Settings.from_environment({**MINIMUM, "DATABASE_URL": f"{scheme}://anna:secret@db/shop"})
    assert settings.database_url == "postgresql://anna:secret@db/shop"
