"""`comptoir smoke` plays on a shop of real processes against the loopback Telegram, and leaves nothing."""

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import urllib3
from sqlalchemy import text
from sqlmodel import col, select

from core.jobs.admin.schedules_view import set_paused
from core.jobs.schedules import KNOWN
from core.kit.db import Database
from core.people.people import upsert_person
from core.people.sellers import open_shop
from core.wiring import connect
from schemas.base import utc_now
from schemas.membership import Channel
from schemas.queue import Job, Schedule
from scripts.bench.running_stack import UNHURRIED
from scripts.doctor import data
from scripts.embedded.ports import LOOPBACK, free_port
from scripts.embedded.process import PROJECT
from scripts.embedded.stack import Stack
from scripts.embedded.stripe import StripeServer, take_cards
from scripts.embedded.telegram import TOKEN, USERNAME, TelegramSandbox
from scripts.sandbox.mail import MailServer, mail_server
from scripts.sandbox.telegram.channel_handle import ChannelHandle
from scripts.sandbox.telegram.driver import Person
from tests.scripts.embedded.test_up import CLEAN
from tests.support.waiting import wait_until

KEPT = (
    "audit_entry",
    "staff_note",
    "job",
    "worker_beat",
    "bot_beat",
    "queue_minute",
    "schedule",
    "telegram_slot",
    "job_attempt",
)
"""What every shop writes while it runs, and the log that nothing is taken from, with why somebody did it."""


