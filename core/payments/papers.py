"""Invoices, receipts and credit notes: numbered per seller without a gap, issued once, never changed.

A number is counted up in the transaction that writes its paper, under the lock of the seller's row of
`paper_series`: what is rolled back gives its number back, and two papers at once wait for each other.
(Directive 2006/112/EC, art. 226 (2), asks for sequential numbers; France, CGI ann. II art. 242 nonies A, for
no gap.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

import msgspec
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col, select

from core.audit.record import record
from core.kit.money import Money
from core.kit.rows import id_of, must_get
from core.orders.buyer_news import tell_buyer
from core.orders.fulfilment import goods_of, line_of
from core.orders.receipts import receipt
from core.payments.payment_rows import find_payment
from schemas.papers import Paper, PaperFacts, PaperKind, PaperSeries
from schemas.people import Seller, User
from schemas.sales import Order

PREFIX: dict[PaperKind, str] = {"invoice": "INV", "receipt": "REC", "credit_note": "CN"}
SALE = ""  # the `part` of an order's first paper
AGAIN = "again:"
"""How the `part` begins of money that went back, and that a bank gave to the seller after all."""


@dataclass(frozen=True)
class PaperLink:
    """A paper that its order's buyer may fetch, at `path` of our web address."""

    kind: PaperKind
    number: str
    path: str


def issue(
    session: Session, order_id: int, *, part: str = SALE, amount: int = 0, now: datetime
) -> Paper | None:
    """Issue the paper of a sale, or of `amount` minor units that went back as `part`; again, the same one.

    A sale whose seller has given a legal name and address gets an invoice, any other a receipt; so does what
    came `AGAIN`. None where nothing was paid, or to the operator, who writes papers elsewhere.
    """
    order = session.get(Order, order_id, populate_existing=True, with_for_update={"key_share": True})
    if order is None:  # of `comptoir smoke`, which has taken it away again
        return None
    line = line_of(session, order)
    if order.paid_at is None or not order.amount or goods_of(line.product.kind).payee != "seller":
        return None
    earlier = session.exec(select(Paper).where(Paper.order_id == order_id, Paper.part == part)).one_or_none()
    if earlier is not None:
        return earlier
    sale = None if part == SALE else issue(session, order_id, now=now)
    seller = must_get(session, Seller, order.seller_id, "shop-unknown")
    named = bool(seller.legal_name and seller.legal_address)
    back = sale is not None and not part.startswith(AGAIN)
    kind: PaperKind = "credit_note" if back else "invoice" if named else "receipt"
    facts = _facts(session, order, seller, corrects=sale if back else None)
    tax = _tax_in(session, sale, amount, back=back) if sale else _tax_of(session, facts)
    facts = msgspec.structs.replace(facts, tax=tax)
    paper = Paper(
        seller_id=order.seller_id,
        kind=kind,
        number=_next(session, order.seller_id, kind),
        order_id=order_id,
        part=part,
        currency=order.currency,
        amount=amount if sale else order.amount,
        facts=msgspec.to_builtins(facts),
        issued_at=now,
    )
    session.add(paper)
    session.flush()
    amount_text = Money(paper.amount, paper.currency)
    record(session, "system", f"{kind}.issued".replace("_", "-"), f"order:{order_id}", amount=amount_text)
    return paper


def number_of(paper: Paper) -> str:
    """The number of a paper, as people write it: `INV-12-00034` is the 34th invoice of seller 12."""
    return f"{PREFIX[paper.kind]}-{paper.seller_id}-{paper.number:05}"


def facts_of(paper: Paper) -> PaperFacts:
    """What stands on a paper."""
    return msgspec.convert(paper.facts, PaperFacts)


def key_of(paper_id: UUID) -> str:
    """Where the store keeps the PDF of a paper."""
    return f"papers/{paper_id}.pdf"


def announce(session: Session, paper: Paper, *, public_url: str) -> None:
    """Tell the buyer, once, where the paper is, where there is an address to give."""
    if not public_url:
        return
    order = must_get(session, Order, paper.order_id, "order-unknown")
    params = {"kind": paper.kind, "paper": number_of(paper), "number": facts_of(paper).order_number}
    params |= {"url": public_url + path_of(paper)}
    tell_buyer(session, order, "paper-ready", params, once=f"{order.id}:{paper.part}")


def path_of(paper: Paper) -> str:
    """The path of a paper on our web address; whoever knows it may read the paper."""
    return f"/papers/{paper.id}"


def papers_of(session: Session, order_id: int) -> list[PaperLink]:
    """The papers of an order, oldest first."""
    own = select(Paper).where(Paper.order_id == order_id)
    papers: Sequence[Paper] = session.exec(own.order_by(col(Paper.issued_at))).all()
    return [PaperLink(paper.kind, number_of(paper), path_of(paper)) for paper in papers]


def paper_of(session: Session, paper_id: UUID) -> Paper:
    """A paper by its id. Raises `NotFound` "paper-unknown"."""
    return must_get(session, Paper, paper_id, "paper-unknown")


def keep(session: Session, paper_id: UUID, *, now: datetime) -> None:
    """The store has the PDF of this paper from now on."""
    paper = paper_of(session, paper_id)
    paper.stored_at = paper.stored_at or now
    session.add(paper)


def _next(session: Session, seller_id: int, kind: PaperKind) -> int:
    """The next number of a seller's series, whose row stays locked until the transaction ends."""
    first = insert(PaperSeries).values(seller_id=seller_id, kind=kind, last=1)
    further = first.on_conflict_do_update(
        index_elements=["seller_id", "kind"], set_={"last": PaperSeries.last + 1}
    )
    return int(session.execute(further.returning(col(PaperSeries.last))).scalar_one())


def _tax_of(session: Session, facts: PaperFacts) -> int | None:
    """The VAT in what was paid, where its rail knows it."""
    payment = find_payment(session, facts.rail, facts.provider_id)
    return payment.details.get("tax") if payment else None


def _tax_in(session: Session, sale: Paper, amount: int, *, back: bool) -> int | None:
    """The VAT in what goes `back` or comes again: in proportion, so that all parts have all of it."""
    tax = facts_of(sale).tax
    if tax is None or not sale.amount:
        return None
    papers = session.exec(select(Paper).where(Paper.order_id == sale.order_id, Paper.id != sale.id)).all()
    gone = sum(paper.amount * _sign(paper) for paper in papers) + (amount if back else -amount)
    share = int((Decimal(tax) * gone / sale.amount).quantize(Decimal(1), ROUND_HALF_UP))
    before = sum((facts_of(paper).tax or 0) * _sign(paper) for paper in papers)
    return share - before if back else before - share


def _sign(paper: Paper) -> int:
    """Of a paper besides that of the sale: whether money went back by it."""
    return 1 if paper.kind == "credit_note" else -1


def _facts(session: Session, order: Order, seller: Seller, *, corrects: Paper | None) -> PaperFacts:
    line = receipt(session, order)
    buyer = session.get(User, order.buyer_id) if order.buyer_id is not None else None
    assert line.paid_at is not None, f"order {id_of(order)} was never paid"
    return PaperFacts(
        shop=seller.name,
        seller=seller.legal_name or seller.name,
        address=seller.legal_address,
        vat_number=seller.vat_number,
        buyer=buyer.name if buyer else "",
        order_number=line.number,
        title=line.title,
        rail=line.rail,
        provider_id=line.provider_id,
        paid_at=line.paid_at,
        language=order.language,
        corrects=number_of(corrects) if corrects else "",
        corrected_at=corrects.issued_at if corrects else None,
        waived_at=order.waived_at,
        reason=order.note if corrects else "",
    )
