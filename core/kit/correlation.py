"""What follows one piece of work through processes: its correlation id, and the job that caused it."""

from contextvars import ContextVar
from uuid import UUID, uuid4

correlation: ContextVar[str] = ContextVar("correlation", default="")
parent_job: ContextVar[UUID | None] = ContextVar("parent_job", default=None)


def new_correlation() -> str:
    """A fresh id, short enough to be read aloud: twelve hexadecimal digits."""
    return uuid4().hex[:12]
