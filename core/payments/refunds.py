"""Giving money back, and what ends with it."""

from datetime import datetime
from typing import Literal

from sqlmodel import Session, col, func, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.kit.money import Money
from core.kit.names import clean_text
from core.kit.rows import id_of, must_get
from core.kit.texts import of_kind
from core.notifications.notify import notify_seller
from core.orders.buyer_news import tell_buyer
from core.orders.fulfilment import OrderLine, awaits_person, goods_of, line_of
from core.orders.orders import PAID, can_move, clear_support, move, need_support, order_number
from core.payments.balances import add_order_line
from core.payments.dispute_rows import check_undisputed
from core.payments.payment_rows import (
    keeps_money,
    note_part,
    paying_payment,
    refunded_parts,
    set_status,
    worth,
)
from core.payments.rails.port import rail_of
from schemas.paper_jobs import IssuePaper
from schemas.sales import Order, Payment

ReturnedBy = Literal["refund", "bank"]
News = Literal["refunded", "part-refunded", "charged-back"]


def request_refund(
    session: Session,
    order_id: int,
    *,
    actor: str,
    reason: str,
    amount: int | None = None,
    end_access: bool = False,
    now: datetime,
) -> Order:
    """Refund a paid order, or a part in minor units: by its rail, or as sent back by staff themselves.

    With a part, what the order gave stays unless `end_access`; with the whole it always ends.
    Asked again for the whole, nothing more happens. Raises `Refused` when the order is not paid, when less is
    left than the part, "order-disputed" when a bank has the money, or when its rail gives back whole payments
    only.
    """
    order = must_get(session, Order, order_id, "order-unknown", lock=True)
    if order.status == "refunded":
        return order
    left = refundable(session, order)
    if not can_move(order.status, "refunded") or not 0 < (left if amount is None else amount) <= left:
        raise Refused("not-refundable", {"number": order_number(order), "status": order.status})
    check_undisputed(session, order)
    clean = clean_text(reason)
    part = None if amount is None else Money(amount, order.currency)
    record(session, actor, "refund.asked", f"order:{order_id}", clean, amount=part)
    line, part_only = line_of(session, order), None if amount == left else amount
    if part_only is not None and end_access:
        if awaits_person(line):
            raise Refused("access-unclaimed", {"number": order_number(order)})
        goods_of(line.product.kind).on_refunded(session, line, now=now)
    rail_of(order.rail).refund(session, line, part_only, reason=clean, now=now)
    return order


def refundable(session: Session, order: Order) -> int:
    """Minor units of an order's price that have not gone back yet: of the payment that pays it. What went
    back of another one is none of the price."""
    paying = paying_payment(session, order)
    of_order = select(Payment).where(Payment.order_id == order.id)
    payments = session.exec(of_order).all() if paying is None else [paying]
    return max(0, order.amount - sum(sum(refunded_parts(payment).values()) for payment in payments))


def refund_by_hand(
    session: Session, line: OrderLine, amount: int | None, *, reason: str, now: datetime
) -> None:
    """The `refund` of a rail whose money staff have sent back themselves."""
    order = line.order
    if amount is None:
        finish_refund(session, order, reason=reason, now=now)
        return
    payment = paying_payment(session, order)
    number = len(refunded_parts(payment)) + 1 if payment else 1
    finish_part(session, order, amount, part=str(number), reason=reason, now=now)


def pays(session: Session, order: Order, payment: Payment) -> bool:
    """Whether this payment alone pays an order: what goes back of it takes the order with it. An order that
    costs nothing is paid by none."""
    if not order.amount or order.status not in PAID or payment != paying_payment(session, order):
        return False
    others = select(Payment.id).where(
        Payment.order_id == order.id,
        Payment.id != payment.id,
        Payment.status == "confirmed",
        func.coalesce(col(Payment.received), 0) >= order.amount,
    )
    return session.exec(others.limit(1)).first() is None


