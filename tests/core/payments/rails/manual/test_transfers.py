from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import Refused
from core.kit.rows import id_of
from core.orders.orders import order_number
from core.payments.rails.manual.transfers import pending_manual, refuse_manual, submit_manual, validate_manual
from schemas import jobs
from schemas.notification_jobs import MailOrderNews
from schemas.sales import Order, Payment
from tests.support import make


def transfer(session: Session) -> Order:
    return make.order(session, rail="manual")


def test_a_submitted_transfer_waits_for_support_and_staff_get_buttons(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    order = transfer(session)
    submit_manual(session, order, " TX-2026-01 ", make.NOW)
    assert order.status == "submitted"
    (waiting,) = pending_manual(session, page=1).items
    assert (waiting.order_id, waiting.transaction_id, waiting.buyer) == (order.id, "TX-2026-01", "Awa")
    (notice,) = (notice for notice in make.queued(session, jobs.Notify) if notice.user_id == admin.id)
    assert notice.text == "staff-payment-waiting"
    assert notice.buttons == [
        ["button-approve", f"pay_ok:{order.id}"],
        ["button-refuse", f"pay_no:{order.id}"],
    ]


def test_the_same_transaction_submitted_twice_is_harmless(session: Session) -> None:
    admin = make.user(session, roles=("admin",))
    order = transfer(session)
    first = submit_manual(session, order, "TX-1234", make.NOW)
    assert submit_manual(session, order, "TX-1234", make.NOW).id == first.id
    assert make.sent_texts(session, admin) == ["staff-payment-waiting"]


def test_another_transaction_after_the_first_is_refused(session: Session) -> None:
    order = transfer(session)
    submit_manual(session, order, "TX-1234", make.NOW)
    with pytest.raises(Refused, match="already-submitted"):
        submit_manual(session, order, "TX-5678", make.NOW)


def test_one_transaction_cannot_pay_two_orders(session: Session) -> None:
    submit_manual(session, transfer(session), "TX-1234", make.NOW)
    with pytest.raises(Refused, match="transaction-used"):
        submit_manual(session, transfer(session), "TX-1234", make.NOW)


@pytest.mark.parametrize("typed", ["", "abc", "x" * 129, "\x00\x01\x02\x03"])
def test_a_transaction_id_that_cannot_be_one_is_refused(session: Session, typed: str) -> None:
    with pytest.raises(Refused, match="transaction-wrong"):
        submit_manual(session, transfer(session), typed, make.NOW)


def test_an_order_of_another_rail_or_past_its_time_takes_no_transaction(session: Session) -> None:
    with pytest.raises(Refused, match="not-a-transfer"):
        submit_manual(session, make.order(session), "TX-1234", make.NOW)
    with pytest.raises(Refused, match="order-expired"):
        submit_manual(session, transfer(session), "TX-1234", make.NOW + timedelta(days=2))


def test_validation_pays_once_and_delivers(session: Session) -> None:
    order = transfer(session)
    submit_manual(session, order, "TX-1234", make.NOW)
    done = [validate_manual(session, id_of(order), actor="user:1", note="vu", now=make.NOW) for _ in range(2)]
    assert done == [True, False]
    assert order.status == "paid"
    assert make.queued(session, jobs.Deliver) == [jobs.Deliver(order_id=id_of(order))]
    assert pending_manual(session, page=1).total == 0


def test_a_refusal_fails_the_order_and_tells_the_buyer_why_once(session: Session) -> None:
    order = transfer(session)
    submit_manual(session, order, "TX-1234", make.NOW)
    done = [
        refuse_manual(session, id_of(order), actor="user:1", note="introuvable", now=make.NOW) for _ in "ab"
    ]
    assert done == [True, False]
    assert (order.status, order.note) == ("failed", "introuvable")
    assert session.exec(select(Payment.status)).one() == "refused"
    (notice,) = (notice for notice in make.queued(session, jobs.Notify) if notice.text == "payment-refused")
    assert (notice.user_id, notice.params["note"]) == (order.buyer_id, "introuvable")


def test_money_found_after_a_refusal_still_pays(session: Session) -> None:
    order = transfer(session)
    submit_manual(session, order, "TX-1234", make.NOW)
    refuse_manual(session, id_of(order), actor="user:1", note="introuvable", now=make.NOW)
    assert validate_manual(session, id_of(order), actor="user:1", note="retrouvé", now=make.NOW)


def test_a_paid_order_cannot_be_refused_any_more(session: Session) -> None:
    order = transfer(session)
    make.pay(session, order)
    assert not refuse_manual(session, id_of(order), actor="user:1", note="", now=make.NOW)
    assert order.status == "paid"


def test_without_a_submitted_transaction_there_is_nothing_to_decide(session: Session) -> None:
    order = transfer(session)
    for decide in (validate_manual, refuse_manual):
        with pytest.raises(Refused, match="nothing-to-validate"):
            decide(session, id_of(order), actor="user:1", note="", now=make.NOW)


@pytest.mark.parametrize(
    "again",
    [
        "tx-2026-01",
        "TX-2026\u200b-01",
        "TX 2026",
        "\uff34\uff38-\uff12\uff10\uff12\uff16-\uff10\uff11",
        "TX-2026-01\ufe0f",
    ],
)
def test_a_reference_in_another_spelling_is_the_same_reference(session: Session, again: str) -> None:
    first, second = transfer(session), transfer(session)
    submit_manual(session, first, "TX2026" if again == "TX 2026" else "TX-2026-01", make.NOW)
    with pytest.raises(Refused, match="transaction-used"):
        submit_manual(session, second, again, make.NOW)
    assert submit_manual(session, first, again, make.NOW).order_id == first.id


def test_a_reference_of_nothing_to_see_is_none(session: Session) -> None:
    with pytest.raises(Refused, match="transaction-wrong"):
        submit_manual(session, transfer(session), "\u200b\u200c\u2060\ufeff\u3164\u00ad", make.NOW)


def test_staff_see_which_transfer_a_reference_looks_like(session: Session) -> None:
    make.user(session, roles=("admin",))
    first, second, third = transfer(session), transfer(session), transfer(session)
    submit_manual(session, first, "TX-2026-O1", make.NOW)
    submit_manual(session, second, "\u0422X2026.01", make.NOW)  # with a Cyrillic letter
    submit_manual(session, third, "SEPA 99812", make.NOW)
    notices = [
        notice for notice in make.queued(session, jobs.Notify) if notice.text == "staff-payment-waiting"
    ]
    assert [notice.params["alike"] for notice in notices] == ["no", "yes", "no"]
    assert notices[1].params["like"] == order_number(first)


def test_a_buyer_whom_nobody_knows_yet_hears_of_a_refusal_by_mail(session: Session) -> None:
    order = make.order(session, rail="manual", entry="web")
    make.mail_address(session, order)
    submit_manual(session, order, "TX-1234", make.NOW)
    for _ in range(2):
        refuse_manual(session, id_of(order), actor="user:1", note="not found", now=make.NOW)
    (mail,) = make.queued(session, MailOrderNews)
    assert (mail.order_id, mail.text, mail.params["note"]) == (
        order.id,
        "payment-refused",
        "not found",
    )
