"""The bot process: `python -m bot.main`. The only process that receives Telegram's updates."""

import core.process.import_guard  # noqa: I001 - before whatever would import what it keeps out
import core.telegram.lazy_types  # noqa: F401 - as well

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import structlog
from pyrogram import Client
from pyrogram.errors import FloodWait, RPCError
from redis.asyncio import Redis

from bot.app import Bot
from core.kit.db import Database
from core.kit.errors import SettingError
from core.kit.languages import use_languages
from core.kit.redis_client import open_async_redis
from core.catalogue.listing_fee import parse_fee
from core.process import kernel
from core.process.logs import configure_logs
from core.telegram.client import check_client, open_client
from core.kit.rail_policy import parse_policy
from core.jobs.push import Pusher
from core.process.liveness import keep_touching
from core.process.readiness import notify_ready
from core.process.settings import Settings
from core.process.tracing import check_reports, configure_reports, end_reports

REDIS_TIMEOUT = 0.5  # seconds; people wait
REFUSED = 300  # seconds until a login that Telegram refused is tried again
UNREACHABLE = 15  # seconds, where nothing of Telegram answers
ASKED_AGAIN = 0.2  # seconds until what was asked to end is asked once more

log = structlog.get_logger(__name__)


async def run(settings: Settings, stopped: threading.Event | None = None) -> None:
    """Serve until SIGTERM or SIGINT. `stopped` is set where one came before there was anybody to hear it."""
    kernel.name_process("comptoir-bot")
    kernel.close_to_others()
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if stopped and stopped.is_set():
        stopping.set()
    database = Database(
        settings.database_url,
        pool_size=settings.database_pool,
        max_overflow=settings.database_overflow,
        application="comptoir bot",
    )
    pusher = Pusher(settings.redis_url)
    database.after_commit = pusher.flush
    redis = open_async_redis(
        settings.redis_url, timeout=REDIS_TIMEOUT, connect_timeout=REDIS_TIMEOUT, retries=1
    )
    alive = asyncio.create_task(keep_touching(settings.alive_dir, "bot"))
    try:
        await serve(settings, database, redis, stopping)
    finally:
        alive.cancel()
        await redis.aclose()
        pusher.close()
        database.dispose()


async def serve(settings: Settings, database: Database, redis: Redis, stopping: asyncio.Event) -> None:
    """Log in, listen, and stop in order: no update is taken that cannot be finished."""
    client = open_client(settings, "bot", receive_updates=True)
    bot = Bot(settings, database, redis, settings.bot_username)
    bot.listen(client)
    if not await log_in(client, stopping):
        return
    await unless_stopped(bot.introduce(client), stopping)
    bot.heartbeat.start()
    notify_ready()
    log.info("bot_ready", username=settings.bot_username, pid=os.getpid())
    await stopping.wait()
    log.info("bot_stopping")
    await client.stop()
    await bot.close()


async def log_in(client: Client, stopping: asyncio.Event) -> bool:
    """Start the client; False when asked to stop meanwhile.

    Telegram limits bot logins to a few in an hour and answers FLOOD_WAIT; trying again earlier makes it
    longer. So we wait here, with one line a try, rather than exit and be restarted at once.
    """
    while not stopping.is_set():
        try:
            return await unless_stopped(client.start(), stopping)
        except FloodWait as wait:
            pause = int(str(wait.value)) + 1
            log.warning("login_must_wait", seconds=pause)
        except RPCError as error:
            pause = REFUSED
            log.error("bot_refused", reason=error.ID, seconds=pause, advice="look at BOT_TOKEN")
        except (OSError, TimeoutError) as error:
            pause = UNREACHABLE
            log.error("telegram_unreachable", error=type(error).__name__, seconds=pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
    return False


async def unless_stopped(work: Coroutine[Any, Any, object], stopping: asyncio.Event) -> bool:
    """Do this work; False when asked to stop first, which ends it where it is. Raises what it raises."""
    doing = asyncio.ensure_future(work)
    asked = asyncio.ensure_future(stopping.wait())
    await asyncio.wait({doing, asked}, return_when=asyncio.FIRST_COMPLETED)
    asked.cancel()
    if doing.done():
        await doing
        return True
    while not doing.done():  # the library goes on after one, in the middle of a try to connect
        doing.cancel()
        await asyncio.wait({doing}, timeout=ASKED_AGAIN)
    return False


def check(settings: Settings) -> None:
    """Raise `SettingError` for what would end the bot at its start; connects to nothing."""
    check_reports(settings)
    settings.make_folders("alive_dir")
    settings.require("bot_username")
    parse_policy(settings.rail_policy)
    parse_fee(settings.listing_fee)
    check_client(settings)


def main() -> int:
    """Read the settings and run; 2 when a setting is missing or wrong."""
    try:
        settings = Settings.from_environment(os.environ)
        check(settings)
        configure_logs(settings, process="bot")
        configure_reports(settings, process="bot")
        use_languages(unknown=settings.default_language, foreign=settings.fallback_language)
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    asyncio.run(run(settings))
    end_reports()
    return 0


if __name__ == "__main__":
    sys.exit(main())
