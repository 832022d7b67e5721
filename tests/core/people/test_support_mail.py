"""An answer is mailed to whoever asked on a page, as long as they have no chat."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from core.kit.rows import id_of
from core.notifications.addresses import confirm, give_order_address, question, stop
from core.people.support import answer, ask_on_page
from core.people.support_mail import answer_mail
from core.process.settings import Settings
from schemas.notification_jobs import MailSupportAnswer
from schemas.sales import Order
from tests.support import make


def answered(session: Session) -> tuple[Order, int, str]:
    """A web order whose page was answered, the answer's id, and the token that stops its mail."""
    order = make.order(session, rail="manual", entry="web")
    address = give_order_address(session, order, "awa@example.org", now=make.NOW)
    asked = question(session, id_of(address), address.issue, make.SECRET, now=make.NOW)
    assert asked is not None
    confirm(session, asked.confirm_token, now=make.NOW)
    number = ask_on_page(session, order, "?", key="k", now=make.NOW).question_id
    answer(session, number, "It <came>.", actor="cli", staff_id=None, key="1", now=make.NOW)
    (job,) = make.queued(session, MailSupportAnswer)
    return order, job.answer_id, asked.stop_token


def of(settings: Callable[..., Settings]) -> Any:
    return settings(public_url="https://shop.example", link_secret=make.SECRET)


def test_it_says_the_words_and_the_order(session: Session, settings: Callable[..., Settings]) -> None:
    order, answer_id, _ = answered(session)
    mail = answer_mail(session, answer_id, of(settings))
    assert mail is not None
    assert mail.letter.address == "awa@example.org"
    assert f"CMT-{order.id:06d}" in mail.letter.subject
    assert "It <came>." in mail.letter.plain
    assert "It &lt;came&gt;." in mail.letter.html


def test_whoever_wants_no_mail_gets_none(session: Session, settings: Callable[..., Settings]) -> None:
    _, answer_id, stop_token = answered(session)
    stop(session, stop_token, now=make.NOW)
    assert answer_mail(session, answer_id, of(settings)) is None


def test_whoever_has_claimed_the_order_reads_it_in_telegram(
    session: Session, settings: Callable[..., Settings]
) -> None:
    order, answer_id, _ = answered(session)
    order.buyer_id = id_of(make.user(session))
    session.add(order)
    session.flush()
    assert answer_mail(session, answer_id, of(settings)) is None
