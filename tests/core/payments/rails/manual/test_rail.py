"""Transfers at the port: instructions for the buyer, and nobody who tells of them."""

from typing import Any

import pytest
from sqlmodel import Session

from core.kit.errors import Permanent
from core.payments.rails.manual.rail import Manual
from core.payments.rails.port import Waiting
from schemas.sales import PaymentEvent
from tests.support import make


@pytest.mark.parametrize(("words", "web"), [("IBAN FR76", "here"), ("", None)])
def test_transfers_are_offered_where_there_is_an_account(settings: Any, words: str, web: str | None) -> None:
    shop = settings(manual_instructions=words)
    assert [Manual().offer(entry, shop) for entry in ("bot", "web")] == ["site", web]
    assert Manual().doctor(shop).state == "ok"


def test_an_order_waits_for_the_buyer_to_name_the_transaction(session: Session) -> None:
    order = make.order(session, rail="manual", entry="web")
    assert order.status == "awaiting_payment"
    assert Manual().waiting([]) == Waiting("transfer")


def test_nobody_tells_of_transfers(session: Session) -> None:
    gateways: Any = None
    assert Manual().reconcile(gateways, gateways, now=make.NOW) == 0
    event = PaymentEvent(provider="bank", event_id="1")
    with pytest.raises(Permanent):
        Manual().read(b"{}")
    with pytest.raises(Permanent):
        Manual().apply(session, event, None, now=make.NOW)
