"""Alembic's entry: our metadata, one connection, one lock so that two migrators take turns."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import String, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import schemas.access
import schemas.audit
import schemas.card_subscription
import schemas.catalogue
import schemas.channel_codes
import schemas.member_imports
import schemas.membership
import schemas.notifications
import schemas.operations
import schemas.papers
import schemas.people
import schemas.queue
import schemas.sales
import schemas.shop_fee
import schemas.star_subscription
import schemas.stripe
import schemas.support
import schemas.uploads  # noqa: F401  (importing the tables fills the metadata)
from core.kit.db import Database


def render_plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Write SQLModel's own string type as SQLAlchemy's, so that migrations need only SQLAlchemy."""
    if kind == "type" and isinstance(item, AutoString):
        return repr(String(item.length)).replace("String", "sa.String", 1)
    return False


LOCK = 0x434F4D50  # any constant that names our migrations among advisory locks

database = Database(context.config.attributes["database_url"], pool_size=2)
# The lock is a transaction's, on a connection of its own: a session is not one behind a pooler.
with database.engine.connect() as waiting, database.engine.connect() as connection:
    waiting.execute(text("select pg_advisory_xact_lock(:key)"), {"key": LOCK})
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        transaction_per_migration=True,
        render_item=render_plain,
    )
    with context.begin_transaction():
        context.run_migrations()
database.dispose()
