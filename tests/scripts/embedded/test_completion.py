"""What the stack makes of its settings: a wrong one is named itself, not what would be derived from it."""

from pathlib import Path

import pytest

from core.kit.errors import SettingError
from core.payments.rails.stripe.rail import Card
from core.people.initdata import derive_secret
from core.process.settings import Settings
from scripts.embedded.completion import api_port, derived, own_store, setting
from scripts.embedded.store_access import StoreKeys

MINIMUM = {"DATABASE_URL": "postgresql://db/shop", "REDIS_URL": "redis://redis/0"}
KEYS = StoreKeys("made", "up")


def read(**environment: str) -> Settings:
    return derived(Settings.from_environment(MINIMUM | environment))


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("BOT_TOKEN", "abc"),
        ("BOT_TOKEN", "12:"),
        ("S3_ENDPOINT", "store:9000"),
        ("S3_PUBLIC_ENDPOINT", "files"),
    ],
)
def test_a_wrong_setting_is_named_and_not_what_is_derived_of_it(name: str, wrong: str) -> None:
    with pytest.raises(SettingError, match=f"^{name} is wrong"):
        read(**{name: wrong})


def test_the_api_gets_what_it_needs_of_the_token_however_that_is_given(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("42:token\n")
    for settings in (read(BOT_TOKEN="42:token"), read(BOT_TOKEN_FILE=str(tmp_path / "token"))):
        assert (settings.bot_id, settings.init_data_secret) == (42, derive_secret("42:token"))
    assert (read().bot_id, read().init_data_secret) == (0, "")
    assert read(BOT_TOKEN="42:token", INIT_DATA_SECRET="ab").init_data_secret == "ab"


def test_the_doctor_of_a_stack_sees_that_the_key_for_the_signing_secrets_is_missing() -> None:
    health = Card().doctor(read(STRIPE_WEBHOOK_SECRETS="whsec_one"))
    assert (health.state, "STRIPE_SECRET_KEY is empty" in health.detail) == ("warn", True)


def test_browsers_are_let_to_the_stores_public_address() -> None:
    assert read(S3_ENDPOINT="http://127.0.0.1:1").store_origin == "http://127.0.0.1:1"
    both = {"S3_ENDPOINT": "http://127.0.0.1:1", "S3_PUBLIC_ENDPOINT": "https://shop.example"}
    assert read(**both).store_origin == "https://shop.example"
    assert read(**both, STORE_ORIGIN="https://cdn.example").store_origin == "https://cdn.example"


def test_ports_that_a_proxy_knows_stay_and_others_are_free_ones(tmp_path: Path) -> None:
    assert api_port({"API_PORT": "8123"}) == 8123
    assert api_port({"PUBLIC_URL": "https://shop.example"}) == setting({}, "api_port") == 8000
    assert api_port({}) not in (0, 8000)
    store = own_store(tmp_path, tmp_path / "log", KEYS, {"STORE_PORT": "8333", "S3_BUCKET": "films"})
    assert (store.port, store.bucket, store.keys) == (8333, "films", KEYS)
    assert own_store(tmp_path, tmp_path / "log", KEYS, {}).port > 0


def test_keys_of_the_settings_are_those_of_the_store(tmp_path: Path) -> None:
    named = {"S3_ACCESS_KEY": "mine", "S3_SECRET_KEY": "own"}
    assert own_store(tmp_path, tmp_path / "log", KEYS, named).keys == StoreKeys("mine", "own")
