"""The shop that the runtime's tests work in."""

from collections.abc import Callable, Iterator

import pytest

from core.process.settings import Settings
from tests.workers.runtime.jobs import Shop


@pytest.fixture
def shop(database_url: str, redis_url: str, settings: Callable[..., Settings]) -> Iterator[Shop]:
    """A migrated database, an empty Redis, no worker yet."""
    shop = Shop(settings(database_url=database_url, redis_url=redis_url))
    yield shop
    shop.close()
