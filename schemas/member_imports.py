"""Members of before, whom a seller brings in from a file."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from schemas.base import created_moment, identity, moment, reference


class MemberImport(SQLModel, table=True):
    """A seller's file of members of before, until a job has brought them in; then the counts alone."""

    __tablename__ = "member_import"

    id: int | None = identity()
    plan_id: int = reference("plan.product_id")
    user_id: int = reference("person.id")  # who sent it
    idempotency_key: str = Field(unique=True, sa_type=Text)
    text: str = Field(sa_type=Text)
    done: int = Field(default=0)  # lines without an error that were looked at
    added: int = Field(default=0)
    skipped: int = Field(default=0)  # they were there already
    created_at: datetime = created_moment()
    finished_at: datetime | None = moment(default=None)
