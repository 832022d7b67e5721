"""Accepted, held, refused, waiting for money: what follows once all bytes are there."""

import pytest
from sqlmodel import Session, select

from core.catalogue.catalogue import current_assets, products_of, search
from core.catalogue.listing_fee import parse_fee, payment_status
from core.catalogue.storage_report import parse_price, storage_report
from core.kit.errors import Explained, NotFound, Refused, SettingError
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.orders import expire, place
from core.payments.balances import owed
from core.people.sellers import sales_of
from core.uploads.moderation import Subject, Words, block_file, decide_upload, waiting_uploads
from core.uploads.parts import check_sendable
from schemas.catalogue import Product
from schemas.jobs import Deliver, TakeTelegramFile
from schemas.people import User
from schemas.sales import Order
from tests.core.uploads.conftest import Desk
from tests.support import make
from tests.support.make import NOW

FEE = {"stars": Money(100, "XTR")}


def fee_order(desk: Desk, rail: str = "stars") -> Order:
    """The seller orders the listing of the product."""
    fee = desk.session.exec(select(Product).where(Product.listing_of == desk.product.id)).one()
    return make.order(desk.session, fee, desk.owner, rail=rail)


def test_a_verified_file_becomes_the_products_and_its_seller_goes_on(desk: Desk) -> None:
    upload = desk.verify(desk.send())
    (asset,) = current_assets(desk.session, id_of(desk.product))
    assert (upload.state, upload.asset_id, asset.key) == ("accepted", asset.id, upload.key)
    assert make.told(desk.session, desk.owner) == ["upload-accepted"]
    desk.verify(upload)
    assert make.told(desk.session, desk.owner) == ["upload-accepted"]


def test_a_replacement_takes_the_old_files_place(desk: Desk) -> None:
    first = desk.verify(desk.send("v1.pdf"))
    desk.verify(desk.send("v2.pdf", replaces=first.asset_id))
    (asset,) = current_assets(desk.session, id_of(desk.product))
    assert (asset.name, asset.replaces_id) == ("v2.pdf", first.asset_id)


def test_a_replacement_of_what_is_gone_meanwhile_is_refused(desk: Desk) -> None:
    first = desk.verify(desk.send("v1.pdf"))
    late, early = (desk.send(name, replaces=first.asset_id) for name in ("v2.pdf", "v3.pdf"))
    desk.verify(early)
    assert desk.verify(late).reason == "file-already-replaced"


def test_what_checks_notice_waits_for_staff_who_approve(desk: Desk) -> None:
    staff = make.user(desk.session, roles=("support",))
    upload = desk.verify(desk.send(), "word: pirate")
    assert upload.state == "moderation"
    assert make.told(desk.session, staff) == ["staff-upload-waiting"]
    (line,) = waiting_uploads(desk.session, page=1).items
    assert (line.id, line.findings) == (upload.id, ["word: pirate"])
    for _ in range(2):
        decided = decide_upload(
            desk.session, upload.id, approved=True, note="", actor="cli", rules=desk.rules, now=NOW
        )
        assert decided.state == "accepted"
    assert len(current_assets(desk.session, id_of(desk.product))) == 1


def test_staff_refuse_with_a_reason(desk: Desk) -> None:
    upload = desk.verify(desk.send(), moderation="all")
    with pytest.raises(Refused, match="note-empty"):
        decide_upload(
            desk.session, upload.id, approved=False, note=" ", actor="cli", rules=desk.rules, now=NOW
        )
    decide_upload(desk.session, upload.id, approved=False, note="No.", actor="cli", rules=desk.rules, now=NOW)
    assert (upload.state, upload.reason, upload.reason_params) == ("refused", "staff", {"note": "No."})
    with pytest.raises(Refused, match="upload-not-waiting"):
        decide_upload(desk.session, upload.id, approved=True, note="", actor="cli", rules=desk.rules, now=NOW)


def test_without_moderation_findings_hold_nothing_but_blocked_files_stay_out(desk: Desk) -> None:
    assert desk.verify(desk.send("a.pdf"), "word: x", moderation="off").state == "accepted"
    assert block_file(desk.session, "B" * 64, reason="stolen", actor="cli", now=NOW)
    assert not block_file(desk.session, "b" * 64, reason="", actor="cli", now=NOW)
    blocked = desk.verify(desk.send("b.pdf"), moderation="off", sha256="b" * 64)
    assert (blocked.state, blocked.reason) == ("refused", "blocked")
    with pytest.raises(Refused, match="digest-wrong"):
        block_file(desk.session, "xyz", reason="", actor="cli", now=NOW)


def test_words_are_found_in_title_and_name_whatever_their_case() -> None:
    subject = Subject("Le PIRATE", "cours.pdf", 1, "", "", "")
    assert Words("pirate, cours ,,autre").findings(subject) == ["word: pirate", "word: cours"]
    assert Words("").findings(subject) == []


