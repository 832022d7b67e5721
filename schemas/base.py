"""What all tables share: naming of constraints, identity, UTC time columns."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, MetaData
from sqlmodel import Field, SQLModel

# Rows come from the database or from our rules, and neither pydantic nor SQLModel checks them: what would is
# never built, which leaves 1.3 MiB more to each process.
SQLModel.model_config["defer_build"] = True
SQLModel.metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def utc_now() -> datetime:
    """The aware present moment. Rules take `now` as an argument; only edges call this."""
    return datetime.now(UTC)


def moment(**options: Any) -> Any:
    """A `timestamptz` column; required unless `default=None` is given."""
    return Field(sa_type=DateTime(timezone=True), **options)


def created_moment() -> Any:
    """When the row was written, by our clock."""
    return moment(default_factory=utc_now)


def identity() -> Any:
    """A 64-bit key that the database counts up."""
    return Field(default=None, primary_key=True, sa_type=BigInteger)


def reference(target: str, **options: Any) -> Any:
    """A 64-bit foreign key to `table.column`."""
    return Field(foreign_key=target, sa_type=BigInteger, **options)
