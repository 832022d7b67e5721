"""What Telegram shows of an order beside its own Pay button."""

from datetime import timedelta

from sqlmodel import Session

from core.kit.money import Money
from core.payments.rails.stars.invoices import DESCRIPTION, TITLE, stars_invoice
from core.payments.rails.stars.payments import invoice_payload
from tests.support import make, make_members


def test_an_invoice_names_the_order_within_the_limits_of_telegram(session: Session) -> None:
    order = make.order(session, make.product(session, title="C" * 80))
    invoice = stars_invoice(session, order, "fr")
    assert (invoice.payload, invoice.stars, invoice.every) == (invoice_payload(order), 500, None)
    assert len(invoice.title) <= TITLE
    assert len(invoice.description) <= DESCRIPTION
    assert f"CMT-{order.id:06}" in invoice.description


def test_the_invoice_of_a_plan_that_renews_is_a_subscription(session: Session) -> None:
    plan = make_members.plan(session, recurring=True, prices={"stars": [Money(500, "XTR")]})
    assert stars_invoice(session, make.order(session, plan), "en").every == timedelta(days=30)
