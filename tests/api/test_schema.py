"""The OpenAPI document is true: whatever schemathesis makes of it is answered as the document says."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
import redis
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.core.result import Ok

from api.main import Server, server_config
from core.db import Database
from core.push import Pusher
from core.settings import Settings
from tests import make, make_members
from tests.api.people import signed_in, staff
from tests.sandbox.waiting import wait_until

PATHS = "^/api/(telegram|payments)"
STAFF = ("/api/telegram/revoke-access", "/api/telegram/admin/stats")
EXAMPLES = 20  # of each operation, right and wrong ones


@pytest.fixture
def address(shop_settings: Settings, database: Database) -> Iterator[str]:
    """The API as a server on loopback."""
    pusher = Pusher(shop_settings.redis_url)
    database.after_commit = pusher.flush
    config = server_config(shop_settings, database)
    config.port = 0
    server = Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started)
        host, port = server.servers[0].sockets[0].getsockname()[:2]
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join()
        pusher.close()


def probe(operation: Any, counters: "redis.Redis") -> None:
    """Have schemathesis make up requests, right and wrong ones, and judge the answers."""

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def holds(case: Any) -> None:
        counters.flushall()  # so that no example is one too many
        case.call_and_validate()

    holds()


def test_the_document_is_true(address: str, database: Database, shop_settings: Settings) -> None:
    with database.transaction() as session:
        person = make.user(session)
        make_members.member(session, person=person)
        make.product(session)
        theirs = signed_in(session, person)
    ours = staff(database, "admin")
    document = schemathesis.openapi.from_url(f"{address}/schema/openapi.json")
    chosen = document.include(path_regex=PATHS)

    @chosen.auth(refresh_interval=None)
    class Bearer:
        """Whoever the operation is for."""

        def get(self, _case: Any, context: Any) -> str:
            return (ours if context.operation.path in STAFF else theirs)["authorization"]

        def set(self, case: Any, data: str, _context: Any) -> None:
            case.headers["Authorization"] = data

    found = list(chosen.get_all_operations())
    operations = [result.ok() for result in found if isinstance(result, Ok)]
    assert (len(operations), len(found)) == (12, 12)
    with redis.Redis.from_url(shop_settings.redis_url) as counters:
        for operation in operations:
            probe(operation, counters)
