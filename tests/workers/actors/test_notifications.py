"""From an address that somebody gives to the mails that go there, and their end."""

import re
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from sqlmodel import Session, col, select

from core.jobs.ledger import enqueue
from core.kit.db import Database
from core.kit.names import number_of
from core.kit.rows import id_of
from core.notifications.addresses import confirm, give_address, give_order_address, stop
from core.notifications.notify import notify
from core.payments.order_claims import redeem
from core.people.support import answer, ask_on_page
from core.process.settings import Settings
from schemas import notification_jobs
from schemas.base import utc_now
from schemas.contracts import JobContract
from schemas.jobs import CONTRACTS
from schemas.notifications import MailAddress, Notification
from schemas.people import User
from schemas.queue import Job
from scripts.sandbox.mail import MailServer, mail_server
from tests.support import make
from workers.actors import notifications
from workers.registry import registry
from workers.runtime.runner import Runner
from workers.services import Services

REGISTERED = (notifications,)
"""Imported for what they register."""
SOON: dict[str, str | int] = {"title": "Couture <3", "days": 3, "ends": 1_800_000_000}
ADDRESS = "awa@example.org"


class Post:
    """A shop with a mail server: does the jobs that write mails."""

    def __init__(self, settings: Settings, database: Database, server: MailServer) -> None:
        self.database, self.server = database, server
        nobody = cast(Any, None)  # mail needs neither Redis, the store, Telegram nor a payment provider
        self._runner = Runner(Services(settings, database, nobody, nobody, nobody, nobody), "test:1")

    def work(self, contract: type[JobContract]) -> list[str]:
        """Do all queued jobs of a kind once; the states that they are in then."""
        with Session(self.database.engine) as session:
            queued = select(Job.id).where(Job.actor == contract.actor, Job.state == "queued")
            numbers = session.exec(queued.order_by(col(Job.created_at))).all()
        for number in numbers:
            self._runner.perform(CONTRACTS[contract.actor], registry.actors[contract], number)
        with Session(self.database.engine) as session:
            return [session.get_one(Job, number).state for number in numbers]

    def token(self, word: str) -> str:
        """The token of a link in the latest letter."""
        match = re.search(rf"/mail/{word}/([\w-]{{43}})", self.words())
        assert match is not None
        return match[1]

    def words(self) -> str:
        """The latest letter as it is read without pictures."""
        part = self.server.letters[-1].get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    def confirmed(self, person: User) -> None:
        """The person gives an address and presses the link that comes there."""
        with self.database.transaction() as session:
            give_address(session, id_of(person), ADDRESS, now=utc_now())
        assert self.work(notification_jobs.ConfirmMail) == ["done"]
        with self.database.transaction() as session:
            confirm(session, self.token("confirm"), now=utc_now())

    def warn(self, person: User) -> None:
        """Something happens of which the person is told."""
        with self.database.transaction() as session:
            notify(session, id_of(person), "member-warned", SOON)


@pytest.fixture
def post(settings: Callable[..., Settings], database: Database) -> Iterator[Post]:
    with mail_server() as server:
        reach = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_encryption": "none"}
        reach |= {"mail_from": "shop@shop.example", "public_url": "https://shop.example"}
        reach |= {"bot_username": "ComptoirBot", "shop_name": "Atelier Awa", "link_secret": make.SECRET}
        yield Post(settings(**reach), database, server)


@pytest.fixture
def person(post: Post) -> User:
    with post.database.transaction() as session:
        return make.user(session, name="Awa Diop", language="en")


def test_an_address_is_asked_told_and_left_alone(post: Post, person: User) -> None:
    post.confirmed(person)
    post.warn(person)
    assert post.work(notification_jobs.MailNotification) == ["done"]
    letter = post.server.letters[-1]
    assert (post.server.addresses, letter["subject"]) == (
        [ADDRESS] * 2,
        "Your access is about to end · Atelier Awa",
    )
    assert "Couture <3 ends in 3 days" in post.words()
    assert "https://t.me/ComptoirBot" in post.words()
    stop_link = f"<https://shop.example/mail/stop/{post.token('stop')}>"
    assert letter["list-unsubscribe"] == stop_link

    post.warn(person)  # on its way when the person says stop
    with post.database.transaction() as session:
        stop(session, post.token("stop"), now=utc_now())
    assert post.work(notification_jobs.MailNotification) == ["done"]
    assert len(post.server.letters) == 2


def test_a_job_that_is_repeated_writes_the_same_letter(post: Post, person: User) -> None:
    post.confirmed(person)
    post.warn(person)
    assert post.work(notification_jobs.MailNotification) == ["done"]
    with post.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE job SET state = 'queued'")
    post.work(notification_jobs.MailNotification)
    first, second = post.server.letters[-2:]
    assert first["message-id"] == second["message-id"]


