"""The steps of the demo: a shop opens; a file is put on sale, bought with Stars, compared, bought by card."""

import os
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

from scripts.demonstration import card_sale
from scripts.demonstration.figures import MIB, Report
from scripts.demonstration.files import download, sha256_of
from scripts.demonstration.http_byte_counter import HttpByteCounter
from scripts.demonstration.jobs import finished_jobs
from scripts.demonstration.tell import Teller
from scripts.embedded.memory import memory_of
from scripts.embedded.ports import LOOPBACK, free_port
from scripts.embedded.process import PROJECT
from scripts.embedded.stack import Stack
from scripts.embedded.stripe import StripeServer
from scripts.embedded.telegram import TelegramSandbox
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.views import Message

TITLE = "La photographie argentique, cours complet"
WEB = ("api", "bot")


def play(folder: Path, sold: Path, report: Report, teller: Teller) -> None:
    """Run all steps in `folder` and fill the report. Raises when a step does not happen."""
    start = time.monotonic()
    report.file_bytes = sold.stat().st_size
    port = free_port()
    telegram = TelegramSandbox(folder / "telegram", folder / "telegram.log")
    with ExitStack() as resources:
        teller.chapter("The shop opens")
        counter = resources.enter_context(HttpByteCounter(port))
        # Straight to the API: what Stripe and Carol send there is no byte of the file.
        stripe = StripeServer(folder / "stripe", folder / "stripe.log", f"http://{LOOPBACK}:{port}")
        stack = _stack(folder, port, counter, telegram, stripe, teller)
        resources.callback(lambda: None if report.delivered else teller.logs(stack.logs()))
        resources.enter_context(stack)
        alice = telegram.remote.person("Alice", language="fr")
        bob = telegram.remote.person("Bob", language="en")
        open_shop(alice, teller)
        card_sale.connect(stack.settings.database_url, stripe, teller)
        put_on_sale(stack, alice, sold, teller)
        before = weigh(stack)
        teller.chapter("Bob buys")
        link = buy(bob, teller)
        teller.chapter("Bob clicks")
        file = download(link, report.file_bytes, teller)
        report.downloaded_bytes, report.redirect_status = file.size, file.redirect_status
        report.sha256_equal = file.sha256 == sha256_of(sold)
        teller.chapter("What it cost")
        measure(stack, before, weigh(stack), counter, telegram, report)
        teller.chapter("Carol pays by card")
        carol = telegram.remote.person("Carol", language="en")
        card_sale.buy(carol, stack, teller)
        report.sold_by_card = True
        report.jobs = finished_jobs(stack.settings.database_url)
        report.delivered = any(job["actor"] == "deliver" and job["state"] == "done" for job in report.jobs)
        report.seconds = round(time.monotonic() - start, 1)
        teller.chapter("The shop closes")


def _stack(
    folder: Path,
    port: int,
    counter: HttpByteCounter,
    telegram: TelegramSandbox,
    stripe: StripeServer,
    teller: Teller,
) -> Stack:
    """The processes, whose API people reach through the counter."""
    settings = {
        "API_PORT": str(port),
        "PUBLIC_URL": counter.url,
        "SELLERS_OPEN": "yes",
        "SHOP_NAME": "Comptoir",
        "RAIL_POLICY": "bot:stars;web:card",
    }
    return Stack(
        folder / "var", settings, extras=[telegram, stripe], report=lambda text: teller.say(f"  {text}")
    )


def open_shop(alice: Person, teller: Teller) -> None:
    """Let Alice become a seller, by talking to the bot."""
    teller.chapter("Alice opens a shop")
    message = say(alice, "/sell", "", teller)
    message = press(alice, message, "shop_new", teller)
    message = say(alice, "Studio Alice", "", teller, after=message)
    message = press(alice, message, "shop_accept", teller)
    press(alice, message, "shop_open", teller)


def put_on_sale(stack: Stack, alice: Person, sold: Path, teller: Teller) -> None:
    """Import Alice's file with `comptoir product add`: its bytes go to the store only."""
    teller.chapter("The file goes to the store, in parts, past the web processes")
    command = ["product", "add", "--file", str(sold), "--title", TITLE, "--price", "stars=500"]
    command += ["--price", f"card={card_sale.PRICE}"]
    command += ["--seller", str(alice.id)]
    teller.say(f"  $ comptoir {' '.join(command)}")
    done = subprocess.run(
        [sys.executable, "-m", "scripts.cli", *command],
        cwd=PROJECT,
        env={**os.environ, "COMPTOIR_VAR": str(stack.var)},
        check=False,
    )
    if done.returncode != 0:
        raise AssertionError(f"comptoir product add ended with {done.returncode}; it says why above.")


def buy(bob: Person, teller: Teller, title: str = "") -> str:
    """Let Bob find the product of that title, or the newest, and pay with Stars; the link that he gets."""
    welcome = say(bob, "/start", "", teller)
    shelf = press(bob, welcome, "page:1", teller)
    product = next(button for button in shelf.buttons if title in button.text)
    card = press(bob, shelf, product.value, teller)
    offer = next(button for button in card.buttons if button.value.startswith("buy:"))
    invoice = press(bob, card, offer.value, teller)
    teller.person("Bob", f"pays {invoice.invoice['total'] if invoice.invoice else '?'} Stars")
    paid = bob.pays(invoice)
    if paid.error:
        raise AssertionError(f"The payment was refused: {paid.error}")
    message = bob.wait_for(lambda m: bool(_links(m)), timeout=30, after=invoice)
    teller.bot(message)
    return _links(message)[0]


def _links(message: Message) -> list[str]:
    links = [*message.links, *(button.value for button in message.buttons if button.kind == "url")]
    return [link for link in links if "/d/" in link]


def say(person: Person, words: str, answer: str, teller: Teller, after: Message | None = None) -> Message:
    """Write to the bot and wait for its answer."""
    teller.person(person.name, words)
    question = person.says(words)
    message = person.wait_for(answer, after=question if after is None else after)
    teller.bot(message)
    return message


def press(person: Person, message: Message, data: str, teller: Teller) -> Message:
    """Press a button and wait for the message that it changes or brings."""
    label = next((b.text for b in message.buttons if b.value == data), data)
    teller.person(person.name, f"presses [{label}]")
    person.presses(message, data)
    changed = person.wait_for(lambda m: m.id > message.id or (m.id == message.id and m.edits > message.edits))
    teller.bot(changed)
    return changed


def weigh(stack: Stack) -> dict[str, int]:
    """The resident memory of each process with its children, in bytes."""
    return {name: memory_of(stack.pids(name)).rss for name in (*stack.parts, *stack.processes)}


def measure(
    stack: Stack,
    before: dict[str, int],
    after: dict[str, int],
    counter: HttpByteCounter,
    telegram: TelegramSandbox,
    report: Report,
) -> None:
    """Fill memory, growth and traffic into the report."""
    report.memory_mib = {
        name: {"before": round(before[name] / MIB, 1), "after": round(after[name] / MIB, 1)} for name in after
    }
    report.web_growth_mib = round(max(after[name] - before[name] for name in WEB) / MIB, 2)
    report.web_bytes = {"api": counter.bytes}
    # What workers send to Telegram, a preview, passes no web process; the bot is the one that gets updates.
    bot_bytes = telegram.remote.call("counts")["listener_file_bytes"]
    report.file_bytes_through_web = counter.body_bytes + bot_bytes
