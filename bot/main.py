"""The bot process: `python -m bot.main`. The only process that receives Telegram's updates."""

import core.process.import_guard  # noqa: F401, I001 - before whatever would import what it keeps out

import asyncio
import os
import signal
import sys

import structlog
from pyrogram import Client
from pyrogram.errors import FloodWait
from redis.asyncio import Redis

from bot.app import THREADS, Bot
from core.kit.db import Database
from core.kit.errors import SettingError
from core.process.logs import configure_logs
from core.telegram.client import open_client
from core.kit.rail_policy import parse_policy
from core.jobs.push import Pusher
from core.process.readiness import notify_ready
from core.process.settings import Settings
from core.process.tracing import configure_reports, end_reports

REDIS_TIMEOUT = 0.5  # seconds; people wait

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    database = Database(settings.database_url, pool_size=settings.database_pool, max_overflow=THREADS)
    pusher = Pusher(settings.redis_url)
    database.after_commit = pusher.flush
    redis = Redis.from_url(
        settings.redis_url, socket_timeout=REDIS_TIMEOUT, socket_connect_timeout=REDIS_TIMEOUT
    )
    try:
        await serve(settings, database, redis, stopping)
    finally:
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
    await bot.introduce(client)
    notify_ready()
    log.info("bot_ready", username=settings.bot_username, pid=os.getpid())
    await stopping.wait()
    log.info("bot_stopping")
    await client.stop()
    await bot.close()


async def log_in(client: Client, stopping: asyncio.Event) -> bool:
    """Start the client; False when asked to stop meanwhile.

    Telegram limits bot logins to a few in an hour and answers FLOOD_WAIT; trying again earlier makes it
    longer, so we wait here rather than exit and be restarted.
    """
    while not stopping.is_set():
        try:
            await client.start()
        except FloodWait as wait:
            seconds = int(str(wait.value)) + 1
            log.warning("login_must_wait", seconds=seconds)
            try:
                await asyncio.wait_for(stopping.wait(), seconds)
            except TimeoutError:
                continue
        else:
            return True
    return False


def main() -> int:
    """Read the settings and run; 2 when a setting is missing or wrong."""
    try:
        settings = Settings.from_environment(os.environ)
        settings.require("bot_token", "bot_username", "telegram_api_id", "telegram_api_hash")
        parse_policy(settings.rail_policy)
        configure_logs(settings, process="bot")
        configure_reports(settings, process="bot")
    except SettingError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    asyncio.run(run(settings))
    end_reports()
    return 0


if __name__ == "__main__":
    sys.exit(main())
