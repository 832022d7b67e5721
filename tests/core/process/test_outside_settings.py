"""What others run is reached by settings that are read with all others."""

from dataclasses import fields

from core.process.outside_settings import OutsideSettings
from core.process.settings import Settings


def test_the_keys_of_store_and_provider_reach_no_process_that_answers_people() -> None:
    secrets = [item for item in fields(OutsideSettings) if item.metadata["secret"]]
    assert {item.name for item in secrets} >= {"s3_secret_key", "link_secret", "nowpayments_api_key"}
    assert not [item.name for item in secrets if "bot" in item.metadata["roles"]]


def test_they_are_read_with_all_others() -> None:
    environment = {
        "DATABASE_URL": "postgresql://u:p@h/n",
        "REDIS_URL": "redis://h:6379/0",
        "LINK_TTL": "3600",
    }
    assert Settings.from_environment(environment).link_ttl == 3600
