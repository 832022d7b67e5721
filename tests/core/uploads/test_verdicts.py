"""Accepted, held, refused, waiting for money: what follows once all bytes are there."""

import pytest
from sqlmodel import Session, select

from core.catalogue.catalogue import current_assets, products_of, search
from core.catalogue.listing_fee import parse_fee, payment_status
from core.catalogue.storage_report import parse_price, storage_report
from core.kit.errors import Explained, NotFound, Refused, SettingError
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.orders import expire
from core.payments.balances import owed
from core.payments.placing import place
from core.people.sellers import sales_of
from core.uploads.moderation import Subject, Words, block_file, decide_upload, waiting_uploads
from core.uploads.parts import check_sendable
from schemas.catalogue import Product
from schemas.jobs import Deliver, TakeTelegramFile
from schemas.people import User
from schemas.sales import Order
from tests.core.uploads.conftest import Uploader
from tests.support import make
from tests.support.make import NOW

FEE = {"stars": Money(100, "XTR")}


def fee_order(uploader: Uploader, rail: str = "stars") -> Order:
    """The seller orders the listing of the product."""
    fee = uploader.session.exec(select(Product).where(Product.listing_of == uploader.product.id)).one()
    return make.order(uploader.session, fee, uploader.owner, rail=rail)


def test_a_verified_file_becomes_the_products_and_its_seller_goes_on(uploader: Uploader) -> None:
    upload = uploader.verify(uploader.send())
    (asset,) = current_assets(uploader.session, id_of(uploader.product))
    assert (upload.state, upload.asset_id, asset.key) == ("accepted", asset.id, upload.key)
    assert make.sent_texts(uploader.session, uploader.owner) == ["upload-accepted"]
    uploader.verify(upload)
    assert make.sent_texts(uploader.session, uploader.owner) == ["upload-accepted"]


def test_a_replacement_takes_the_old_files_place(uploader: Uploader) -> None:
    first = uploader.verify(uploader.send("v1.pdf"))
    uploader.verify(uploader.send("v2.pdf", replaces=first.asset_id))
    (asset,) = current_assets(uploader.session, id_of(uploader.product))
    assert (asset.name, asset.replaces_id) == ("v2.pdf", first.asset_id)


def test_a_replacement_of_what_is_gone_meanwhile_is_refused(uploader: Uploader) -> None:
    first = uploader.verify(uploader.send("v1.pdf"))
    late, early = (uploader.send(name, replaces=first.asset_id) for name in ("v2.pdf", "v3.pdf"))
    uploader.verify(early)
    assert uploader.verify(late).reason == "file-already-replaced"


def test_what_checks_notice_waits_for_staff_who_approve(uploader: Uploader) -> None:
    staff = make.user(uploader.session, roles=("support",))
    upload = uploader.verify(uploader.send(), "word: pirate")
    assert upload.state == "moderation"
    assert make.sent_texts(uploader.session, staff) == ["staff-upload-waiting"]
    (line,) = waiting_uploads(uploader.session, page=1).items
    assert (line.id, line.findings) == (upload.id, ["word: pirate"])
    for _ in range(2):
        decided = decide_upload(
            uploader.session, upload.id, approved=True, note="", actor="cli", rules=uploader.rules, now=NOW
        )
        assert decided.state == "accepted"
    assert len(current_assets(uploader.session, id_of(uploader.product))) == 1


def test_staff_refuse_with_a_reason(uploader: Uploader) -> None:
    upload = uploader.verify(uploader.send(), moderation="all")
    with pytest.raises(Refused, match="note-empty"):
        decide_upload(
            uploader.session, upload.id, approved=False, note=" ", actor="cli", rules=uploader.rules, now=NOW
        )
    decide_upload(
        uploader.session, upload.id, approved=False, note="No.", actor="cli", rules=uploader.rules, now=NOW
    )
    assert (upload.state, upload.reason, upload.reason_params) == ("refused", "staff", {"note": "No."})
    with pytest.raises(Refused, match="upload-not-waiting"):
        decide_upload(
            uploader.session, upload.id, approved=True, note="", actor="cli", rules=uploader.rules, now=NOW
        )


