"""Checks of what the shop talks to: the store, Telegram, and its own address as the world reaches it."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO

import urllib3
from pyrogram import errors
from urllib3.exceptions import HTTPError

from core.kit.errors import ComptoirError, StoreUnavailable
from core.ports import NEEDED_RIGHTS
from core.process.settings import Settings
from core.telegram.client import TelegramClient, open_client
from scripts.doctor.data import clock
from scripts.doctor.finding import Finding
from workers.bucket_cors import origins_of
from workers.store import S3Store
from workers.telegram import channel_calls

PROBE = "doctor/probe"
BODY = b"comptoir"
ASK = urllib3.Timeout(connect=5, read=5)
LOGIN = 12.0  # seconds
CHANNEL = 5.0


def store(settings: Settings) -> Iterator[Finding]:
    """Check keys, bucket, ranges and what browsers may; a small object is stored and removed."""
    if not settings.s3_endpoint:
        yield Finding("store", "fail", "S3_ENDPOINT is empty: no file can be stored", "Set it in .env.")
        return
    s3 = S3Store(settings)
    try:
        s3.upload(PROBE, BytesIO(BODY), len(BODY), "text/plain")
        try:
            yield Finding("store", "ok", f"the bucket {settings.s3_bucket} takes and gives")
            yield from _ranges(s3.sign_read(PROBE, expires=60))
            yield _browsers(s3, origins_of(settings))
        finally:
            s3.delete(PROBE)
    except StoreUnavailable as error:
        problem, _, mend = str(error).partition(". ")
        yield Finding("store", "fail", problem, mend)


def _ranges(url: str) -> Iterator[Finding]:
    answer = urllib3.request("GET", url, headers={"range": "bytes=2-4"}, timeout=ASK, retries=False)
    # rclone answers 200 with Content-Range, which players take as well.
    if answer.data == BODY[2:5] and answer.headers.get("content-range"):
        yield Finding("store ranges", "ok", "parts of a file can be asked for")
    else:
        problem = (
            f"a range was answered with {answer.status} and {len(answer.data)} bytes: downloads cannot go on"
        )
        mend = "A proxy in front of the store drops Range; let it pass."
        yield Finding("store ranges", "fail", problem, mend)
    if answer.headers.get("date"):
        theirs = parsedate_to_datetime(answer.headers["date"])
        yield clock("store clock", "the store's", (theirs - datetime.now(UTC)).total_seconds())


def _browsers(s3: S3Store, origins: tuple[str, ...]) -> Finding:
    shut_out = s3.shut_out(origins)
    if not shut_out:
        return Finding("store browsers", "ok", "pages may send parts and read their ETag")
    problem = f"browsers at {' and '.join(shut_out)} cannot upload"
    mend = "Set the CORS rule of docs/guide.md, chapter Store (PUT allowed, ETag exposed)."
    return Finding("store browsers", "fail", problem, mend)


def telegram(settings: Settings, channels: list[tuple[int, str]]) -> list[Finding]:
    """Check the token, the bot's name, and its rights in each channel (Telegram's id and title)."""
    if not (settings.bot_token and settings.telegram_api_id and settings.telegram_api_hash):
        return []
    return asyncio.run(_telegram(settings, channels))


async def _telegram(settings: Settings, channels: list[tuple[int, str]]) -> list[Finding]:
    # A session of its own, in memory: the files of the others belong to running processes.
    client = open_client(replace(settings, session_dir=None), "doctor", receive_updates=False)
    try:
        async with asyncio.timeout(LOGIN):
            await client.start()
    except (errors.RPCError, OSError, TimeoutError, ComptoirError) as error:
        return [_no_login(error)]
    try:
        findings = [_name(settings, (client.me and client.me.username) or "")]
        for chat_id, title in channels:
            findings.append(await _rights(client, chat_id, title))
        return findings
    finally:
        await client.stop()
        client.executor.shutdown(wait=False)


def _no_login(error: Exception) -> Finding:
    if isinstance(error, errors.FloodWait):
        return Finding(
            "bot", "warn", f"Telegram asks for a pause of {error.value} s", "Wait, then look again."
        )
    if isinstance(error, errors.RPCError):
        mend = "Mend BOT_TOKEN (BotFather: /token), TELEGRAM_API_ID and TELEGRAM_API_HASH."
        return Finding("bot", "fail", f"Telegram refuses the login: {error.ID}", mend)
    why = type(error).__name__
    return Finding("bot", "fail", f"Telegram does not answer ({why})", "Open the way to Telegram (port 443).")


def _name(settings: Settings, name: str) -> Finding:
    if name.lower() == settings.bot_username.lower():
        return Finding("bot", "ok", f"@{name} is logged in")
    problem = (
        f"the token is of @{name}, BOT_USERNAME says {settings.bot_username or 'nothing'}: links miss the bot"
    )
    return Finding("bot", "fail", problem, f"Set BOT_USERNAME={name}.")


async def _rights(client: TelegramClient, chat_id: int, title: str) -> Finding:
    name = f"channel {title}"
    try:
        async with asyncio.timeout(CHANNEL):
            rights = await channel_calls.own_rights(client, chat_id)
    except (errors.RPCError, ComptoirError, OSError, TimeoutError) as error:
        mend = "Its owner adds the bot again as an admin."
        return Finding(name, "fail", f"the bot cannot see it ({type(error).__name__})", mend)
    if missing := [right for right in NEEDED_RIGHTS if right not in rights]:
        problem = f"the bot lacks the rights {', '.join(missing)}"
        return Finding(name, "fail", problem, "Its owner gives them in the channel's list of admins.")
    return Finding(name, "ok", "the bot has its rights")


def web(settings: Settings) -> Iterator[Finding]:
    """Check the shop's public address as providers and people reach it."""
    if not settings.public_url:
        return
    url = settings.public_url
    mend = "Look at DNS, the proxy and its certificate; the API must listen behind it."
    try:
        lives = urllib3.request("GET", f"{url}/healthz", timeout=ASK, retries=False, redirect=False)
        refused = urllib3.request(
            "POST", f"{url}/webhooks/nowpayments", body=b"{}", timeout=ASK, retries=False
        )
    except HTTPError as error:
        reason = getattr(error, "reason", None) or error
        yield Finding("web", "fail", f"{url} cannot be reached ({type(reason).__name__})", mend)
        return
    if (lives.status, lives.data.strip()) != (200, b'{"status":"ok"}'):
        yield Finding("web", "fail", f"{url}/healthz answers {lives.status}, and not as our API does", mend)
        return
    yield Finding("web", "ok", f"{url} answers")
    # Unsigned, it must be refused by us, and by nobody in front of us.
    if refused.status == 401:
        yield Finding("webhooks", "ok", "notices of payment providers arrive")
    else:
        problem = f"a notice was answered with {refused.status} instead of being checked"
        yield Finding("webhooks", "fail", problem, "Let POST /webhooks/… pass through the proxy unchanged.")
