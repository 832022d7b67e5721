"""Pages, notifications, mails and invoices of an order speak of its own kind of goods, in both languages."""

import re
from itertools import product as product_of

import pytest
from sqlmodel import Session, select

from bot.handlers.start import claim_done
from core.catalogue.listing_fee import fee_of
from core.kit.db import Database
from core.kit.languages import LANGUAGES
from core.kit.money import Money
from core.kit.rows import id_of
from core.kit.texts import of_kind, plain
from core.notifications import letters
from core.notifications.addresses import give_order_address
from core.notifications.letters import Letter, Recipient, Sender
from core.notifications.telegram_messages import filled
from core.orders.buyer_news import keep_money
from core.payments.rails.stars.invoices import stars_invoice
from core.payments.refunds import finish_refund, request_refund
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.jobs import Notify
from schemas.notification_jobs import MailOrderNews
from schemas.notifications import Notification
from schemas.people import User
from schemas.sales import Order, OrderStatus
from tests.support import make, make_members
from tests.support.web import Client

FEE = {"stars": [Money(100, "XTR")], "crypto": [Money(500, "EUR")]}
FILES = r"\bfiles?\b|download|librar|fichier|télécharg|bibliothèque"
ACCESS = r"your way in|lets you in|access|lien d’entrée|\baccès|fait entrer|/status"
FEES = r"\bfee\b|\bfrais\b"
OF_OTHERS = {
    "file": rf"your way in\b|lets you in|lien d’entrée|fait entrer|/status|{FEES}",
    "membership": f"{FILES}|{FEES}",
    "listing": f"{FILES}|{ACCESS}",
}
STAGES = {
    "file": ("ready", "claimed", "held", "delivered", "refunded"),
    "membership": ("ready", "claimed", "held", "delivered", "refunded"),
    "listing": ("delivered", "refunded"),
}


STATUSES: dict[str, OrderStatus] = {"delivered": "delivered", "refunded": "refunded"}
"""By what a page shows; all else is paid."""
SENDER = Sender("Shop", "https://shop.example")


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
            order.status = STATUSES.get(stage, "paid")
            order.buyer_id = None if stage == "ready" else buyer
            order.needs_support_at = utc_now() if stage == "held" else None
            session.add(order)
        for language in LANGUAGES:
            page = web.get(f"/o/{placed.page_token}", headers={"accept-language": language})
            assert page.status_code == 200
            words = main_part(page.text)
            assert plain(language, f"web-stage-{stage}") in words
            check(kind, words, f"the page, {stage}, {language},")


def reader(language: str) -> Recipient:
    return Recipient("awa@example.org", "Awa", language, "stop")


def check_letter(kind: str, letter: Letter, title: str) -> None:
    for words in (letter.subject, letter.plain, letter.html):
        check(kind, words.replace(title, ""), f"the mail {letter.identity} in {letter.language}")


def check_told(session: Session, person: User, kind: str, title: str) -> set[str]:
    """Read all that a person was told, as a message and as a mail; which texts there were."""
    rows = session.exec(select(Notification).where(Notification.user_id == person.id)).all()
    for row, language in product_of(rows, LANGUAGES):
        words = filled(language, row.text, row.params).replace(title, "")
        check(kind, words, f"{row.text} in {language}")
        letter = letters.notification(
            SENDER, reader(language), number=1, kind=row.kind, text_id=row.text, params=row.params, url="x"
        )
        check_letter(kind, letter, title)
    return {row.text for row in rows}


@pytest.mark.parametrize("kind", STAGES)
def test_a_refund_and_an_invoice_speak_of_their_goods(session: Session, kind: str) -> None:
    item, buyer = goods(session, kind), make.user(session)
    order = make.order(session, item, buyer)
    for language in LANGUAGES:
        invoice = stars_invoice(session, order, language)
        check(kind, invoice.description.replace(item.title, ""), "the invoice")
    make.pay(session, order)
    finish_refund(session, order, reason="x", now=utc_now())
    assert of_kind("order-refunded", kind) in check_told(session, buyer, kind, item.title)


@pytest.mark.parametrize("end_access", [False, True])
@pytest.mark.parametrize("kind", STAGES)
def test_a_part_refund_speaks_of_its_goods(session: Session, kind: str, end_access: bool) -> None:
    item, buyer = goods(session, kind), make.user(session)
    order = make.order(session, item, buyer, rail="crypto", entry="web")
    make.pay(session, order)
    request_refund(
        session, id_of(order), actor="cli", reason="x", amount=100, end_access=end_access, now=utc_now()
    )
    assert "order-part-refunded" in check_told(session, buyer, kind, item.title)
    sales = [job for job in make.queued(session, Notify) if job.text == "sale-part-refunded"]
    assert len(sales) == (kind != "listing")  # a fee is no sale of the shop's
    for job, language in product_of(sales, LANGUAGES):
        check(kind, filled(language, job.text, job.params).replace(item.title, ""), job.text)


@pytest.mark.parametrize("kind", STAGES)
def test_mails_of_a_web_order_speak_of_its_goods(session: Session, kind: str) -> None:
    item = goods(session, kind)
    order = make.order(session, item, rail="crypto", entry="web")
    give_order_address(session, order, "awa@example.org", now=utc_now()).confirmed_at = utc_now()
    session.flush()
    make.pay(session, order)
    keep_money(session, order, reason="overpaid", now=utc_now())
    keep_money(session, order, reason="amount-differs", now=utc_now(), came=1)
    request_refund(session, id_of(order), actor="cli", reason="x", amount=100, now=utc_now())
    finish_refund(session, order, reason="x", now=utc_now())
    news = make.queued(session, MailOrderNews)
    texts = ["payment-odd", "payment-short", "order-part-refunded", of_kind("order-refunded", kind)]
    assert sorted(mail.text for mail in news) == sorted(texts)
    for mail, language in product_of(news, LANGUAGES):
        letter = letters.order_news(
            SENDER,
            reader(language),
            identity="1",
            order_number="CMT-000001",
            text_id=mail.text,
            params=mail.params,
        )
        check_letter(kind, letter, item.title)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", STAGES)
def test_what_leads_to_a_claim_and_follows_it_speaks_of_its_goods(
    session: Session, kind: str, language: str
) -> None:
    item = goods(session, kind)
    done = claim_done(language, "CMT-000001", item)
    labels = [button.label for row in done.buttons for button in row]
    check(kind, " ".join([done.html, *labels]).replace(item.title, ""), "what a claim gives")
    held = plain(language, "claim-held", number="CMT-000001", title="", why="")
    check(kind, held, "a held claim")
    letter = letters.claim(
        SENDER,
        reader(language),
        order_number="CMT-000001",
        title=item.title,
        url="https://t.me/x",
        seconds=3600,
        issue="1",
    )
    check_letter(kind, letter, item.title)