def test_without_moderation_findings_hold_nothing_but_blocked_files_stay_out(uploader: Uploader) -> None:
    assert uploader.verify(uploader.send("a.pdf"), "word: x", moderation="off").state == "accepted"
    assert block_file(uploader.session, "B" * 64, reason="stolen", actor="cli", now=NOW)
    assert not block_file(uploader.session, "b" * 64, reason="", actor="cli", now=NOW)
    blocked = uploader.verify(uploader.send("b.pdf"), moderation="off", sha256="b" * 64)
    assert (blocked.state, blocked.reason) == ("refused", "blocked")
    with pytest.raises(Refused, match="digest-wrong"):
        block_file(uploader.session, "xyz", reason="", actor="cli", now=NOW)


def test_words_are_found_in_title_and_name_whatever_their_case() -> None:
    subject = Subject("Le PIRATE", "cours.pdf", 1, "", "", "")
    assert Words("pirate, cours ,,autre").findings(subject) == ["word: pirate", "word: cours"]
    assert Words("").findings(subject) == []


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
    uploader.charge({"manual": Money(500, "EUR")}, "after_payment")
    uploader.open()
    fee = session.exec(select(Product).where(Product.listing_of == uploader.product.id)).one()
    placed = place(
        session,
        product_id=id_of(fee),
        rail="manual",
        entry="web",
        buyer=None,
        language="fr",
        policy=make.POLICY,
        order_ttl=3600,
        now=NOW,
        idempotency_key="k" * 43,
    )
    make.pay(session, placed.order)
    session.refresh(uploader.product)
    assert uploader.product.listing_paid_at == NOW


def test_a_file_from_telegram_is_fetched_once_its_fee_is_paid(uploader: Uploader) -> None:
    uploader.charge(FEE, "after_payment")
    upload = uploader.open(telegram_file_id="file")
    assert make.queued(uploader.session, TakeTelegramFile) == []
    make.pay(uploader.session, fee_order(uploader))
    assert make.queued(uploader.session, TakeTelegramFile) == [TakeTelegramFile(upload_id=upload.id)]


def test_fees_are_read_by_rail() -> None:
    assert parse_fee("stars=100; manual=5.00 EUR") == {
        "stars": Money(100, "XTR"),
        "manual": Money(500, "EUR"),
    }
    assert parse_fee("") == {}


@pytest.mark.parametrize("text", ["stars", "stars=1 EUR", "manual=5", "gold=1", "stars=0", "stars=x"])
def test_a_fee_that_makes_no_sense_names_its_setting(text: str) -> None:
    with pytest.raises(SettingError, match="LISTING_FEE is wrong"):
        parse_fee(text)


def test_the_report_says_what_is_kept_what_was_freed_and_what_it_costs(uploader: Uploader) -> None:
    uploader.verify(uploader.send("a.pdf", size=3 * 10**9))
    begun = uploader.open("b.pdf", size=10**9)
    begun.store_upload_id = "begun"
    gone = uploader.open("c.pdf", size=10**9)
    gone.state, gone.reclaimed_at, gone.reclaimed_bytes = "aborted", NOW, 2 * 10**9
    uploader.session.flush()
    lines = {line.what: line for line in storage_report(uploader.session, "0.023 USD")}
    assert (lines["files"].objects, lines["files"].bytes) == (1, 3 * 10**9)
    assert str(lines["files"].monthly_cost) == "0.0690"
    assert lines["unfinished, at most"].bytes == 10**9
    assert (lines["reclaimed"].bytes, str(lines["reclaimed"].monthly_cost)) == (2 * 10**9, "0.0460")


@pytest.mark.parametrize("text", ["", "x USD", "-1 USD", "0.02", "NaN USD"])
def test_a_price_that_makes_no_sense_names_its_setting(text: str) -> None:
    with pytest.raises(SettingError, match="STORE_PRICE is wrong"):
        parse_price(text)


def test_only_ones_own_products_take_uploads(uploader: Uploader, session: Session) -> None:
    stranger = make.user(session, roles=("seller",))
    uploader.owner = session.get_one(User, stranger.id)
    with pytest.raises(Refused, match="not-your-product"):
        uploader.open()
    uploader.owner, uploader.product = stranger, Product(id=10**9, seller_id=1, slug="", title="")
    with pytest.raises(NotFound):
        uploader.open()
