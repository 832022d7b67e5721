"""What a worker's process holds."""

from collections.abc import Callable
from typing import cast

import pytest
from sqlalchemy import QueuePool

from core.process.settings import Settings
from workers.services import bootstrap


@pytest.mark.parametrize(("kept", "expected"), [(40, 40), (1, 7)])
def test_a_worker_keeps_as_many_connections_as_is_set_and_one_for_each_thread_at_least(
    store_settings: Callable[..., Settings], kept: int, expected: int
) -> None:
    settings = store_settings(database_pool=kept, database_overflow=2)
    services = bootstrap(settings, ("bulk",), threads=4)
    try:
        pool = cast(QueuePool, services.database.engine.pool)
        assert (pool.size(), pool._max_overflow) == (expected, 2)
    finally:
        services.close()