def finish_part(
    session: Session,
    order: Order,
    amount: int,
    *,
    part: str,
    reason: str,
    now: datetime,
    by: ReturnedBy = "refund",
) -> bool:
    """A part of an order's money is back, named `part` by its rail; the order stays what it is. Once.

    When nothing is left, the whole order is refunded. `order` is locked and paid. `by`: who gave it back, the
    shop or the buyer's bank.
    """
    payment = paying_payment(session, order)
    if payment is None or part in refunded_parts(payment):
        return False
    if amount >= refundable(session, order):
        is_done = finish_refund(session, order, reason=reason, now=now, by=by, paper=f"part:{part}")
        note_part(session, payment, part, amount)
        return is_done
    note_part(session, payment, part, amount)
    line = line_of(session, order)
    _owe_less(session, line, amount, now, part=part)
    _credit(session, line, amount, part=f"part:{part}")
    clean = clean_text(reason)
    part_sum = Money(amount, order.currency)
    record(session, "system", "order.part-refunded", f"order:{order.id}", part=part, amount=part_sum)
    what: News = "part-refunded" if by == "refund" else "charged-back"
    _notify(session, line, what, amount, clean, once=f"{order.id}:{part}")
    return True


def finish_refund(
    session: Session,
    order: Order,
    *,
    reason: str,
    now: datetime,
    by: ReturnedBy = "refund",
    paper: str = "rest",
) -> bool:
    """The money is back: the order is refunded, what it gave ends, both sides are told. Once.

    `paper`: the part of the order that the credit note is of.
    """
    clean = clean_text(reason)
    if not move(session, order, "refunded", now=now, note=clean):
        return False
    left = refundable(session, order)
    payment = paying_payment(session, order)
    if payment is not None:
        set_status(session, payment, "refunded")
    if not keeps_money(session, order):  # else somebody still has to say what becomes of it
        clear_support(session, order)
    line = line_of(session, order)
    goods = goods_of(line.product.kind)
    goods.on_refunded(session, line, now=now)
    if goods.is_in_force(session, line):  # the money is gone, whatever a kind of goods forgets
        need_support(session, order, reason="kept-after-refund", now=now)
    _owe_less(session, line, left, now)
    _credit(session, line, left, part=paper)
    once = str(order.id) if paper == "rest" else f"{order.id}:{paper}"
    _notify(session, line, "refunded" if by == "refund" else "charged-back", left, clean, once=once)
    return True


def return_part(
    session: Session, order: Order, payment: Payment, amount: int, *, part: str, reason: str, now: datetime
) -> bool:
    """A part of one payment of a locked order is back, or all of it: True where the whole payment is, and
    another one pays the order. Where this one alone does, the order goes with it (`finish_part`).

    It is written down either way: which payment pays the order another one may decide that is known later.
    """
    if pays(session, order, payment):
        finish_part(session, order, amount, part=part, reason=reason, now=now)
        return False
    note_part(session, payment, part, amount)
    if payment.status == "refunded" or sum(refunded_parts(payment).values()) < worth(payment):
        return False
    set_status(session, payment, "refunded")
    return True


def _notify(session: Session, line: OrderLine, what: News, amount: int, reason: str, *, once: str) -> None:
    """Tell the buyer, and the seller, whose balance or account is less by it; of what a bank has decided the
    seller hears as of a dispute."""
    order = line.order
    details = {"title": line.product.title, "number": order_number(order), "reason": reason}
    details |= {"amount": str(Money(amount, order.currency))}
    details["access"] = "stays" if goods_of(line.product.kind).is_in_force(session, line) else "ended"
    tell_buyer(session, order, of_kind(f"order-{what}", line.product.kind), details, once=once)
    if what != "charged-back" and goods_of(line.product.kind).payee == "seller":
        news = of_kind(f"sale-{what}", rail_of(order.rail).holder)
        notify_seller(session, order.seller_id, news, details, once=once)


def _credit(session: Session, line: OrderLine, amount: int, *, part: str) -> None:
    """Have the credit note issued; what the operator was paid has papers elsewhere."""
    if goods_of(line.product.kind).payee == "seller":
        enqueue(session, IssuePaper(order_id=id_of(line.order), part=part, amount=amount).once())


def _owe_less(session: Session, line: OrderLine, amount: int, now: datetime, *, part: str = "") -> None:
    """What went back is not owed to the seller any more; a fee was never theirs."""
    if goods_of(line.product.kind).payee == "seller":
        add_order_line(session, line.order, "refund", -amount, now, part=part)
