"""Disputes as sellers see them."""

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound
from core.kit.money import Money
from core.kit.rows import id_of
from core.payments.dispute_views import DisputeMoney, dispute_of, views_of
from tests.support import make, make_disputes


def test_the_seller_sees_how_it_stands_and_another_does_not(session: Session) -> None:
    shop = make.seller(session)
    sold = make.card_sale(session, shop, make.user(session))
    row = make_disputes.dispute(session, sold)
    view = dispute_of(session, make.owner_of(session, shop), id_of(row))
    assert (view.amount, view.status, view.is_held) == (Money(999, "EUR"), "needs_response", True)
    assert (view.proof, view.can_submit) == (f"/evidence/{row.evidence_id}", True)
    assert view.moved == [DisputeMoney(-999, 2000, "EUR")]
    assert views_of(session, sold) == [view]
    with pytest.raises(NotFound, match="dispute-unknown"):
        dispute_of(session, make.user(session), id_of(row))


def test_what_is_being_gathered_has_no_proof_yet(session: Session) -> None:
    shop = make.seller(session)
    row = make_disputes.dispute(session, make.card_sale(session, shop))
    row.staged_at = None
    session.flush()
    view = dispute_of(session, make.owner_of(session, shop), id_of(row))
    assert (view.proof, view.can_submit) == ("", False)
