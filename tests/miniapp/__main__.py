"""Lends real shops to the Mini App's browser tests: `python -m tests.miniapp COMMAND…`.

The command runs in `miniapp/` and finds in SHOPS the address by which it opens shops and asks things of them.
"""

import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import structlog

from core.process.database_roles import grant
from core.process.migrate import upgrade
from core.uploads import part_plan
from core.wiring import connect
from scripts.embedded.postgres import APPLICATION, AUDIT, Postgres
from scripts.embedded.process import PROJECT
from scripts.embedded.redis_server import RedisServer
from scripts.embedded.store import Store
from scripts.embedded.store_access import make_keys
from tests.miniapp.control import Control
from tests.miniapp.shop import Servers, fill_template
from tests.support.servers import TEMPLATE, make_database, quick_folder

SMALLEST_PART = 5 * part_plan.MIB  # that S3 takes


def main(command: list[str]) -> int:
    """Start the servers, run the command, end the servers; the command's own status."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    connect()
    # A film of 62 MiB has thirteen parts then, which is what pauses and resumptions need.
    part_plan.USUAL_PART = SMALLEST_PART
    with servers() as real, Control(real) as control:
        environment = {**os.environ, "SHOPS": control.url}
        return subprocess.run(command, cwd=PROJECT / "miniapp", env=environment, check=False).returncode


class RedisOfShops(RedisServer):
    """A Redis with a database for each shop; Redis itself makes sixteen, and there are more shops."""

    def _options(self) -> list[str]:
        return [*super()._options(), "--databases", "1000"]


@contextmanager
def servers() -> Iterator[Servers]:
    """PostgreSQL with an empty and a filled template, Redis and the store."""
    with tempfile.TemporaryDirectory(prefix="comptoir-miniapp-") as name, ExitStack() as running:
        folder = Path(name)
        quick = running.enter_context(quick_folder(folder / "quick"))
        postgres = Postgres(quick / "data", quick / "log", fsync=False)
        redis = RedisOfShops(folder / "redis", folder / "log")
        store = Store(folder / "store", folder / "log", make_keys())
        for server in (postgres, redis, store):
            running.callback(server.stop)
            server.start()
        address = make_database(postgres, TEMPLATE)
        upgrade(address)
        grant(address, postgres.url_of(TEMPLATE, APPLICATION), postgres.url_of(TEMPLATE, AUDIT))
        yield Servers(postgres, redis, store, fill_template(postgres, store))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
