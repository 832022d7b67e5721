"""The listing fee as goods: once it is paid, what waited for it goes on sale."""

from datetime import datetime, timedelta
from typing import Never
from uuid import UUID

from sqlmodel import Session, col, select

from core.audit.record import record
from core.catalogue.catalogue import ProductView
from core.catalogue.listing_fee import is_paid_otherwise
from core.kit.bad_rows import each
from core.kit.prices import Prices
from core.kit.rows import id_of, must_get
from core.notifications.notify import notify_seller
from core.orders.fulfilment import Choice, Description, OrderLine, Payee
from core.orders.orders import move
from core.uploads.telegram_files import fetch_later
from core.uploads.verdicts import accept
from schemas.access import Grant
from schemas.catalogue import Product, ProductKind
from schemas.people import User
from schemas.uploads import Upload

GRACE = timedelta(days=7)  # to send a file whose fee was paid


class ListingFeeGoods:
    """What a seller pays the operator for a product to go on sale; nobody is sent anything."""

    kind: ProductKind = "listing"
    payee: Payee = "operator"
    personal = False
    holds_files = False

    def may_buy(self, session: Session, product: Product, person: User | None, *, now: datetime) -> None:
        """Anybody may pay a fee."""

    def check_complete(self, session: Session, product: Product) -> None:
        """A fee needs nothing but its price."""

    def check_prices(self, session: Session, product: Product, prices: Prices) -> None:
        """The operator sets any."""

    def on_paid(self, session: Session, line: OrderLine, *, now: datetime) -> bool:
        """Open the uploads that waited for the payment; those already in the store and approved become
        files of their product."""
        fee = line.product
        product = must_get(session, Product, fee.listing_of, "product-unknown", lock=True)
        move(session, line.order, "delivered", now=now)
        fee.status = "unpublished"
        product.listing_paid_at = product.listing_paid_at or now
        session.add_all((fee, product))
        waiting = select(Upload.id).where(Upload.product_id == product.id, Upload.state == "awaiting_payment")
        ids = session.exec(waiting.order_by(col(Upload.id)).with_for_update(key_share=True)).all()
        each(session, "paid uploads", ids, lambda number: _go_on(session, number, product, now), now=now)
        session.flush()
        details = {"title": product.title}
        notify_seller(session, product.seller_id, "listing-paid", details, once=str(line.order.id))
        return True

    def on_refunded(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """Its product is off sale and owes the fee again, unless another payment of the fee stands."""
        fee = line.product
        product = must_get(session, Product, fee.listing_of, "product-unknown", lock=True)
        if product.listing_paid_at is None or is_paid_otherwise(session, line.order):
            return
        product.listing_paid_at = None
        fee.status = "published"
        if product.status == "published":
            product.status = "unpublished"
            record(session, "system", "product.unpublished", f"product:{product.id}", reason="fee-refunded")
        session.add_all((fee, product))
        session.flush()
        buttons = [["button-pay-fee", f"product:{fee.id}"]]
        details, once = {"title": product.title}, str(line.order.id)
        notify_seller(session, product.seller_id, "listing-refunded", details, once=once, buttons=buttons)

    def put_aside(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """Nothing: staff, who hear of the dispute, know whose product it is."""

    def give_back(self, session: Session, line: OrderLine, *, now: datetime) -> None:
        """Nothing was put aside."""

    def is_in_force(self, session: Session, line: OrderLine) -> bool:
        """Whether the product counts as paid by this order."""
        product = must_get(session, Product, line.product.listing_of, "product-unknown")
        return product.listing_paid_at is not None and not is_paid_otherwise(session, line.order)

    def deliver(self, session: Session, line: OrderLine, *, attempt: int) -> Never:
        """Nothing is delivered for a fee: no grant is ever made of it."""
        raise AssertionError(f"order {id_of(line.order)} paid a listing fee")

    def resend(self, session: Session, line: OrderLine, grant: Grant) -> Never:
        """The same."""
        raise AssertionError(f"order {id_of(line.order)} paid a listing fee")

    def claim_again(self, session: Session, line: OrderLine, person: User, *, now: datetime) -> None:
        """Nothing: a fee gives its payer nothing."""

    def renewal_period(self, session: Session, product: Product) -> timedelta | None:
        """A fee is paid once."""
        return None

    def describe(self, session: Session, product: ProductView) -> Description:
        """Its title says what it is for."""
        return Description([], [])

    def choices(self, session: Session, product: ProductView, *, now: datetime) -> list[Choice]:
        """There is but one."""
        return []


def _go_on(session: Session, upload_id: UUID, product: Product, now: datetime) -> None:
    upload = session.get_one(Upload, upload_id, populate_existing=True)
    upload.expires_at = now + GRACE
    if upload.approved_at is not None:
        accept(session, upload, product, now=now)
        return
    upload.state = "open"
    session.add(upload)
    if upload.telegram_file_id is not None:
        fetch_later(session, upload)
