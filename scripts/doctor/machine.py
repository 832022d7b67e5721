"""Checks of the settings against one another, and of what this machine must have."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from rich.filesize import decimal

from core.monitoring.disk import MEND_UNSEEN_DISK, unseen_disk
from core.monitoring.memory import host_memory
from core.payments.rails.port import rails
from core.process.settings import Settings
from core.wiring import connect
from scripts.doctor.finding import Finding

FULL = 0.05  # share of a disk that is free
NEARLY_FULL = 0.15
FEW = 1 << 30  # bytes free
SCARCE = 0.2  # share of memory that is available


def settings_agree(settings: Settings) -> Iterator[Finding]:
    """Check settings that do not go with one another; each alone was valid."""
    odd = list(_oddities(settings))
    yield from odd
    if not odd:
        yield Finding("settings", "ok", f"read, for {settings.env}")


def _oddities(settings: Settings) -> Iterator[Finding]:
    production = settings.env == "production"
    if not settings.bot_token:
        yield Finding(
            "settings", "fail", "BOT_TOKEN is empty: nothing can be sold or sent", "Set it in .env."
        )
    if not (settings.telegram_api_id and settings.telegram_api_hash):
        mend = "Set TELEGRAM_API_ID and TELEGRAM_API_HASH, from my.telegram.org."
        yield Finding("settings", "fail", "Telegram's API id or hash is empty", mend)
    if len(settings.link_secret) < 64:
        problem = "LINK_SECRET is shorter than 32 bytes: links could be guessed"
        yield Finding("settings", "fail", problem, "Set it to what `openssl rand -hex 32` prints.")
    if not settings.public_url:
        problem = "PUBLIC_URL is empty: no web orders, and links are the store's own, valid 24 h"
        yield Finding("settings", "warn", problem, "Set it once the shop has an https address.")
    elif production and not settings.public_url.startswith("https://"):
        problem = "PUBLIC_URL is not https: tokens travel in the open, and Telegram opens no Mini App"
        yield Finding("settings", "fail", problem, "Give the shop a certificate.")
    if production and settings.telegram_sandbox:
        yield Finding("settings", "fail", "TELEGRAM_SANDBOX is set in production", "Unset it.")
    if unseen := unseen_disk(settings.store_folder):
        yield Finding("settings", "warn", unseen, MEND_UNSEEN_DISK)
    if settings.smtp_host and not settings.mail_from:
        yield Finding(
            "settings", "fail", "SMTP_HOST is set and MAIL_FROM is not: no mail goes out", "Set MAIL_FROM."
        )


def payments(settings: Settings) -> Iterator[Finding]:
    """How each rail is set up, as it says itself."""
    connect()
    for rail in rails():
        health = rail.doctor(settings)
        yield Finding(f"rail {rail.name}", health.state, health.detail, health.mend)


def ffmpeg() -> Iterator[Finding]:
    """Check that ffmpeg runs, which teasers of films need."""
    from workers.preview.program import find_ffmpeg

    program = find_ffmpeg()
    if not program:
        problem = "not found: films get no teaser, everything else works"
        yield Finding("ffmpeg", "warn", problem, "apt install ffmpeg")
        return
    version = subprocess.run([program, "-version"], capture_output=True, text=True, timeout=10, check=False)
    if version.returncode:
        yield Finding("ffmpeg", "warn", "does not start", "Install it anew: apt install --reinstall ffmpeg")
    else:
        yield Finding("ffmpeg", "ok", " ".join(version.stdout.split()[:3]))


def disk(folder: Path) -> Iterator[Finding]:
    """Check the room on the disk where the stack keeps its data."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    yield room(usage.total, usage.free)


def room(total: int, free: int) -> Finding:
    """What so many free bytes of a disk mean, as a finding."""
    figures = f"{decimal(free)} of {decimal(total)} free"
    mend = "Move data away or enlarge the disk: PostgreSQL stops when it is full. `comptoir storage` helps."
    if free < FEW or free < FULL * total:
        return Finding("disk", "fail", figures, mend)
    return (
        Finding("disk", "warn", figures, mend)
        if free < NEARLY_FULL * total
        else Finding("disk", "ok", figures)
    )


def memory() -> Iterator[Finding]:
    """Check how much memory programs can still have."""
    host = host_memory()
    figures = f"{decimal(host.available)} of {decimal(host.total)} available"
    scarce = host.available < SCARCE * host.total
    mend = "More than 80 % is in use: move workers to another machine." if scarce else ""
    yield Finding("memory", "warn" if scarce else "ok", figures, mend)
