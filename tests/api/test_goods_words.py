"""Pages, notifications, mails and invoices of an order speak of its own kind of goods, in both languages."""

import re

import pytest
from sqlmodel import Session, select

from core.catalogue.listing_fee import fee_of
from core.kit.db import Database
from core.kit.languages import LANGUAGES
from core.kit.money import Money
from core.kit.rows import id_of, must_get
from core.notifications.telegram_messages import filled
from core.payments.rails.stars.invoices import stars_invoice
from core.payments.refunds import finish_refund
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.notifications import Notification
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.web import Client

FEE = {"stars": Money(100, "XTR"), "crypto": Money(500, "EUR")}
FILES = r"\bfiles?\b|download|librar|fichier|télécharg|bibliothèque"
ACCESS = r"your way in|lets you in|access|lien d'entrée|\baccès|fait entrer|/status"
FEES = r"\bfee\b|\bfrais\b"
OF_OTHERS = {
    "file": rf"your way in\b|lets you in|lien d'entrée|fait entrer|/status|{FEES}",
    "membership": f"{FILES}|{FEES}",
    "listing": f"{FILES}|{ACCESS}",
}
STAGES = {
    "file": ("ready", "claimed", "delivered", "refunded"),
    "membership": ("ready", "claimed", "delivered", "refunded"),
    "listing": ("delivered", "refunded"),
}


def goods(session: Session, kind: str) -> Product:
    """Something of this kind for sale; its title says nothing of its kind."""
    if kind == "membership":
        return make_members.plan(session, title="Nuit")
    item = make.product(session, title="Nuit")
    return fee_of(session, item, FEE, now=utc_now()) if kind == "listing" else item


def check(kind: str, words: str, where: str) -> None:
    other = re.search(OF_OTHERS[kind], words.replace("Nuit", ""), re.IGNORECASE)
    assert other is None, f"{where} of a {kind} says {other[0] if other else ''!r}: {words}"


def main_part(page: str) -> str:
    """What a page says of its order: the texts within its first card."""
    card = page[page.index('<section class="card" id="order"') :]
    return re.sub(r"<h1.*?</h1>", "", re.sub(r"<[^h][^>]*>", " ", card[: card.index("</section>")]))


@pytest.mark.parametrize("kind", STAGES)
def test_the_page_of_an_order_speaks_of_its_goods(web: Client, database: Database, kind: str) -> None:
    with database.transaction() as session:
        placed = make.web_order(session, goods(session, kind))
        order_id = id_of(placed.order)
        buyer = id_of(make.user(session))
    for stage in STAGES[kind]:
        with database.transaction() as session:
            order = session.get_one(Order, order_id)
            order.status = {"ready": "paid", "claimed": "paid"}.get(stage, stage)  # type: ignore[assignment]
            order.buyer_id = None if stage == "ready" else buyer
            session.add(order)
        for language in LANGUAGES:
            page = web.get(f"/o/{placed.page_token}", headers={"accept-language": language})
            assert page.status_code == 200
            check(kind, main_part(page.text), f"the page, {stage}, {language},")


@pytest.mark.parametrize("kind", STAGES)
def test_a_refund_and_an_invoice_speak_of_their_goods(session: Session, kind: str) -> None:
    item, buyer = goods(session, kind), make.user(session)
    order = make.order(session, item, buyer)
    for language in LANGUAGES:
        invoice = stars_invoice(session, order, language)
        check(kind, invoice.description.replace(item.title, ""), "the invoice")
    make.pay(session, order)
    finish_refund(session, order, reason="x", now=utc_now())
    told = session.exec(select(Notification).where(Notification.user_id == buyer.id)).all()
    assert "payment_refunded" in {row.kind for row in told}
    title = must_get(session, Product, order.product_id, "product-unknown").title
    for row in told:
        for language in LANGUAGES:
            words = filled(language, row.text, row.params).replace(title, "")
            check(kind, words, f"{row.text} in {language}")