def test_after_payment_nothing_is_sent_before_the_fee_is_paid(desk: Desk) -> None:
    desk.charge(FEE, "after_payment")
    upload = desk.open()
    assert (upload.state, payment_status(desk.session, desk.product)) == ("awaiting_payment", "pending")
    with pytest.raises(Explained, match="upload-unpaid"):
        check_sendable(upload)
    order = fee_order(desk)
    make.pay(desk.session, order)
    desk.session.refresh(upload)
    desk.session.refresh(order)
    assert (upload.state, order.status) == ("open", "delivered")
    assert payment_status(desk.session, desk.product) == "confirmed"
    assert "listing-paid" in make.told(desk.session, desk.owner)
    assert desk.open("second.pdf").state == "open"


def test_a_fee_is_neither_a_sale_nor_something_to_deliver(desk: Desk) -> None:
    desk.charge(FEE, "after_payment")
    desk.open()
    make.pay(desk.session, fee_order(desk))
    seller_id = desk.product.seller_id
    assert owed(desk.session, seller_id) == []
    assert sales_of(desk.session, seller_id, page=1).items == []
    assert make.queued(desk.session, Deliver) == []
    assert [item.id for item in products_of(desk.session, seller_id, page=1).items] == [desk.product.id]
    assert search(desk.session, "", page=1).total == 0


def test_a_paid_fee_cannot_be_paid_again(desk: Desk) -> None:
    desk.charge(FEE, "after_payment")
    desk.open()
    make.pay(desk.session, fee_order(desk))
    with pytest.raises(Refused, match="not-published"):
        fee_order(desk)


def test_a_failed_payment_says_so_and_may_be_tried_again(desk: Desk) -> None:
    desk.charge(FEE, "after_payment")
    upload = desk.open()
    order = fee_order(desk)
    expire(desk.session, now=order.expires_at)
    assert payment_status(desk.session, desk.product) == "failed"
    assert upload.state == "awaiting_payment"
    make.pay(desk.session, fee_order(desk))
    desk.session.refresh(upload)
    assert upload.state == "open"


def test_on_confirm_the_file_is_sent_and_waits_for_the_fee_in_the_store(desk: Desk) -> None:
    desk.charge(FEE, "on_confirm")
    upload = desk.verify(desk.send())
    assert upload.state == "awaiting_payment"
    assert make.told(desk.session, desk.owner) == ["upload-awaits-fee"]
    assert current_assets(desk.session, id_of(desk.product)) == []
    make.pay(desk.session, fee_order(desk))
    desk.session.refresh(upload)
    assert upload.state == "accepted"
    assert len(current_assets(desk.session, id_of(desk.product))) == 1


def test_a_fee_may_be_paid_on_rails_that_its_shop_does_not_take(desk: Desk, session: Session) -> None:
    desk.charge({"manual": Money(500, "EUR")}, "after_payment")
    desk.open()
    fee = session.exec(select(Product).where(Product.listing_of == desk.product.id)).one()
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
    session.refresh(desk.product)
    assert desk.product.listing_paid_at == NOW


def test_a_file_from_telegram_is_fetched_once_its_fee_is_paid(desk: Desk) -> None:
    desk.charge(FEE, "after_payment")
    upload = desk.open(telegram_file_id="file")
    assert make.queued(desk.session, TakeTelegramFile) == []
    make.pay(desk.session, fee_order(desk))
    assert make.queued(desk.session, TakeTelegramFile) == [TakeTelegramFile(upload_id=upload.id)]


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


def test_the_report_says_what_is_kept_what_was_freed_and_what_it_costs(desk: Desk) -> None:
    desk.verify(desk.send("a.pdf", size=3 * 10**9))
    begun = desk.open("b.pdf", size=10**9)
    begun.store_upload_id = "begun"
    gone = desk.open("c.pdf", size=10**9)
    gone.state, gone.reclaimed_at, gone.reclaimed_bytes = "aborted", NOW, 2 * 10**9
    desk.session.flush()
    lines = {line.what: line for line in storage_report(desk.session, "0.023 USD")}
    assert (lines["files"].objects, lines["files"].bytes) == (1, 3 * 10**9)
    assert str(lines["files"].monthly_cost) == "0.0690"
    assert lines["unfinished, at most"].bytes == 10**9
    assert (lines["reclaimed"].bytes, str(lines["reclaimed"].monthly_cost)) == (2 * 10**9, "0.0460")


@pytest.mark.parametrize("text", ["", "x USD", "-1 USD", "0.02", "NaN USD"])
def test_a_price_that_makes_no_sense_names_its_setting(text: str) -> None:
    with pytest.raises(SettingError, match="STORE_PRICE is wrong"):
        parse_price(text)


def test_only_ones_own_products_take_uploads(desk: Desk, session: Session) -> None:
    stranger = make.user(session, roles=("seller",))
    desk.owner = session.get_one(User, stranger.id)
    with pytest.raises(Refused, match="not-your-product"):
        desk.open()
    desk.owner, desk.product = stranger, Product(id=10**9, seller_id=1, slug="", title="")
    with pytest.raises(NotFound):
        desk.open()
