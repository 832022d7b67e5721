"""The lines that README and runbook print to be copied, run as printed, in their order, on one shop.

Names that stand for the reader's own (an order, a charge, a worker) are replaced, and the demo's gibibyte is
less. Containers have tests of their own.
"""

import io
import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from rich.console import Console
from sqlmodel import select

from core.kit.db import Database
from core.orders.orders import order_number
from core.payments.rails.stars.payments import Charge, confirm_stars, invoice_payload
from core.people.people import find_user
from core.wiring import connect
from schemas.base import utc_now
from schemas.sales import Order
from scripts.bench.running_stack import GIB, MIB
from scripts.demonstration.__main__ import DEFAULT_SIZE
from scripts.demonstration.play import buy
from scripts.demonstration.tell import Teller
from scripts.embedded.process import PROJECT
from scripts.embedded.telegram import TelegramSandbox
from scripts.sandbox.telegram.driver import Person
from scripts.terminal.context import load_settings
from tests.scripts.test_quoted_commands import to_copy
from tests.support import make

ELSEWHERE = (
    ".venv/bin/comptoir init",
    "docker ",
    "git pull",
    "kubectl",
    "scripts/deploy/release",
    "(umask 077; docker compose",
    "scripts/setup",
    "scripts/test",
)
"""Lines that begin so: what asks questions, what containers do, and what has been run whenever this is."""
UP = ("comptoir up", ".venv/bin/comptoir up")
START_AGAIN = "comptoir backup list"  # before it the runbook says: stop everything
TITLE = "The course"
SECONDS = 240
SIZE = 128 * MIB  # of the demo's file; test_uploads.py sells a gibibyte
NOTHING_FOUND = 3  # the exit code of a list that is empty


class Desk:
    """An operator's shell in a folder with the project in it."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        path = f"{PROJECT}/.venv/bin:{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": path, **environment}
        self._shop: subprocess.Popen[str] | None = None

    def types(self, line: str) -> str:
        """Run a line to its end; what it printed."""
        done = subprocess.run(
            ["bash", "-euc", line],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        assert done.returncode in (0, NOTHING_FOUND), f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def starts(self, line: str) -> None:
        """Run a line that goes on, as in a terminal of its own, until the shop is there."""
        shop = subprocess.Popen(
            ["bash", "-euc", f"exec {line.partition('#')[0]} --json"],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._shop = shop
        assert shop.stdout is not None
        assert "url" in json.loads(shop.stdout.readline() or "{}"), "the shop did not start"

    def stops(self) -> None:
        """Press Ctrl-C where the shop runs."""
        shop, self._shop = self._shop, None
        if shop is not None:
            with shop:  # closes its pipe, whatever it ended with
                shop.send_signal(signal.SIGINT)
                assert shop.wait(SECONDS) == 0


@contextmanager
def desk_in(folder: Path, environment: dict[str, str]) -> Iterator[Desk]:
    desk = Desk(folder, environment)
    try:
        yield desk
    finally:
        desk.stops()


def lines_of(document: str) -> list[str]:
    lines = to_copy((PROJECT / document).read_text())
    return [line for line in lines if line.strip() and not line.startswith(("#", *ELSEWHERE))]


def more_money(var: Path, buyer: Person) -> tuple[str, str]:
    """What no line of the runbook brings: a second charge for somebody's order, as when two payments
    crossed, and an order paid by crypto; the charge's id and the other order's number.
    """
    connect()
    database = Database(load_settings(var).database_url)
    with database.transaction() as session:
        order = session.exec(select(Order)).one()
        charge = Charge(
            charge_id="second-charge",
            payload=invoice_payload(order),
            amount=order.amount,
            currency=order.currency,
        )
        user = find_user(session, buyer.id)
        assert user is not None
        confirm_stars(session, charge, user, now=utc_now())
        other = order_number(make.paid_order(session, rail="crypto", now=utc_now()))
    database.dispose()
    return charge.charge_id, other


@pytest.mark.timeout(600)
def test_the_runbook_does_what_it_says(tmp_path: Path) -> None:
    lines = lines_of("docs/runbook.md")
    assert [line for line in lines if line.startswith("comptoir restore")], "the lines are found"
    with ExitStack() as parts:
        telegram = TelegramSandbox(tmp_path / "telegram", tmp_path / "telegram.log")
        telegram.start()
        parts.callback(telegram.stop)
        folder = tmp_path / "shop"
        folder.mkdir()
        for name in (".venv", ".env.example"):
            (folder / name).symlink_to(PROJECT / name)
        desk = parts.enter_context(
            desk_in(folder, {**telegram.environment, "COMPTOIR_VAR": str(folder / "var")})
        )
        key = desk.types("comptoir backup key --to backup.key --json")
        desk.environment["BACKUP_KEY"] = json.loads(key)["public"]
        own: dict[str, str] = {}
        for line in lines:
            if line.startswith(START_AGAIN):
                desk.stops()
            if line.startswith(UP):
                desk.starts(line)
                own = own or open_for_business(desk, telegram)
                continue
            for theirs, ours in own.items():
                line = line.replace(theirs, ours)
            desk.types(line)


def open_for_business(desk: Desk, telegram: TelegramSandbox) -> dict[str, str]:
    """Sell something, paid twice; what the names of the runbook are called in this shop."""
    seller, buyer = telegram.remote.person("Alice"), telegram.remote.person("Ana")
    (desk.folder / "course.zip").write_bytes(os.urandom(4096))
    shop = f"--seller {seller.id} --seller-name Alice"
    desk.types(f"comptoir product add --file course.zip --title '{TITLE}' --price stars=250 {shop}")
    buy(buyer, Teller(Console(file=io.StringIO())), TITLE)
    charge, other = more_money(desk.folder / "var", buyer)
    (order,) = json.loads(desk.types("comptoir orders find ana --json"))["items"]
    worker, *_ = json.loads(desk.types("comptoir queue workers --json"))
    orders = {"CMT-000042": order["number"], "CMT-000043": other}
    return {**orders, "CHARGE": charge, "host:123:9f3c2a": worker["name"]}


@pytest.mark.timeout(600)
def test_the_readme_does_what_it_says(tmp_path: Path) -> None:
    reports = [tmp_path / "random.json", tmp_path / "own.json"]
    with desk_in(PROJECT, {"COMPTOIR_DEMO_DIR": str(tmp_path / "demo")}) as desk:
        for line, report in zip(lines_of("README.md"), reports, strict=True):
            assert line.startswith("scripts/demo ")
            size = "" if "--file" in line else f"--size {SIZE}"
            desk.types(f"{line.partition('#')[0]} {size} --report {report}")

    random, own = (json.loads(report.read_text()) for report in reports)
    for figures in (random, own):
        assert (figures["success"], figures["delivered"], figures["sha256_equal"]) == (True, True, True)
        assert figures["file_bytes"] == figures["downloaded_bytes"]
        assert (figures["redirect_status"], figures["file_bytes_through_web"]) == (302, 0)
        assert {"web_growth_mib", "seconds"} <= figures.keys()
    assert (DEFAULT_SIZE, random["file_bytes"]) == (GIB, SIZE)
    assert "preview" in str(own["jobs"])
