"""Builders of disputes, beside `tests.support.make`."""

from datetime import UTC, datetime

from sqlmodel import Session

from core.kit.rows import id_of
from schemas.disputes import Dispute, DisputeLine, DisputeStatus
from schemas.sales import Order
from tests.support import make


def dispute(session: Session, bought: Order, status: DisputeStatus = "needs_response") -> Dispute:
    """A dispute of a sale by card as jobs wrote it down: its proof is staged, the bank has the money."""
    row = Dispute(
        payment_id=make.payment_of(session, bought).id,
        provider_id=f"du_{bought.id}",
        status=status,
        turn=1,
        reason="product_not_received",
        currency=bought.currency,
        amount=bought.amount,
        answer_by=datetime.now(UTC) + 9 * make.DAY,
        staged_at=make.NOW,
        held_at=make.NOW,
        checked_at=make.NOW,
    )
    session.add(row)
    session.flush()
    taken = DisputeLine(
        dispute_id=id_of(row),
        provider_id=f"txn_{bought.id}",
        currency=bought.currency,
        amount=-bought.amount,
        fee=2000,
    )
    session.add(taken)
    session.flush()
    return row
