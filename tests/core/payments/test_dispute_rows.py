"""What disputes forbid: refunds while a bank has the money, and giving what is put aside."""

import pytest
from sqlmodel import Session

from core.kit.errors import Refused
from core.payments.dispute_rows import check_not_put_aside, check_undisputed, disputes_of, is_put_aside
from tests.support import make, make_disputes


def test_an_order_without_disputes_is_free(session: Session) -> None:
    sold = make.card_sale(session, make.seller(session))
    check_undisputed(session, sold)
    check_not_put_aside(session, sold)
    assert (disputes_of(session, sold), is_put_aside(session, sold)) == ([], False)


def test_one_that_a_bank_holds_is_neither_refunded_nor_given(session: Session) -> None:
    sold = make.card_sale(session, make.seller(session))
    row = make_disputes.dispute(session, sold)
    with pytest.raises(Refused, match="order-disputed"):
        check_undisputed(session, sold)
    with pytest.raises(Refused, match="access-put-aside"):
        check_not_put_aside(session, sold)
    row.status, row.held_at = "won", None
    session.flush()
    check_undisputed(session, sold)
    check_not_put_aside(session, sold)
