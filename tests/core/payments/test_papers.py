"""Invoices, receipts and credit notes: their numbers have no gap, and each is issued once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from sqlmodel import Session, col, select

from core.kit.db import Database
from core.kit.errors import NotFound
from core.kit.rows import id_of
from core.payments.papers import announce, facts_of, issue, number_of, paper_of, papers_of
from core.payments.refunds import finish_part, finish_refund
from core.people.legal_identity import LegalIdentity, identify_shop
from schemas.notifications import Notification
from schemas.paper_jobs import IssuePaper
from schemas.papers import Paper
from schemas.people import Seller, User
from schemas.sales import Order
from tests.support import make

AWA = LegalIdentity("Awa SARL", "12 rue des Abbesses\n75018 Paris", "FR40123456789")


def issued(session: Session, order: Order, part: str = "", amount: int = 0) -> Paper:
    paper = issue(session, id_of(order), part=part, amount=amount, now=make.NOW)
    assert paper is not None
    return paper


def test_a_sale_has_its_paper_made_by_a_job_once(session: Session) -> None:
    order = make.paid_order(session)
    assert make.queued(session, IssuePaper) == [IssuePaper(order_id=id_of(order))]
    first = issued(session, order)
    assert issued(session, order).id == first.id
    assert (first.amount, first.currency) == (order.amount, order.currency)


def test_a_seller_without_a_legal_identity_gives_receipts_and_then_invoices(session: Session) -> None:
    shop = make.seller(session)
    product = make.product(session, shop)
    receipt = issued(session, make.paid_order(session, product))
    identify_shop(session, id_of(shop), AWA, actor="user:1")
    invoice = issued(session, make.paid_order(session, product))
    assert [number_of(paper) for paper in (receipt, invoice)] == [
        f"REC-{shop.id}-00001",
        f"INV-{shop.id}-00001",
    ]
    assert (facts_of(receipt).seller, facts_of(receipt).address) == (shop.name, "")
    facts = facts_of(invoice)
    assert (facts.seller, facts.address, facts.vat_number) == (AWA.name, AWA.address, AWA.vat_number)


def test_what_stands_on_a_paper_stays_when_the_shop_changes(session: Session) -> None:
    order = make.paid_order(session)
    paper = issued(session, order)
    before = facts_of(paper)
    session.get_one(Seller, order.seller_id).name = "Another name"
    session.flush()
    assert facts_of(issued(session, order)) == before


def test_each_refund_has_a_credit_note_that_names_the_paper_of_the_sale(session: Session) -> None:
    order = make.paid_order(session, rail="manual")
    finish_part(session, order, 300, part="1", reason="lost a day", now=make.NOW)
    finish_refund(session, order, reason="bought twice", now=make.NOW)
    jobs = [job for job in make.queued(session, IssuePaper) if job.part]
    assert {(job.part, job.amount) for job in jobs} == {("part:1", 300), ("rest", order.amount - 300)}
    notes = [issued(session, order, job.part, job.amount) for job in jobs]
    sale = issued(session, order)
    assert {facts_of(note).corrects for note in notes} == {number_of(sale)}
    assert {facts_of(note).corrected_at for note in notes} == {sale.issued_at}
    assert sorted(note.number for note in notes) == [1, 2]
    assert sum(note.amount for note in notes) == sale.amount
    assert facts_of(notes[-1]).reason == "bought twice"


def test_what_was_not_paid_has_no_paper(session: Session) -> None:
    order = make.order(session)
    assert issue(session, id_of(order), now=make.NOW) is None


def test_fifty_papers_at_once_have_fifty_numbers_without_a_gap(database: Database) -> None:
    """Every third is rolled back after it had its number, as where a worker dies."""
    with database.transaction() as session:
        product = make.product(session)
        orders = [id_of(make.paid_order(session, product)) for _ in range(50)]

    def one(place: int) -> None:
        with database.transaction() as session:
            issue(session, orders[place], now=make.NOW)
            if place % 3 == 0:
                raise Interrupted

    def try_one(place: int) -> None:
        try:
            one(place)
        except Interrupted:
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(try_one, range(50)))
    assert numbers(database) == list(range(1, 34))
    with ThreadPoolExecutor(8) as pool:  # the jobs are tried again, those that were done as well
        list(pool.map(lambda order: issued_in(database, order), orders))
    assert numbers(database) == list(range(1, 51))


def test_the_same_paper_asked_for_by_many_at_once_is_one(database: Database) -> None:
    with database.transaction() as session:
        order = id_of(make.paid_order(session))
    with ThreadPoolExecutor(8) as pool:
        papers = list(pool.map(lambda _: issued_in(database, order), range(16)))
    assert len(set(papers)) == 1
    assert numbers(database) == [1]


def test_a_paper_is_given_from_its_issue_on_and_told_of_once(session: Session) -> None:
    order = make.paid_order(session)
    assert papers_of(session, id_of(order)) == []
    paper = issued(session, order)
    for _ in range(2):
        announce(session, paper, public_url="https://shop.example")
    told = select(Notification).where(Notification.text == "paper-ready")
    assert session.exec(told).one().params["url"] == f"https://shop.example/papers/{paper.id}"
    (link,) = papers_of(session, id_of(order))
    assert (link.number, link.path) == (number_of(paper), f"/papers/{paper.id}")
    assert paper_of(session, paper.id).id == paper.id
    with pytest.raises(NotFound, match="paper-unknown"):
        paper_of(session, uuid4())
    assert session.get_one(User, order.buyer_id).name == facts_of(paper).buyer


class Interrupted(Exception):
    """What ends a transaction of these tests."""


def issued_in(database: Database, order_id: int) -> str:
    with database.transaction() as session:
        paper = issue(session, order_id, now=make.NOW)
        assert paper is not None
        return str(paper.id)


def numbers(database: Database) -> list[int]:
    with database.transaction() as session:
        return list(session.exec(select(Paper.number).order_by(col(Paper.number))))
