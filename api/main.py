"""The API process: `python -m api.main`."""

import core.process.import_guard  # noqa: F401, I001 - before whatever would import what it keeps out

import gc
import os
import resource
import socket
import sys
import threading

import structlog
import uvicorn

from api.app import create_app
from api.context import AppContext
from api.protocol import bounded
from core.jobs.request_reply import AT_ONCE
from core.kit.db import Database
from core.kit.errors import SettingError
from core.kit.languages import use_languages
from core.kit.redis_client import open_async_redis
from core.catalogue.listing_fee import parse_fee
from core.kit.rail_policy import parse_policy
from core.process import kernel
from core.process.logs import configure_logs
from core.jobs.push import Pusher
from core.process.readiness import notify_ready
from core.process.settings import Settings
from core.process.tracing import check_reports, configure_reports, end_reports

GRACE = 10  # seconds that requests under way get at a stop
KEEP_ALIVE = 75  # seconds; longer than the proxy in front keeps its idle connections
REDIS_CONNECTIONS = AT_ONCE + 36  # each waiting question holds one; the rest is for limits
# Threads that do database work share the interpreter with the event loop; the default of 5 ms would be
# half of what a click may take.
SWITCH_INTERVAL = 0.0005
# libuv takes one connection of each listening socket in each turn of its loop (libuv/libuv#3696). A turn is
# long under load, and new connections waited for seconds while those that stood were answered in half a one.
ACCEPTED_AT_ONCE = 32  # connections in each turn: so many times the one socket is listened on

log = structlog.get_logger(__name__)


class Server(uvicorn.Server):
    """uvicorn that tells its starter when it listens. `stopped` is set by a stop that came before it did."""

    def __init__(self, config: uvicorn.Config, stopped: threading.Event | None = None) -> None:
        super().__init__(config)
        self._stopped = stopped or threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        if sockets is None:
            first = self.config.bind_socket()
            sockets = [first, *(first.dup() for _ in range(ACCEPTED_AT_ONCE - 1))]
            first.set_inheritable(False)  # which uvicorn does for workers that it would start
        await super().startup(sockets)
        # A collection of all that was imported would hold every request up for 0.15 s (measured).
        gc.collect()
        gc.freeze()
        self.should_exit |= self._stopped.is_set()
        if self.started:
            notify_ready()


def check(settings: Settings) -> None:
    """Raise `SettingError` for what would end the API at its start; connects to nothing."""
    check_reports(settings)
    parse_policy(settings.rail_policy)
    parse_fee(settings.listing_fee)


def main() -> int:
    """Read the settings and serve until SIGTERM or SIGINT; 2 when a setting is missing or wrong."""
    try:
        settings = Settings.from_environment(os.environ)
        check(settings)
        configure_logs(settings, process="api")
        configure_reports(settings, process="api")
        use_languages(unknown=settings.default_language, foreign=settings.fallback_language)
        return serve(settings)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return 2


def serve(settings: Settings, stopped: threading.Event | None = None) -> int:
    """Serve until told to stop; requests under way are finished first. 1 when it could not listen.

    `stopped` is set where that was told before there was anybody to hear it.
    """
    kernel.name_process("comptoir-api")
    kernel.close_to_others()
    sys.setswitchinterval(SWITCH_INTERVAL)
    # Each connection is an open file, and the usual 1,024 are soon held by browsers that say nothing.
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    database = Database(
        settings.database_url,
        pool_size=settings.database_pool,
        max_overflow=0,
        application="comptoir-api",
    )
    pusher = Pusher(settings.redis_url)
    database.after_commit = pusher.flush
    server = Server(server_config(settings, database), stopped)
    try:
        server.run()
    except SystemExit:  # uvicorn's way to say that it could not listen; it has logged why
        return 1
    finally:
        pusher.close()
        database.dispose()
        end_reports()
    return 0 if server.started else 1


def server_config(settings: Settings, database: Database) -> uvicorn.Config:
    """uvicorn with its fast parts, our logs, and no word about itself."""
    redis = open_async_redis(
        settings.redis_url, timeout=5, connect_timeout=0.5, retries=1, max_connections=REDIS_CONNECTIONS
    )
    app = create_app(settings, database, redis)
    shop: AppContext = app.state["shop"]
    app.on_shutdown.append(redis.aclose)
    return uvicorn.Config(
        app,
        host=settings.api_host,
        port=settings.api_port,
        loop="uvloop",
        http=bounded(shop.connections),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )


if __name__ == "__main__":
    sys.exit(main())
