"""A seller at work, for each test of this room."""

import pytest
from sqlmodel import Session

from tests.support.uploader import Uploader, uploader_of


@pytest.fixture
def uploader(session: Session) -> Uploader:
    return uploader_of(session)
