"""The buyer of an order hears of it, whether known or not."""

from sqlmodel import Session

from core.kit.rows import id_of
from core.orders.buyer_news import keep_money, reach_of, tell_buyer
from schemas import jobs
from schemas.notification_jobs import MailOrderNews
from schemas.sales import Order
from tests.support import make


def web_order(session: Session, *, confirmed: bool) -> Order:
    order = make.order(session, rail="manual", entry="web")
    make.mail_address(session, order, confirmed=confirmed)
    return order


def test_a_person_is_told_in_telegram(session: Session) -> None:
    person = make.user(session)
    order = make.order(session, make.product(session), person, rail="manual")
    assert [tell_buyer(session, order, "payment-odd", {"number": "1"}, once="x") for _ in range(2)] == [
        "telegram"
    ] * 2
    assert make.sent_texts(session, person) == ["payment-odd"]


def test_a_web_order_is_told_by_mail_where_its_address_is_confirmed(session: Session) -> None:
    order = web_order(session, confirmed=True)
    params = {"number": "CMT-1", "title": "Cours"}
    assert [tell_buyer(session, order, "payment-failed", params, once="1") for _ in range(2)] == ["mail"] * 2
    (mail,) = make.queued(session, MailOrderNews)
    assert (mail.order_id, mail.text, mail.params) == (id_of(order), "payment-failed", params)


def test_without_an_address_nobody_can_be_told(session: Session) -> None:
    order = web_order(session, confirmed=False)
    assert reach_of(session, order) == "page"
    assert tell_buyer(session, order, "payment-failed", {}, once="1") == "page"
    assert make.queued(session, MailOrderNews) == []


def test_money_that_is_kept_is_one_case_for_staff_and_one_word_to_the_buyer(session: Session) -> None:
    admin, person = make.user(session, roles=("admin",)), make.user(session)
    order = make.order(session, make.product(session), person, rail="crypto", entry="web")
    for _ in range(3):
        keep_money(session, order, reason="unknown-money", now=make.NOW)
    assert make.sent_texts(session, admin) == ["staff-needs-support"]
    assert make.sent_texts(session, person) == ["payment-odd"]
    assert order.needs_support_at == make.NOW
    notices = [job for job in make.queued(session, jobs.Notify) if job.text == "staff-needs-support"]
    assert notices[0].params["reason"] == "unknown-money"