def test_an_address_that_does_not_exist_ends_the_mail_and_nothing_else(post: Post, person: User) -> None:
    post.confirmed(person)
    post.server.replies[ADDRESS] = "550 5.1.1 no such user"
    post.warn(person)
    assert post.work(notification_jobs.MailNotification) == ["done"]
    post.warn(person)
    assert post.work(notification_jobs.MailNotification) == []
    with Session(post.database.engine) as session:
        assert session.exec(select(MailAddress.refused_at)).one() is not None
        assert len(session.exec(select(Notification)).all()) == 2
        assert make.sent_texts(session, person) == ["member-warned"] * 2


def test_a_mailbox_that_is_full_is_tried_again(post: Post, person: User) -> None:
    post.confirmed(person)
    post.server.replies[ADDRESS] = "452 4.2.2 mailbox full"
    post.warn(person)
    assert post.work(notification_jobs.MailNotification) == ["queued"]
    post.server.replies.clear()
    with post.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE job SET due_at = now()")
    assert post.work(notification_jobs.MailNotification) == ["done"]
    assert len(post.server.letters) == 2


def test_a_question_that_was_overtaken_is_not_asked(post: Post, person: User) -> None:
    with post.database.transaction() as session:
        give_address(session, id_of(person), "typo@example.org", now=utc_now())
        give_address(session, id_of(person), ADDRESS, now=utc_now())
    assert post.work(notification_jobs.ConfirmMail) == ["done", "done"]
    assert post.server.addresses == [ADDRESS]


def test_the_buyer_of_a_web_order_gets_the_way_in_by_mail(post: Post, person: User) -> None:
    with post.database.transaction() as session:
        order = make.order(session, rail="manual", entry="web")
        give_order_address(session, order, ADDRESS, now=utc_now())
    post.work(notification_jobs.ConfirmMail)
    with post.database.transaction() as session:
        confirm(session, post.token("confirm"), now=utc_now())
        make.pay(session, order)
    assert post.work(notification_jobs.MailClaim) == ["done"]
    match = re.search(r"https://t\.me/ComptoirBot\?start=c([\w-]{43})", post.words())
    assert match is not None
    with post.database.transaction() as session:
        assert redeem(session, match[1], person, utc_now()).order.id == order.id
    with post.database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE job SET state = 'queued'")
    assert post.work(notification_jobs.MailClaim) == ["done"]
    assert len(post.server.letters) == 2, "whoever has claimed it needs no way in any more"


def test_the_answer_of_support_comes_by_mail_to_whoever_asked_on_a_page(post: Post, person: User) -> None:
    with post.database.transaction() as session:
        order = make.order(session, rail="manual", entry="web")
        give_order_address(session, order, ADDRESS, now=utc_now())
    post.work(notification_jobs.ConfirmMail)
    with post.database.transaction() as session:
        confirm(session, post.token("confirm"), now=utc_now())
        number = ask_on_page(session, order, "Où est-il ?", key="k", now=utc_now()).question_id
        answer(session, number, "It <came>.", actor="cli", staff_id=None, key="1", now=utc_now())
    assert post.work(notification_jobs.MailSupportAnswer) == ["done"]
    assert post.server.addresses == [ADDRESS] * 2
    assert number_of(id_of(order)) in post.server.letters[-1]["subject"]
    assert "It <came>." in post.words()

    with post.database.transaction() as session:
        answer(session, number, "Look again.", actor="cli", staff_id=None, key="2", now=utc_now())
        order.buyer_id = id_of(person)  # claimed before the mail is written
        session.merge(order)
    assert post.work(notification_jobs.MailSupportAnswer) == ["done"]
    assert len(post.server.letters) == 2, "whoever has a chat with the bot reads it there"


def test_old_notifications_are_deleted_and_all_others_kept(post: Post, person: User) -> None:
    for once in ("old", "young", "new"):
        with post.database.transaction() as session:
            notify(session, id_of(person), "member-warned", {"title": once, "days": 3}, once=once)
    with post.database.transaction() as session:
        for title, days in (("old", 91), ("young", 89)):
            session.connection().exec_driver_sql(
                "UPDATE notification SET read_at = NULL, created_at = now() - %s * interval '1 day' "
                "WHERE params ->> 'title' = %s",
                (days, title),
            )
        enqueue(session, notification_jobs.PruneNotifications())
    assert post.work(notification_jobs.PruneNotifications) == ["done"]
    with Session(post.database.engine) as session:
        kept = session.exec(select(Notification).order_by(col(Notification.id))).all()
        assert [row.params["title"] for row in kept] == ["young", "new"]
