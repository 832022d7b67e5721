"""Answering a dispute: the proof is staged at Stripe first, and handed in once, by a person's press.

What is staged can be read and replaced; what is submitted is final (https://docs.stripe.com/disputes/api).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.bad_rows import each
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of, must_get
from core.notifications.notify import notify_staff
from core.orders.orders import order_number
from core.payments.dispute_rows import notify_payee
from core.payments.dispute_rules import ANSWERABLE
from core.payments.evidence import EvidenceFacts, gather
from core.people.shop_rights import require_in
from schemas.card_jobs import SubmitEvidence
from schemas.catalogue import Product
from schemas.disputes import Dispute
from schemas.people import User
from schemas.sales import Order, Payment

UNKNOWN = "dispute-unknown"
LOOP = "disputes to answer"
REMINDERS = (timedelta(days=3), timedelta(days=1))
"""So long before the end, whoever can answer is reminded."""
PROOF_KEPT = timedelta(days=540)
"""So long the PDF stays after its dispute has closed: it names networks, which are kept as long."""
AT_ONCE = 100  # proofs


@dataclass(frozen=True)
class WantedEvidence:
    """What is to be staged of a dispute, on whose account; `name` is Stripe's of the dispute."""

    dispute_id: int
    evidence_id: UUID
    name: str
    account: str
    turn: int
    facts: EvidenceFacts


@dataclass(frozen=True)
class WantedSubmission:
    """A dispute whose staged evidence is to be handed in, on whose account."""

    name: str
    account: str
    turn: int

    @property
    def key(self) -> str:
        """One submission for each turn of the bank's case."""
        return f"comptoir:evidence-submit:{self.name}:{self.turn}"


def is_answerable(row: Dispute) -> bool:
    """Whether evidence can still be handed in, and nobody has asked for that yet."""
    return row.status in ANSWERABLE and not row.answered and row.submit_asked_at is None


def wanted_evidence(session: Session, dispute_id: int) -> WantedEvidence | None:
    """The proof that is to be staged; None where it is too late for any."""
    row, payment, order = _load(session, dispute_id)
    if not is_answerable(row):
        return None
    description = session.get_one(Product, order.product_id).description
    return WantedEvidence(
        dispute_id=dispute_id,
        evidence_id=row.evidence_id,
        name=row.provider_id,
        account=payment.details["account"],
        turn=row.turn,
        facts=gather(session, order, description),
    )


def record_staged(session: Session, dispute_id: int, *, now: datetime) -> None:
    """The proof lies at Stripe, and can be read and handed in."""
    row = must_get(session, Dispute, dispute_id, UNKNOWN, lock=True)
    row.staged_at = now
    session.add(row)
    session.flush()


def submit(session: Session, person: User, dispute_id: int, *, now: datetime) -> None:
    """Have the staged proof handed in, once: asked again, nothing more happens.

    Raises `NotFound`; `Refused` "dispute-over" where it cannot be answered any more, "evidence-not-ready"
    while the proof is being gathered.
    """
    row, _, order = _load(session, dispute_id, lock=True)
    require_in(session, person, order.seller_id, "answer_dispute", unknown=UNKNOWN)
    if row.submit_asked_at is not None:
        return
    if not is_answerable(row) or (row.answer_by is not None and row.answer_by <= now):
        raise Refused("dispute-over", {"number": order_number(order)})
    if row.staged_at is None:
        raise Refused("evidence-not-ready")
    row.submit_asked_at = now
    session.add(row)
    session.flush()
    actor = f"user:{id_of(person)}"
    record(session, actor, "dispute.submitted", f"order:{order.id}", dispute=row.provider_id)
    enqueue(session, SubmitEvidence(dispute_id=dispute_id, turn=row.turn).once())


def wanted_submission(session: Session, dispute_id: int) -> WantedSubmission | None:
    """What is to be handed in; None where it was."""
    row, payment, _ = _load(session, dispute_id)
    if row.answered or row.submit_asked_at is None:
        return None
    return WantedSubmission(row.provider_id, payment.details["account"], row.turn)


def payment_of(session: Session, dispute_id: int) -> tuple[Payment, Order]:
    """The payment that a dispute is of, and its order, locked."""
    _, payment, _ = _load(session, dispute_id)
    return payment, must_get(session, Order, payment.order_id, "order-unknown", lock=True)


def evidence_of(session: Session, evidence_id: UUID) -> Dispute:
    """The dispute whose proof has this name, which alone opens it. Raises `NotFound` "dispute-unknown"."""
    row = session.exec(select(Dispute).where(Dispute.evidence_id == evidence_id)).one_or_none()
    if row is None or row.staged_at is None:
        raise NotFound(UNKNOWN)
    return row


def evidence_key(evidence_id: UUID) -> str:
    """Where the store keeps the PDF of a proof."""
    return f"evidence/{evidence_id}.pdf"


def old_proofs(session: Session, *, now: datetime) -> list[UUID]:
    """The names of the proofs of disputes that have been closed for so long that no bank asks for them."""
    closed = select(Dispute.evidence_id).where(
        col(Dispute.closed_at) < now - PROOF_KEPT, col(Dispute.staged_at).is_not(None)
    )
    return list(session.exec(closed.order_by(col(Dispute.id)).limit(AT_ONCE)))


def forget_proof(session: Session, evidence_id: UUID) -> None:
    """The store has the proof of this name no more."""
    session.execute(
        update(Dispute).where(col(Dispute.evidence_id) == evidence_id).values(staged_at=None),
        execution_options={"synchronize_session": "fetch"},
    )


def remind(session: Session, *, now: datetime) -> int:
    """Tell sellers and staff of disputes that can be answered for three days more, and for one; how many."""
    due = select(Dispute.id).where(
        col(Dispute.status).in_(ANSWERABLE),
        col(Dispute.answered).is_(False),
        col(Dispute.submit_asked_at).is_(None),
        col(Dispute.answer_by) > now,
        col(Dispute.answer_by) <= now + max(REMINDERS),
    )
    ids = session.exec(due.order_by(col(Dispute.id))).all()
    return len(each(session, LOOP, ids, lambda number: _remind(session, number, now), now=now))


def _remind(session: Session, dispute_id: int | None, now: datetime) -> None:
    assert dispute_id is not None, "it is a row"
    row, _, order = _load(session, dispute_id)
    assert row.answer_by is not None, "it has a date"
    nearest = min(time for time in REMINDERS if row.answer_by - now <= time)
    title = session.get_one(Product, order.product_id).title
    params: dict[str, str | int] = {"number": order_number(order), "title": title}
    params |= {"by": int(row.answer_by.timestamp())}
    once = f"{row.provider_id}:{row.turn}:{nearest.days}"
    buttons = [["button-dispute", f"dispute:{row.id}"]]
    notify_payee(session, order, "sale-dispute-due", params, once=once, buttons=buttons)
    notify_staff(session, "staff-dispute-due", params, once=once, buttons=buttons, act="see_sale")


def _load(session: Session, dispute_id: int, *, lock: bool = False) -> tuple[Dispute, Payment, Order]:
    row = must_get(session, Dispute, dispute_id, UNKNOWN, lock=lock)
    payment = session.get_one(Payment, row.payment_id)
    return row, payment, session.get_one(Order, payment.order_id)
