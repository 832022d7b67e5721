from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from core.catalogue.products import set_prices, set_rail_prices
from core.kit.errors import NotAllowed, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.kit.texts import text
from core.kit.tokens import TOKEN_LENGTH
from core.orders.orders import by_page, move
from core.orders.publication import unpublish
from core.payments.checkout import offer
from core.payments.placing import Placed, place
from core.people.people import set_role
from core.process.settings import Settings
from schemas import jobs
from schemas.audit import AuditEntry
from schemas.catalogue import Product
from schemas.membership import Plan
from schemas.people import User
from schemas.sales import Entry
from tests.support import make, make_members
from tests.support.make_members import DAY

FORM_KEY = "k" * TOKEN_LENGTH
TWO = {"manual": [Money(999, "EUR"), Money(6500, "XAF")]}


def buy(
    session: Session,
    item: Product,
    buyer: User | None,
    *,
    rail: str = "stars",
    currency: str = "",
    entry: Entry = "bot",
    form_key: str | None = None,
) -> Placed:
    return place(
        session,
        product_id=id_of(item),
        rail=rail,
        currency=currency or ("XTR" if rail == "stars" else "EUR"),
        entry=entry,
        buyer=buyer,
        language="fr",
        policy=make.POLICY,
        order_ttl=3600,
        now=make.NOW,
        idempotency_key=form_key,
    )


def test_an_order_keeps_the_price_of_its_moment(session: Session) -> None:
    item, buyer = make.product(session), make.user(session)
    order = buy(session, item, buyer).order
    set_rail_prices(session, id_of(item), "stars", [Money(900, "XTR")])
    assert (order.amount, order.currency, order.status) == (500, "XTR", "awaiting_payment")
    assert buy(session, item, buyer).order.amount == 900


def test_a_price_is_asked_by_its_rail_and_currency(session: Session) -> None:
    item, ann = make.product(session, prices=TWO), make.user(session)
    euros = buy(session, item, ann, rail="manual").order
    francs = buy(session, item, ann, rail="manual", currency="XAF").order
    assert [(order.currency, order.amount) for order in (euros, francs)] == [("EUR", 999), ("XAF", 6500)]
    assert buy(session, item, ann, rail="manual", currency="XAF").order.id == francs.id != euros.id
    set_prices(session, id_of(item), {"manual": [Money(999, "EUR")]})
    with pytest.raises(Refused, match="price-not-offered"):
        buy(session, item, ann, rail="manual", currency="XAF")
    with pytest.raises(Refused, match="rail-not-offered"):
        buy(session, item, ann, rail="stars")


def test_the_key_of_a_form_serves_one_currency(session: Session) -> None:
    item = make.product(session, prices=TWO)
    buy(session, item, None, rail="manual", entry="web", form_key=FORM_KEY)
    with pytest.raises(Refused, match="request-key-reused"):
        buy(session, item, None, rail="manual", currency="XAF", entry="web", form_key=FORM_KEY)


def test_pressing_buy_again_gives_the_same_open_order(session: Session) -> None:
    item, buyer = make.product(session), make.user(session)
    assert buy(session, item, buyer).order.id == buy(session, item, buyer).order.id
    assert buy(session, item, make.user(session)).order.id != buy(session, item, buyer).order.id


def test_pressing_buy_again_gives_the_open_order_its_whole_time_once_more(session: Session) -> None:
    order = make.order(session, ttl=60)
    item, buyer = session.get_one(Product, order.product_id), session.get_one(User, order.buyer_id)
    assert buy(session, item, buyer).order.expires_at == make.NOW + timedelta(hours=1)
    move(session, order, "expired", now=make.NOW)
    assert buy(session, item, buyer).order.id != order.id


def test_buying_what_one_owns_is_refused_and_says_which_grant_opens_it(session: Session) -> None:
    grant = make.grant(session)
    buyer = session.get_one(User, grant.buyer_id)
    with pytest.raises(Refused) as refusal:
        buy(session, session.get_one(Product, grant.product_id), buyer)
    assert refusal.value.code == "already-owned"
    assert refusal.value.details is not None
    assert refusal.value.details["grant"] == grant.id


def test_a_seller_cannot_buy_from_himself(session: Session) -> None:
    shop = make.seller(session)
    with pytest.raises(Refused, match="own-product"):
        buy(session, make.product(session, shop), make.owner_of(session, shop))


def test_what_is_not_published_cannot_be_ordered(session: Session) -> None:
    shop = make.seller(session)
    item = make.product(session, shop)
    unpublish(session, id_of(item), actor_user=make.owner_of(session, shop), now=make.NOW)
    with pytest.raises(Refused, match="not-published"):
        buy(session, item, make.user(session))


