"""Looking whether shops have paid their monthly fee: reminders, and the end of patience.

What could make a seller look as if they had not paid, while they have or could not, holds the count: an event
of a provider that nobody has applied yet, a transfer that staff have not decided, a payment that is being
confirmed, no way to pay at all.
"""

from datetime import datetime

from sqlmodel import Session, col, or_, select

from core.catalogue.catalogue import view
from core.kit.bad_rows import each
from core.kit.rail_policy import Policy
from core.kit.readable_rows import readable
from core.kit.rows import id_of, must_get
from core.notifications.notify import notify_seller, notify_staff
from core.notifications.subjects import SUBJECT
from core.orders.orders import OPEN
from core.payments.offers import offers_of
from core.payments.rails.port import rail_of
from core.people.shop_fee_rules import SOON, Lack, Step, look
from core.people.shop_fees import SLUG, UNKNOWN, suspend
from core.process.settings import Settings
from core.telegram.deep_links import PRODUCT
from schemas.people import Seller
from schemas.sales import Order, Payment, PaymentEvent
from schemas.shop_fee import ShopFee

LOOP = "shop fees"
TOLD: dict[Step, str] = {
    "remind": "shop-fee-soon",
    "tell": "shop-fee-lacks",
    "warn": "shop-fee-last-day",
    "suspend": "shop-fee-suspended",
}
"""What the seller reads of each step."""


def look_at_fees(session: Session, *, policy: Policy, settings: Settings, now: datetime) -> int:
    """Look at the fee of every open shop whose month ends soon or is over; at how many."""
    unread = session.exec(select(PaymentEvent.id).where(PaymentEvent.state == "received").limit(1)).first()
    due = (
        select(ShopFee.seller_id)
        .join(Seller, col(Seller.id) == ShopFee.seller_id)
        .where(col(ShopFee.ended_at).is_(None), Seller.status == "approved")
        .where(or_(col(ShopFee.paid_until) <= now + SOON, col(ShopFee.counted_at).is_not(None)))
        .order_by(col(ShopFee.seller_id))
    )

    def act(seller_id: int) -> None:
        _look(session, seller_id, policy, settings, unread is not None, now)

    return len(each(session, LOOP, session.exec(due).all(), act, now=now))


def _look(
    session: Session, seller_id: int, policy: Policy, settings: Settings, unread: bool, now: datetime
) -> None:
    fee = must_get(session, ShopFee, seller_id, UNKNOWN, lock=True)
    if fee.suspended_at is not None or fee.ended_at is not None:
        return
    payable = now < fee.paid_until or _is_payable(session, fee, policy, settings)
    is_held = unread or not payable or _is_under_way(session, fee)
    lack, grace_days = Lack(fee.days_lacked, fee.counted_at), settings.shop_fee_grace_days
    lack, step = look(lack, fee.paid_until, now, grace_days=grace_days, is_held=is_held)
    fee.days_lacked, fee.counted_at = lack.days, lack.counted_at
    session.add(fee)
    name = must_get(session, Seller, seller_id, "shop-unknown").name
    once = f"{seller_id}:{fee.paid_until:%Y-%m-%d}"
    if not payable:
        notify_staff(session, "staff-shop-fee-unpayable", {"name": name}, once=once, act="approve_seller")
    if step == "suspend":
        suspend(session, fee, now=now)
        notify_staff(session, "staff-shop-fee-suspended", {"name": name}, once=once, act="approve_seller")
    if step in TOLD:
        _tell(session, fee, step, grace_days)


def _tell(session: Session, fee: ShopFee, step: Step, grace_days: int) -> None:
    news: dict[str, str | int] = {
        "until": int(fee.paid_until.timestamp()),
        "days": grace_days,
        SUBJECT: f"{PRODUCT}{SLUG}{fee.seller_id}",
    }
    once = f"{step}:{fee.seller_id}:{fee.paid_until:%Y-%m-%d}"
    buttons = [["button-pay-shop-fee", f"product:{fee.product_id}"]]
    notify_seller(session, fee.seller_id, TOLD[step], news, once=once, buttons=buttons)


def _is_payable(session: Session, fee: ShopFee, policy: Policy, settings: Settings) -> bool:
    """Whether the chat, where the seller is told, offers any way to pay."""
    product = view(session, product_id=fee.product_id, viewer=None)
    return bool(offers_of(product, "chat", policy=policy, settings=settings).rails)


def _is_under_way(session: Session, fee: ShopFee) -> bool:
    """Whether an order of the fee waits for staff, or for a payment that was seen."""
    waiting = select(Order).where(
        Order.product_id == fee.product_id, col(Order.status).in_((*OPEN, "submitted"))
    )
    return any(_is_awaited(session, order) for order in readable(session, waiting))


def _is_awaited(session: Session, order: Order) -> bool:
    if order.status == "submitted":
        return True
    of_order = select(Payment).where(Payment.order_id == id_of(order)).order_by(col(Payment.created_at))
    return rail_of(order.rail).waiting(session.exec(of_order).all()).stage == "confirming"
