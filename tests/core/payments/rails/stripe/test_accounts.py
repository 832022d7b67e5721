from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.payments.rails.stripe.accounts import (
    Account,
    Capabilities,
    Capability,
    Configuration,
    Defaults,
    Merchant,
    Requirement,
    Requirements,
    active_account,
    begin,
    by_account_id,
    connected,
    disconnect,
    missing_of,
    note,
    state_of,
)
from schemas.audit import AuditEntry
from schemas.people import Seller
from schemas.stripe import AccountState, Missing, StripeAccount
from tests.contract.paths import absent
from tests.contract.source import find
from tests.support import make

LATER = make.NOW + timedelta(hours=1)


@dataclass
class Shop:
    """A seller with a row whose account exists at Stripe."""

    session: Session
    seller: Seller = field(init=False)
    row: StripeAccount = field(init=False)

    def __post_init__(self) -> None:
        self.seller = make.seller(self.session)
        self.row = begin(self.session, id_of(self.seller), now=make.NOW)
        self.row.account_id = "acct_1"
        self.session.flush()

    def says(self, status: str, *wanted: str, closed: bool = False) -> bool:
        return note(self.session, self.row, account(status, *wanted, closed=closed), now=LATER)

    def told(self) -> list[str]:
        return make.sent_texts(self.session)


def account(status: str | None, *wanted: str, closed: bool = False, by: str = "user") -> Account:
    card = Capability(status) if status else None
    entries = [Requirement(description, by) for description in wanted]
    return Account(
        id="acct_1",
        livemode=False,
        closed=closed,
        configuration=Configuration(Merchant(Capabilities(card))),
        defaults=Defaults("eur"),
        requirements=Requirements(entries),
    )


@pytest.fixture
def shop(session: Session) -> Shop:
    return Shop(session)


def test_what_is_read_of_an_account_is_in_stripes_contract() -> None:
    assert absent(Account, find("v2.core._account", "Account")) == []


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("active", "active"),
        ("pending", "checking"),
        ("restricted", "incomplete"),
        ("rejected", "rejected"),
        ("unsupported", "rejected"),
        ("a word of a later year", "incomplete"),
        (None, "incomplete"),
    ],
)
def test_only_the_capability_says_how_far_an_account_is(status: str | None, state: AccountState) -> None:
    assert state_of(account(status)) == state


def test_an_account_that_shows_nothing_is_incomplete_and_a_closed_one_is_gone() -> None:
    assert state_of(Account("acct_1", livemode=True)) == "incomplete"
    assert missing_of(Account("acct_1", livemode=True)) == []
    assert state_of(account("active", closed=True)) == "disconnected"


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        ("identity.business_details.address", "business"),
        ("identity.individual.date_of_birth", "identity"),
        ("identity.individual.documents.primary_verification", "documents"),
        ("identity.attestations.terms_of_service.account", "terms"),
        ("defaults.profile.business_url", "website"),
        ("bank_accounts.default", "bank_account"),
        ("something.else", "other"),
    ],
)
def test_what_stripe_wants_is_told_in_kinds(wanted: str, missing: Missing) -> None:
    assert missing_of(account("restricted", wanted, wanted)) == [missing]
    assert missing_of(account("pending", wanted, by="stripe")) == []


def test_a_seller_begins_once_and_only_with_a_shop_that_may_sell(session: Session) -> None:
    seller = make.seller(session)
    row = begin(session, id_of(seller), now=make.NOW)
    assert begin(session, id_of(seller), now=LATER) is row
    assert (row.state, row.account_id, row.created_at) == ("incomplete", None, make.NOW)
    seller.status = "suspended"
    session.flush()
    with pytest.raises(Refused, match="shop-not-approved"):
        begin(session, id_of(seller), now=LATER)
    with pytest.raises(NotFound, match="shop-unknown"):
        begin(session, 10**9, now=LATER)


@pytest.mark.parametrize("status", ["pending", "restricted", "rejected"])
def test_cards_are_offered_while_the_account_is_active_and_not_a_day_longer(shop: Shop, status: str) -> None:
    """A page that offers what Stripe would refuse leads the buyer nowhere."""
    others = [*shop.seller.rails]
    for said, offered in (("restricted", False), ("active", True), (status, False), ("active", True)):
        shop.says(said)
        assert shop.seller.rails == ([*others, "card"] if offered else others)
    disconnect(shop.session, shop.row, actor="user:1", now=LATER)
    assert shop.seller.rails == others


def test_the_account_becomes_active_once_and_the_seller_is_told_once(shop: Shop) -> None:
    assert active_account(shop.session, shop.row.seller_id) is None
    assert shop.says("active")
    assert not shop.says("active")
    assert active_account(shop.session, shop.row.seller_id) is shop.row
    assert by_account_id(shop.session, "acct_1", lock=True) is shop.row
    assert by_account_id(shop.session, "acct_2") is None
    assert (shop.row.currency, shop.row.checked_at) == ("EUR", LATER)
    assert shop.told() == ["stripe-active"]
    entries = shop.session.exec(select(AuditEntry).where(AuditEntry.subject == f"seller:{shop.seller.id}"))
    assert [entry.action for entry in entries if entry.action.startswith("stripe")] == [
        "stripe.begun",
        "stripe.active",
    ]


def test_what_is_missing_changes_without_a_message_and_a_lost_capability_with_one(shop: Shop) -> None:
    assert shop.says("restricted", "identity.individual.address")
    assert shop.row.missing == ["identity"]
    assert shop.told() == []
    assert shop.says("pending")
    assert shop.says("active")
    assert shop.says("restricted", "identity.individual.documents.primary_verification")
    assert (shop.row.state, shop.row.missing) == ("incomplete", ["documents"])
    assert active_account(shop.session, shop.row.seller_id) is None
    assert shop.told() == ["stripe-active", "stripe-incomplete"]


def test_a_rejected_account_is_told(shop: Shop) -> None:
    assert shop.says("unsupported")
    assert shop.told() == ["stripe-rejected"]


def test_what_is_disconnected_stays_so_until_the_seller_begins_anew(shop: Shop) -> None:
    shop.says("active")
    disconnect(shop.session, shop.row, actor=f"user:{shop.seller.user_id}", now=LATER)
    disconnect(shop.session, shop.row, actor="system", now=LATER + timedelta(hours=1))
    assert (shop.row.state, shop.row.disconnected_at) == ("disconnected", LATER)
    assert not shop.says("active")
    assert connected(shop.session, shop.row.seller_id) is None
    assert shop.told() == ["stripe-active", "stripe-disconnected"]
    again = begin(shop.session, shop.row.seller_id, now=LATER)
    assert again.id != shop.row.id
    assert connected(shop.session, shop.row.seller_id, lock=True) is again
    assert by_account_id(shop.session, "acct_1") is shop.row


def test_an_account_that_is_closed_at_stripe_is_disconnected(shop: Shop) -> None:
    assert shop.says("active", closed=True)
    assert shop.row.state == "disconnected"


def test_one_that_never_came_to_be_ends_without_a_message(session: Session) -> None:
    seller = make.seller(session)
    disconnect(session, begin(session, id_of(seller), now=make.NOW), actor="system", now=LATER)
    assert make.sent_texts(session) == []
