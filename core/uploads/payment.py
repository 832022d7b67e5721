"""A listing fee was paid: what waited for it goes on."""

from datetime import datetime, timedelta

from sqlmodel import Session, select

from core.kit.rows import id_of, must_get
from core.notifications.notify import notify_seller
from core.orders.orders import move
from core.uploads.telegram_files import fetch_later
from core.uploads.verdicts import accept
from schemas.catalogue import Product
from schemas.sales import Order
from schemas.uploads import Upload

GRACE = timedelta(days=7)  # to send a file whose fee was paid


def pay_listing(session: Session, order: Order, *, now: datetime) -> bool:
    """Apply a paid order when it is one of a listing fee; False when it is of something else.

    Nothing is delivered: uploads that waited for the payment are opened, and those already in the store and
    approved become files of their product.
    """
    fee = must_get(session, Product, order.product_id, "product-unknown")
    if fee.listing_of is None:
        return False
    product = must_get(session, Product, fee.listing_of, "product-unknown", lock=True)
    move(session, id_of(order), "delivered", now=now)
    fee.status = "unpublished"
    product.listing_paid_at = product.listing_paid_at or now
    session.add_all((fee, product))
    waiting = select(Upload).where(Upload.product_id == product.id, Upload.state == "awaiting_payment")
    for upload in session.exec(waiting.with_for_update(key_share=True)).all():
        upload.expires_at = now + GRACE
        if upload.approved_at is not None:
            accept(session, upload, now=now)
        else:
            upload.state = "open"
            session.add(upload)
            if upload.telegram_file_id is not None:
                fetch_later(session, upload)
    session.flush()
    notify_seller(session, product.seller_id, "listing-paid", {"title": product.title}, once=str(order.id))
    return True
