"""The monthly fee of a shop as goods: once it is paid, the shop is open for a month."""

from datetime import datetime, timedelta
from typing import Never

from sqlmodel import Session, select

from core.catalogue.catalogue import ProductView
from core.kit.errors import Refused
from core.kit.prices import Prices
from core.kit.rows import id_of
from core.notifications.notify import notify_seller
from core.orders.fulfilment import Choice, Description, Fact, OrderLine, Payee
from core.orders.orders import move
from core.people.shop_fees import add_month, locked_fee
from schemas.access import Grant
from schemas.catalogue import Product, ProductKind
from schemas.people import Seller, User
from schemas.shop_fee import ShopFeeMonth


class ShopFeeGoods:
    """What a seller pays the operator each month; nobody is sent anything."""

    kind: ProductKind = "shop_fee"
    payee: Payee = "operator"
    personal = False
    holds_files = False

    def may_buy(self, session: Session, product: Product, person: User | None, *, now: datetime) -> None:
        """Anybody may pay a fee, but of a shop that would stay closed. Raises `Refused` "fee-of-banned"."""
        roles = select(User.roles).join(Seller).where(Seller.id == product.seller_id)
        if "banned" in session.exec(roles).one():
            raise Refused("fee-of-banned")

    def check_complete(self, session: Session, product: Product) -> None:
        """A fee needs nothing but its price."""

    def check_prices(self, session: Session, product: Product, prices: Prices) -> None:
        """The operator sets any."""

    def on_paid(self, session: Session, line: OrderLine, *, now: datetime) -> bool:
        """Add a month to what is paid, and open the shop if it was closed for the fee."""
        fee = locked_fee(session, id_of(line.product))
        month = session.get(ShopFeeMonth, id_of(line.order))
        if month is not None and month.taken_back_at is None:
            return True
        was_closed = fee.suspended_at is not None
        starts_at, ends_at = add_month(session, fee, now=now)
        month = month or ShopFeeMonth(
            order_id=id_of(line.order), seller_id=fee.seller_id, starts_at=starts_at, ends_at=ends_at
        )
        month.starts_at, month.ends_at, month.taken_back_at = starts_at, ends_at, None
        session.add(month)
        move(session, line.order, "delivered", now=now)
        news: dict[str, str | int] = {
            "until": int(ends_at.timestamp()),
            "opened": "yes" if was_closed else "no",
        }
        notify_seller(session, fee.seller_id, "shop-fee-paid", news, once=f"paid:{line.order.id}")
        return True

    def on_refunded(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """So much less is paid. The shop stays open: its seller is told of the lack first, as ever."""
        fee = locked_fee(session, id_of(line.product))
        month = session.get(ShopFeeMonth, id_of(line.order))
        if month is None or month.taken_back_at is not None:
            return
        month.taken_back_at = now
        fee.paid_until -= month.ends_at - month.starts_at
        session.add_all((month, fee))
        session.flush()
        news = {"until": int(fee.paid_until.timestamp())}
        buttons = [["button-pay-shop-fee", f"product:{fee.product_id}"]]
        once = f"returned:{line.order.id}"
        notify_seller(session, fee.seller_id, "shop-fee-returned", news, once=once, buttons=buttons)

    def put_aside(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """Nothing: staff, who hear of the dispute, know whose fee it is."""

    def give_back(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """Nothing was put aside."""

    def is_in_force(self, session: Session, line: OrderLine) -> bool:
        """Whether the month of this order counts."""
        month = session.get(ShopFeeMonth, id_of(line.order))
        return month is not None and month.taken_back_at is None

    def deliver(self, session: Session, line: OrderLine, *, attempt: int) -> Never:
        """Nothing is delivered for a fee: no grant is ever made of it."""
        raise AssertionError(f"order {id_of(line.order)} paid a shop's fee")

    def resend(self, session: Session, line: OrderLine, grant: Grant) -> Never:
        """The same."""
        raise AssertionError(f"order {id_of(line.order)} paid a shop's fee")

    def claim_again(self, session: Session, line: OrderLine, person: User, *, now: datetime) -> None:
        """Nothing: a fee gives its payer nothing."""

    def renewal_period(self, session: Session, product: Product) -> timedelta | None:
        """Each month is an order of its own, on whichever rail."""
        return None

    def describe(self, session: Session, product: ProductView) -> Description:
        """That it is for a month."""
        return Description([], [Fact("shop-fee-gives")])

    def choices(self, session: Session, product: ProductView, *, now: datetime) -> list[Choice]:
        """There is but one."""
        return []