def test_a_banned_person_cannot_order(session: Session) -> None:
    buyer = make.user(session)
    set_role(session, buyer.telegram_id, "banned", actor="cli")
    with pytest.raises(NotAllowed, match="banned"):
        buy(session, make.product(session), buyer)


@pytest.mark.parametrize(("rail", "entry"), [("crypto", "bot"), ("stars", "web"), ("gold", "bot")])
def test_a_rail_that_the_policy_does_not_offer_here_is_refused(
    session: Session, rail: str, entry: Entry
) -> None:
    with pytest.raises(Refused, match="rail-not-offered"):
        buy(session, make.product(session), make.user(session), rail=rail, entry=entry, form_key=FORM_KEY)


def test_every_offer_is_logged_with_entry_rail_and_what_else_was_offered(session: Session) -> None:
    order = buy(session, make.product(session), make.user(session)).order
    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "rail.offered")).one()
    assert (entry.actor, entry.subject) == (f"user:{order.buyer_id}", f"order:{order.id}")
    assert entry.details == {
        "entry": "bot",
        "rail": "stars",
        "offered": "stars,manual",
        "price": {"amount": 500, "currency": "XTR"},
    }


def test_a_web_form_sent_twice_makes_one_order_with_one_page(session: Session) -> None:
    item = make.product(session)
    first = buy(session, item, None, rail="crypto", entry="web", form_key=FORM_KEY)
    again = buy(session, item, None, rail="crypto", entry="web", form_key=FORM_KEY)
    assert (first.order.id, first.page_token) == (again.order.id, again.page_token)
    assert first.page_token is not None
    assert by_page(session, first.page_token).id == first.order.id
    assert first.order.status == "created"
    assert make.queued(session, jobs.OpenInvoice) == [jobs.OpenInvoice(order_id=id_of(first.order))]


def test_a_form_key_serves_one_order_and_must_be_strong(session: Session) -> None:
    buy(session, make.product(session), None, rail="crypto", entry="web", form_key=FORM_KEY)
    with pytest.raises(Refused, match="request-key-reused"):
        buy(session, make.product(session), None, rail="crypto", entry="web", form_key=FORM_KEY)
    for weak in (None, "short"):
        with pytest.raises(Refused, match="request-key-weak"):
            buy(session, make.product(session), None, rail="crypto", entry="web", form_key=weak)


CLOSED_TO_GUESTS: dict[str, dict[str, Any]] = {
    "plan-full": {"places": 1},
    "plan-code-needed": {"audience": "code"},
    "plan-audience": {"audience": "past"},
}


@pytest.mark.parametrize("code", CLOSED_TO_GUESTS)
def test_the_web_sells_no_place_that_the_plan_would_refuse_to_somebody_unknown(
    session: Session, settings: Callable[..., Settings], code: str
) -> None:
    item = make_members.plan(session, **CLOSED_TO_GUESTS[code])
    if code == "plan-full":
        make_members.member(session, item)
    with pytest.raises(Refused, match=code):
        buy(session, item, None, rail="crypto", entry="web", form_key=FORM_KEY)
    page = offer(session, item.slug, settings=settings(), policy=make.POLICY, now=make.NOW)
    assert (page.ways("EUR"), page.refused is not None and page.refused.code) == ({}, code)


def test_the_web_sells_no_plan_whose_sale_is_paused_or_whose_date_is_over(
    session: Session, settings: Callable[..., Settings]
) -> None:
    paused, over = make_members.plan(session), make_members.plan(session, unit="until", until=make.NOW + DAY)
    session.execute(update(Plan).where(col(Plan.product_id) == paused.id).values(status="paused"))
    with pytest.raises(Refused, match="plan-closed"):
        buy(session, paused, None, rail="crypto", entry="web", form_key=FORM_KEY)
    assert offer(session, over.slug, settings=settings(), policy=make.POLICY, now=make.NOW).refused is None
    late = offer(session, over.slug, settings=settings(), policy=make.POLICY, now=make.NOW + DAY)
    assert late.refused is not None
    assert late.refused.code == "plan-over"


def test_what_the_web_page_of_a_plan_says_is_what_it_gives(
    session: Session, settings: Callable[..., Settings]
) -> None:
    item = make_members.plan(session, unit="months", count=3, starts="entry")
    page = offer(session, item.slug, settings=settings(), policy=make.POLICY, now=make.NOW).description
    assert page.files == []
    words = [text("en", fact.text, **fact.params) for fact in page.facts]
    assert [line.split(" ", 1)[1] for line in words] == [
        "Lets you into: <b>Couture privée</b>",
        "Access: 3 months",
        "Your time starts when you first come in",
    ]
