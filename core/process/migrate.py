"""Bringing a database to the schema of this code (Alembic), from commands, the stack and tests."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

MIGRATIONS = Path(__file__).parents[1] / "migrations"


def upgrade(database_url: str, revision: str = "head") -> None:
    """Apply all migrations up to `revision`, each in a transaction of its own."""
    command.upgrade(config_for(database_url), revision)


def head_revision() -> str:
    """The revision this code was written for."""
    head = ScriptDirectory.from_config(config_for("")).get_current_head()
    if head is None:
        raise RuntimeError(f"no migration found in {MIGRATIONS}")
    return head


def config_for(database_url: str) -> Config:
    """Alembic's configuration for our migrations on one database."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["database_url"] = database_url
    return config
