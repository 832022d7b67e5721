"""What a shop stands on is read with all other settings; what opens a database is a secret of its own."""

from dataclasses import fields

from core.process.ground_settings import GroundSettings
from core.process.settings import Settings


def test_addresses_that_hold_passwords_are_secrets() -> None:
    secrets = {field.name for field in fields(GroundSettings) if field.metadata["secret"]}
    assert secrets >= {
        "database_url",
        "owner_database_url",
        "audit_database_url",
        "redis_url",
        "metrics_token",
    }


def test_the_owners_address_of_the_database_reaches_no_process_that_serves() -> None:
    (owner,) = (field for field in fields(GroundSettings) if field.name == "owner_database_url")
    assert owner.metadata["roles"] == ("cli",)


def test_they_are_read_with_all_others() -> None:
    environment = {"DATABASE_URL": "postgresql://u:p@h/n", "REDIS_URL": "redis://h/0", "TRUSTED_PROXY": "yes"}
    assert Settings.from_environment(environment).trusted_proxy == 1
