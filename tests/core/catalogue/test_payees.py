"""Who is paid for goods, and on which rails just now: cards come and go with an account and a key."""

from typing import get_args

import pytest
from sqlmodel import Session, select

from core.catalogue.payees import card_takers, operator_rails, operator_shop, rails_of
from core.kit.rows import id_of
from core.payments.rails.stripe.accounts import begin
from core.payments.rails.stripe.platform import note_key, set_operator
from schemas.catalogue import FEES, Product, ProductKind
from schemas.people import Seller
from schemas.stripe import AccountState, StripeAccount
from tests.support import make


def with_account(session: Session, state: AccountState = "active") -> Seller:
    """A shop that takes Stars and cards, whose account at Stripe is in this state."""
    shop = make.seller(session)
    begin(session, id_of(shop), now=make.NOW).state = state
    shop.rails = ["stars", "card"]
    session.flush()
    return shop


def of_kind(kind: ProductKind) -> Product:
    """Something of a kind; whose it is does not matter here."""
    return Product(seller_id=0, kind=kind, title="", slug="")


@pytest.fixture(autouse=True)
def _key(session: Session) -> None:
    note_key(session, "sk_test_of_the_tests")


@pytest.mark.parametrize("state", get_args(AccountState))
def test_only_an_account_that_is_ready_takes_cards(session: Session, state: AccountState) -> None:
    shop = with_account(session, state)
    is_ready = state == "active"
    assert card_takers(session, {id_of(shop)}) == ({shop.id} if is_ready else set())
    assert rails_of(session, [(of_kind("file"), shop)]) == [("stars", "card") if is_ready else ("stars",)]


def test_without_a_key_no_shop_takes_cards(session: Session) -> None:
    shop = with_account(session)
    note_key(session, "")
    assert rails_of(session, [(of_kind("file"), shop)]) == [("stars",)]
    note_key(session, "sk_test_of_the_tests")
    assert rails_of(session, [(of_kind("file"), shop)]) == [("stars", "card")]


def test_an_account_of_before_counts_for_nothing(session: Session) -> None:
    shop = with_account(session, "disconnected")
    begin(session, id_of(shop), now=make.NOW)
    assert len(session.exec(select(StripeAccount.id).where(StripeAccount.seller_id == shop.id)).all()) == 2
    assert card_takers(session, {id_of(shop)}) == set()


def test_of_many_shops_each_has_its_own(session: Session) -> None:
    ready, waiting, without = with_account(session), with_account(session, "checking"), make.seller(session)
    shops = [ready, without, waiting, ready]
    assert rails_of(session, [(of_kind("file"), shop) for shop in shops]) == [
        ("stars", "card"),
        ("stars", "crypto", "manual"),
        ("stars",),
        ("stars", "card"),
    ]
    assert card_takers(session, []) == set()


@pytest.mark.parametrize("fee", FEES)
def test_fees_are_paid_to_the_operator_whatever_their_shop_takes(session: Session, fee: ProductKind) -> None:
    shop, own = make.seller(session), with_account(session)
    sold = [(of_kind(fee), shop), (of_kind("file"), shop)]
    assert (operator_shop(session), operator_rails(session)) == (None, ())
    assert rails_of(session, sold) == [(), ("stars", "crypto", "manual")], "nobody can be paid a fee yet"
    set_operator(session, id_of(own), actor="cli")
    assert operator_shop(session) == own
    assert rails_of(session, sold) == [("stars", "card"), ("stars", "crypto", "manual")]
