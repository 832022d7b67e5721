"""Our lines of disputes, as they are compared with a provider's."""

from sqlmodel import Session, col

from core.payments.dispute_books import dispute_lines
from schemas.sales import Payment
from tests.support import make, make_disputes


def test_each_line_is_there_with_its_fee(session: Session) -> None:
    sold = make.card_sale(session, make.seller(session))
    make_disputes.dispute(session, sold)
    lines = dispute_lines(session, [col(Payment.rail) == "card"], [f"txn_{sold.id}"], make.NOW, make.NOW)
    assert [(line.kind, line.id, line.money.amount) for line in lines] == [
        ("dispute", f"txn_{sold.id}", -999),
        ("dispute_fee", f"txn_{sold.id}", -2000),
    ]
    assert (
        dispute_lines(session, [col(Payment.rail) == "crypto"], [f"txn_{sold.id}"], make.NOW, make.NOW) == []
    )
