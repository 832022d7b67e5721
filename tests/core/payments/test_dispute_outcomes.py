"""What a bank's decision does to an order and its papers, by its row alone."""

from sqlmodel import Session

from core.payments.dispute_outcomes import close
from core.payments.refunds import refundable
from schemas.paper_jobs import IssuePaper
from tests.support import make, make_disputes


def parts(session: Session) -> list[tuple[str, int]]:
    return [(job.part, job.amount) for job in make.queued(session, IssuePaper) if job.part]


def test_an_order_follows_what_was_lost_and_won_on_appeal_each_time_once(session: Session) -> None:
    order = make.card_sale(session, make.seller(session), make.user(session))
    payment = make.payment_of(session, order)
    row = make_disputes.dispute(session, order, "lost")
    row.lost = True
    for _ in range(2):
        close(session, order, payment, row, now=make.NOW)
    assert (order.status, payment.status, row.credited) == ("refunded", "refunded", order.amount)
    row.status, row.turn = "appeal_needs_response", 2
    close(session, order, payment, row, now=make.NOW)
    assert order.status == "refunded"
    row.status, row.turn, row.lost = "won", 3, False
    for _ in range(2):
        close(session, order, payment, row, now=make.NOW)
    assert (order.status, payment.status, row.credited) == ("paid", "confirmed", 0)
    row.status, row.turn, row.lost = "lost", 4, True
    close(session, order, payment, row, now=make.NOW)
    name = row.provider_id
    assert parts(session) == [
        (f"part:{name}:1", order.amount),
        (f"again:{name}:3", order.amount),
        (f"part:{name}:4", order.amount),
    ]


def test_what_was_lost_in_part_and_won_on_appeal_can_be_refunded_again(session: Session) -> None:
    order = make.card_sale(session, make.seller(session), make.user(session))
    payment = make.payment_of(session, order)
    row = make_disputes.dispute(session, order, "lost")
    row.lost, row.amount = True, 400
    close(session, order, payment, row, now=make.NOW)
    assert (order.status, refundable(session, order)) == ("paid", order.amount - 400)
    row.status, row.lost = "won", False
    close(session, order, payment, row, now=make.NOW)
    assert (order.status, refundable(session, order)) == ("paid", order.amount)


def test_what_was_never_decided_changes_nothing(session: Session) -> None:
    order = make.card_sale(session, make.seller(session), make.user(session))
    row = make_disputes.dispute(session, order)
    close(session, order, make.payment_of(session, order), row, now=make.NOW)
    assert (order.status, parts(session)) == ("paid", [])
