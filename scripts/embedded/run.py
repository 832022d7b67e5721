"""Runs the whole shop on this machine in the foreground, as `comptoir up` does."""

import json
import os
import signal
import time
from pathlib import Path

from rich.console import Console

from core.process.setting_fields import Role
from scripts.embedded.completion import api_port
from scripts.embedded.logs import Follower, show
from scripts.embedded.nowpayments import NowPaymentsServer
from scripts.embedded.ports import LOOPBACK
from scripts.embedded.runfile import RUN, read_json
from scripts.embedded.stack import Stack
from scripts.embedded.starters import Part
from scripts.embedded.stripe import StripeServer
from scripts.embedded.telegram import TelegramSandbox
from scripts.terminal.context import file_environment, var_folder

BOT_LESS = (
    "BOT_TOKEN is not set, so the bot is not started. Ask @BotFather in Telegram for one (/newbot), "
    "write BOT_TOKEN=… into .env with TELEGRAM_API_ID and TELEGRAM_API_HASH from my.telegram.org, and "
    "start again; or try everything without Telegram: comptoir up --sandbox"
)
STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PERIOD = 0.1  # seconds between two looks at the logs


def run_shop(var: Path | None, *, bot: bool, sandbox: bool, as_json: bool) -> None:
    """Start every part, show the logs, and stop all of it at Ctrl-C."""
    console = Console(stderr=as_json, highlight=False)
    environment = file_environment() | dict(os.environ)
    folder = var_folder(var)
    if sandbox:  # whoever tells the shop has to know where it is
        environment["API_PORT"] = str(api_port(environment))
    extras = sandbox_parts(folder, f"http://{LOOPBACK}:{environment['API_PORT']}") if sandbox else []
    has_bot = bot and (sandbox or any(environment.get(name) for name in ("BOT_TOKEN", "BOT_TOKEN_FILE")))
    if bot and not has_bot:
        console.print(BOT_LESS, style="yellow")
    roles: tuple[Role, ...] = ("api", "bot", "workers") if has_bot else ("api", "workers")
    # SIGINT too: a shell's job in the background is started with it ignored.
    for number in STOP:
        signal.signal(number, signal.default_int_handler)
    stack = Stack(
        folder, environment, roles, extras=extras, report=lambda text: show(console, "comptoir", text)
    )
    try:
        stack.start()
        report(stack, console, as_json)
        follow(stack, None if as_json else console)
    except KeyboardInterrupt:
        show(console, "comptoir", "stopping")
    finally:
        for number in STOP:
            signal.signal(number, signal.SIG_IGN)
        stack.stop()


def report(stack: Stack, console: Console, as_json: bool) -> None:
    """Print that everything is up, and at which address."""
    if as_json:
        print(json.dumps(read_json(stack.var / RUN)), flush=True)
    else:
        show(console, "comptoir", f"ready at {stack.settings.public_url or stack.url} (Ctrl-C stops)")


def follow(stack: Stack, console: Console | None) -> None:
    """Show the logs on the console, if there is one, until a signal comes."""
    follower = Follower(stack.logs())
    while True:
        time.sleep(PERIOD)
        if console:
            for name, line in follower.lines():
                show(console, name, line)


def sandbox_parts(folder: Path, shop_url: str) -> list[Part]:
    """The stand-ins for services that need an account: Telegram, NOWPayments and Stripe."""
    log = folder / "log"
    return [
        TelegramSandbox(folder / "telegram", log / "telegram.log"),
        NowPaymentsServer(folder / "nowpayments", log / "nowpayments.log"),
        StripeServer(folder / "stripe", log / "stripe.log", shop_url),
    ]
