from uuid import UUID

import pytest
from sqlmodel import Session

from core.jobs.admin.filter_language import parse
from core.jobs.admin.listing import list_jobs
from tests.core.jobs.admin.rows import Found
from tests.support.make import NOW


@pytest.fixture
def found(session: Session) -> Found:
    """The ids that a filter finds, in the order of the list."""

    def find(typed: str) -> list[UUID]:
        return [line.id for line in list_jobs(session, parse(typed), now=NOW)]

    return find
