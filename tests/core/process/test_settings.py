"""Settings: read once, refused clearly, and shown to each process only as far as it needs them."""

import dataclasses
from pathlib import Path

import pytest

from core.kit.errors import SettingError
from core.process.settings import Settings

MINIMUM = {"DATABASE_URL": "postgresql://db/shop", "REDIS_URL": "redis://redis/0"}


def test_a_missing_setting_is_named_with_what_to_do() -> None:
    with pytest.raises(SettingError, match=r"REDIS_URL is not set .* Set it in the environment or in \.env"):
        Settings.from_environment({"DATABASE_URL": "postgresql://db/shop"})


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ENV", "live", "expected production, test, development or sandbox"),
        ("LINK_TTL", "0", "expected a whole number above zero"),
        ("LINK_TTL", "a day", "expected a whole number above zero"),
        ("DATABASE_URL", "mysql://db/shop", "expected an address that starts with postgresql://"),
        (
            "REDIS_URL",
            "cache:6379",
            r"expected an address that starts with redis://, rediss://, unix:// or redis\+sentinel://",
        ),
        ("LOG_LEVEL", "loud", "expected debug, info, warning or error"),
        ("LOG_FORMAT", "xml", "expected json or console"),
        ("TELEGRAM_API_ID", "-1", "expected zero or a positive whole number"),
        ("PUBLIC_URL", "shop.example", "expected an address that starts with https://"),
        ("SELLERS_OPEN", "perhaps", "expected yes or no"),
        ("S3_ENDPOINT", "store:9000", "expected an address that starts with https://"),
        ("STORE_PORT", "many", "expected a port, 0 to 65535"),
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
    settings = Settings.from_environment(MINIMUM | {"SELLERS_OPEN": "yes", "SESSION_DIR": "/var/sessions"})
    again = Settings.from_environment(settings.environment_for("cli"))
    assert (again.sellers_open, again.session_dir) == (True, Path("/var/sessions"))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_the_address_of_a_database_is_one_that_pg_dump_reads(scheme: str) -> None:
    settings = Settings.from_environment({**MINIMUM, "DATABASE_URL": f"{scheme}://anna:secret@db/shop"})
    assert settings.database_url == "postgresql://anna:secret@db/shop"


def test_records_are_kept_as_long_as_was_promised_unless_the_operator_says_otherwise() -> None:
    defaults = {item.name: item.default for item in dataclasses.fields(Settings)}
    assert [defaults[name] for name in ("audit_days", "payment_event_days", "replay_days")] == [400, 730, 90]


def test_every_setting_that_names_a_folder_is_a_whole_path() -> None:
    folders = {item.name.upper() for item in dataclasses.fields(Settings) if item.type == Path | None}
    assert folders == {"ALIVE_DIR", "STORE_FOLDER", "SESSION_DIR", "MINI_APP_DIR"}
    for name in folders:
        with pytest.raises(
            SettingError, match=f"^{name} is wrong: 'folder' .*the whole path of a folder, like /var/lib/"
        ):
            Settings.from_environment(MINIMUM | {name: "folder"})


def test_a_folder_that_is_named_is_made_for_its_owner_alone_or_refused(tmp_path: Path) -> None:
    Settings.from_environment(MINIMUM | {"ALIVE_DIR": str(tmp_path / "alive")}).make_folders("alive_dir")
    assert (tmp_path / "alive").stat().st_mode & 0o777 == 0o700
    Settings.from_environment(MINIMUM).make_folders("session_dir")
    with pytest.raises(SettingError, match="SESSION_DIR is wrong: /proc/none cannot be made"):
        Settings.from_environment(MINIMUM | {"SESSION_DIR": "/proc/none"}).make_folders("session_dir")