@dataclass
class Trying:
    """A shop for trying with a seller, a buyer and a channel."""

    stack: Stack
    database: Database
    mail: MailServer
    buyer: Person
    room: ChannelHandle

    def rows(self) -> dict[str, int]:
        with self.database.engine.connect() as connection:
            tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            return {
                table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
                for table in tables.scalars()
                if table not in KEPT
            }

    def smoke(self, *options: str, opens: bool = True) -> tuple[int, list[dict[str, Any]], str]:
        """Run it; the buyer opens the link that it shows, and pays on Stripe's page.

        Exit code, steps, and what it said.
        """
        command = [
            sys.executable,
            "-m",
            "scripts.cli",
            "smoke",
            "--buyer",
            str(self.buyer.id),
            *options,
            "--json",
        ]
        with subprocess.Popen(
            command,
            cwd=PROJECT,
            env={**CLEAN, "COMPTOIR_VAR": str(self.stack.var)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stderr is not None
            said = ""
            for line in process.stderr:
                said += line
                if opens and (link := re.search(r"https://t\.me/\+\S+", line)):
                    threading.Thread(target=self.buyer.requests_to_join, args=(link[0],)).start()
                if page := re.search(r"http://\S+/pay/cs_\S+", line):
                    httpx.post(page[0], data={"act": "ok"}, trust_env=False)
            out = process.stdout.read() if process.stdout else ""
        return process.returncode, json.loads(out) if out else [], said


@pytest.fixture(scope="module")
def trying(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trying]:
    connect()
    folder = tmp_path_factory.mktemp("trying")
    telegram = TelegramSandbox(folder / "telegram", folder / "telegram.log")
    telegram.start()
    try:
        with mail_server() as mail:
            port = free_port()
            stripe = StripeServer(folder / "stripe", folder / "stripe.log", f"http://{LOOPBACK}:{port}")
            settings = {
                **telegram.environment,
                "API_PORT": str(port),
                "RAIL_POLICY": "bot:stars;web:manual,card",
                **UNHURRIED,
                "ENV": "test",
                "SMTP_HOST": "127.0.0.1",
                "SMTP_PORT": str(mail.port),
                "SMTP_ENCRYPTION": "none",
                "MAIL_FROM": "shop@example.org",
            }
            with Stack(folder / "var", settings, extras=[stripe], fsync=False) as stack:
                shop = opened(stack, telegram, stripe, mail)
                yield shop
                shop.database.dispose()
    finally:
        telegram.stop()


def opened(stack: Stack, telegram: TelegramSandbox, stripe: StripeServer, mail: MailServer) -> Trying:
    remote = telegram.remote
    seller, buyer = remote.person("Alice"), remote.person("Bob")
    database = Database(stack.settings.database_url)
    with database.transaction() as session:
        owner = upsert_person(
            session,
            telegram_id=seller.id,
            name="Alice",
            username=None,
            language_code="en",
            now=utc_now(),
        )
        shop = open_shop(
            session,
            owner,
            name="Studio",
            rails=["stars", "manual"],
            accept_terms=True,
            approve_at_once=True,
            now=utc_now(),
        )
        take_cards(session, shop, stripe.ask("add_seller"))
    buyer.says("/start")
    buyer.wait_for("Test shop", timeout=60)
    room = remote.add_channel("VIP", seller, remote.add_bot(TOKEN, USERNAME))

    def connected() -> bool:
        with database.transaction() as session:
            return session.exec(select(Channel.id).where(Channel.state == "connected")).first() is not None

    wait_until(connected, 60, "the bot did not connect the channel")
    still(database)
    return Trying(stack, database, mail, buyer, room)


def still(database: Database) -> None:
    """Pause every schedule and wait for what has begun: what is written from now on, the smoke test wrote."""

    def pause() -> bool:
        with database.transaction() as session:
            for name in session.exec(select(Schedule.name)).all():
                set_paused(session, name, actor="test", paused=True)
            names = [known.name for known in KNOWN]
            under_way = col(Job.actor).in_(names), col(Job.state).in_(("queued", "running"))
            return (
                len(session.exec(select(Schedule.name).where(Schedule.paused)).all()) >= len(names)
                and session.exec(select(Job.id).where(*under_way)).first() is None
            )

    wait_until(pause, 60, "a schedule's job did not end")


@pytest.mark.timeout(300)
def test_everything_is_played_and_nothing_is_left(trying: Trying) -> None:
    before = trying.rows()
    options = ("--channel", str(trying.room.chat_id), "--mail", "ana@example.org", "--card")
    code, steps, said = trying.smoke(*options)
    assert {step["step"]: step["state"] for step in steps} == dict.fromkeys(
        ("sale", "grant", "entry", "removal", "card", "mail"), "ok"
    ), (steps, said)
    assert code == 0
    assert trying.buyer.id not in trying.room.members
    assert trying.mail.addresses == ["ana@example.org"]
    assert trying.rows() == before
    assert not [path for path in (trying.stack.var / "store").rglob("*smoke*") if path.is_file()]
    states = {item.name: item.state for item in data.redis_server(trying.stack.settings)}
    assert states["redis keys"] == "ok"


@pytest.mark.timeout(300)
def test_without_channel_and_address_these_are_left_out_and_a_fault_is_told(trying: Trying) -> None:
    _, steps, _ = trying.smoke()
    assert [step["state"] for step in steps] == ["ok", "ok", "skip", "skip", "skip", "skip"]
    before = trying.rows()
    code, steps, said = trying.smoke("--channel", str(trying.room.chat_id), "--wait", "1", opens=False)
    assert [step["state"] for step in steps] == ["ok", "ok", "fail", "skip", "skip", "skip"], (code, said)
    assert code == 1
    code, _, said = trying.smoke("--channel", "-1001")
    assert code == 1
    assert "is not connected" in said
    assert trying.rows() == before


def test_whoever_opens_the_bot_or_a_page_reads_that_the_shop_is_for_trying(trying: Trying) -> None:
    assert any("Test shop" in message.text for message in trying.buyer.chat)
    page = urllib3.request("GET", f"{trying.stack.url}/p/none", headers={"accept-language": "en"})
    assert b"This shop is for trying only" in page.data


def test_a_shop_in_earnest_is_left_alone(trying: Trying, tmp_path: Path) -> None:
    environment = json.loads((trying.stack.var / "environment.json").read_text())
    (tmp_path / "environment.json").write_text(
        json.dumps({**environment, "ENV": "production", "TELEGRAM_SANDBOX": ""})
    )
    done = subprocess.run(
        [sys.executable, "-m", "scripts.cli", "smoke", "--buyer", "1", "--var", str(tmp_path)],
        cwd=PROJECT,
        env=CLEAN,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "ENV is not test" in done.stderr) == (1, True), done.stderr
