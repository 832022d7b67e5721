"""What waits for the listing fee goes on once it is paid."""

import pytest
from sqlmodel import Session, select

from core.catalogue.catalogue import current_assets, products_of, search
from core.catalogue.listing_fee import payment_status
from core.kit.errors import Explained, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.expiry import expire
from core.payments.balances import owed
from core.people.sellers import sales_of
from core.uploads.parts import check_sendable
from schemas.catalogue import Product
from schemas.jobs import Deliver, TakeTelegramFile
from schemas.sales import Order
from tests.support import make
from tests.support.make import NOW
from tests.support.uploader import Uploader

FEE = {"stars": [Money(100, "XTR")]}


def fee_order(uploader: Uploader, rail: str = "stars") -> Order:
    """The seller orders the listing of the product."""
    fee = uploader.session.exec(select(Product).where(Product.listing_of == uploader.product.id)).one()
    return make.order(uploader.session, fee, uploader.owner, rail=rail)


def test_after_payment_nothing_is_sent_before_the_fee_is_paid(uploader: Uploader) -> None:
    uploader.charge(FEE, "after_payment")
    upload = uploader.open()
    assert (upload.state, payment_status(uploader.session, uploader.product)) == (
        "awaiting_payment",
        "pending",
    )
    with pytest.raises(Explained, match="upload-unpaid"):
        check_sendable(upload)
    order = fee_order(uploader)
    make.pay(uploader.session, order)
    uploader.session.refresh(upload)
    uploader.session.refresh(order)
    assert (upload.state, order.status) == ("open", "delivered")
    assert payment_status(uploader.session, uploader.product) == "confirmed"
    assert "listing-paid" in make.sent_texts(uploader.session, uploader.owner)
    assert uploader.open("second.pdf").state == "open"


def test_a_fee_is_neither_a_sale_nor_something_to_deliver(uploader: Uploader) -> None:
    uploader.charge(FEE, "after_payment")
    uploader.open()
    make.pay(uploader.session, fee_order(uploader))
    seller_id = uploader.product.seller_id
    assert owed(uploader.session, seller_id) == []
    assert sales_of(uploader.session, seller_id, page=1).items == []
    assert make.queued(uploader.session, Deliver) == []
    assert [item.id for item in products_of(uploader.session, seller_id, page=1).items] == [
        uploader.product.id
    ]
    assert search(uploader.session, "", page=1).total == 0


def test_a_paid_fee_cannot_be_paid_again(uploader: Uploader) -> None:
    uploader.charge(FEE, "after_payment")
    uploader.open()
    make.pay(uploader.session, fee_order(uploader))
    with pytest.raises(Refused, match="not-published"):
        fee_order(uploader)


def test_a_failed_payment_says_so_and_may_be_tried_again(uploader: Uploader) -> None:
    uploader.charge(FEE, "after_payment")
    upload = uploader.open()
    order = fee_order(uploader)
    expire(uploader.session, now=order.expires_at)
    assert payment_status(uploader.session, uploader.product) == "failed"
    assert upload.state == "awaiting_payment"
    make.pay(uploader.session, fee_order(uploader))
    assert uploader.state_of(upload) == "open"


def test_on_confirm_the_file_is_sent_and_waits_for_the_fee_in_the_store(uploader: Uploader) -> None:
    uploader.charge(FEE, "on_confirm")
    upload = uploader.verify(uploader.send())
    assert upload.state == "awaiting_payment"
    assert make.sent_texts(uploader.session, uploader.owner) == ["upload-awaits-fee"]
    assert current_assets(uploader.session, id_of(uploader.product)) == []
    make.pay(uploader.session, fee_order(uploader))
    assert uploader.state_of(upload) == "accepted"
    assert len(current_assets(uploader.session, id_of(uploader.product))) == 1


def test_a_fee_may_be_paid_on_rails_that_its_shop_does_not_take(uploader: Uploader, session: Session) -> None:
    uploader.charge({"manual": [Money(500, "EUR")]}, "after_payment")
    uploader.open()
    fee = session.exec(select(Product).where(Product.listing_of == uploader.product.id)).one()
    make.pay(session, make.web_order(session, fee, rail="manual").order)
    session.refresh(uploader.product)
    assert uploader.product.listing_paid_at == NOW


def test_a_file_from_telegram_is_fetched_once_its_fee_is_paid(uploader: Uploader) -> None:
    uploader.charge(FEE, "after_payment")
    upload = uploader.open(telegram_file_id="file")
    assert make.queued(uploader.session, TakeTelegramFile) == []
    make.pay(uploader.session, fee_order(uploader))
    assert make.queued(uploader.session, TakeTelegramFile) == [TakeTelegramFile(upload_id=upload.id)]
