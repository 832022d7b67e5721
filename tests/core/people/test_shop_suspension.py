"""What becomes of the shop of a seller who is banned, and of what people bought there."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, select, update

from core.catalogue.catalogue import check_visible, search, view
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.memberships import subscriptions
from core.memberships.admission import plans_for
from core.memberships.member_actions import start_trial
from core.memberships.plans import channels_of_plan
from core.memberships.queries import memberships_of
from core.orders.grants import owned
from core.payments.checkout import OrderPage, offer, order_page
from core.payments.order_claims import is_held, issue_claim, redeem
from core.payments.placing import Placed, place
from core.payments.rails.nowpayments.payments import record_invoice
from core.payments.rails.port import Invoice
from core.payments.rails.stars.payments import invoice_payload, precheck
from core.people.bans import ban, unban
from core.people.people import set_role
from core.people.sellers import decide_shop
from core.process.settings import Settings
from schemas.catalogue import Product
from schemas.member_jobs import SetStarRenewal, StopRenewals
from schemas.membership import Plan
from schemas.people import Seller, User
from tests.core.memberships.subscriber import Subscriber
from tests.support import make, make_members

NOW = make.NOW
BUYING: dict[str, Any] = {
    "language": "fr",
    "policy": make.POLICY,
    "order_ttl": 3600,
    "now": NOW,
}


def close(session: Session, shop: Seller) -> None:
    """The seller is banned."""
    ban(session, shop.user_id, actor="cli", reason="fraud", now=NOW)


def status_of(session: Session, shop: Seller) -> str:
    """How the shop stands by its row."""
    return session.exec(select(Seller.status).where(Seller.id == shop.id)).one()


def claim(session: Session, token: str, person: User) -> None:
    """Claim a paid web order; raises why it is held instead of given."""
    claimed = redeem(session, token, person, NOW)
    if claimed.refused is not None:
        assert is_held(session, claimed.order)
        raise claimed.refused


def ways_to_buy(session: Session, item: Product, buyer: User) -> dict[str, Callable[[], object]]:
    """Every way in which something of a shop is sold."""
    order = make.order(session, item, buyer)
    paid, claimant = make.paid_order(session, item, rail="crypto"), make.user(session)
    token = issue_claim(session, paid, life=make.DAY, now=NOW)
    return {
        "bot": lambda: place(
            session,
            product_id=id_of(item),
            rail="stars",
            currency="XTR",
            entry="bot",
            buyer=make.user(session),
            **BUYING,
        ),
        "web": lambda: place(
            session,
            product_id=id_of(item),
            rail="crypto",
            currency="EUR",
            entry="web",
            buyer=None,
            idempotency_key=item.slug.ljust(43, "k"),
            **BUYING,
        ),
        "the claim of a web order from before": lambda: claim(session, token, claimant),
        "an invoice from before": lambda: precheck(
            session, payload=invoice_payload(order), user=buyer, amount=500, currency="XTR", now=NOW
        ),
    }


def test_nothing_of_a_banned_sellers_shop_is_shown_or_sold_until_the_ban_ends(
    session: Session, settings: Callable[..., Settings]
) -> None:
    shop = make.seller(session)
    file, plan = make.product(session, shop), make_members.plan(session, shop=shop, trial_days=7)
    buyer = make.user(session)
    (room,) = channels_of_plan(session, id_of(plan))
    ways = {item.kind: ways_to_buy(session, item, make.user(session)) for item in (file, plan)}
    close(session, shop)
    assert status_of(session, shop) == "suspended"
    assert search(session, "", page=1).items == []
    assert plans_for(session, id_of(room)) == []
    for item in (file, plan):
        with pytest.raises(NotFound, match="shop-closed"):
            view(session, product_id=id_of(item), viewer=buyer)
        with pytest.raises(NotFound, match="shop-closed"):
            offer(session, item.slug, policy=make.POLICY, settings=settings(), now=NOW)
        with pytest.raises(NotFound):
            check_visible(session, id_of(item), None)
        for buy in ways[item.kind].values():
            with pytest.raises(NotFound, match="shop-closed"):
                buy()
    with pytest.raises(NotFound, match="shop-closed"):
        start_trial(session, buyer, id_of(plan), now=NOW)

    assert unban(session, shop.user_id, actor="cli")
    assert status_of(session, shop) == "approved"
    assert {item.id for item in search(session, "", page=1).items} == {file.id, plan.id}
    for kind in ways.values():
        for buy in kind.values():
            buy()


def page_of(session: Session, placed: Placed) -> OrderPage:
    """The page of a web order."""
    assert placed.page_token is not None
    return order_page(session, placed.page_token, now=NOW)


CHANGES: dict[str, Callable[[Session, Product], object]] = {
    "its shop is closed": lambda session, item: close(session, make.seller_of(session, item)),
    "it is withdrawn": lambda session, item: change(session, item, status="unpublished"),
    "its words wait for staff": lambda session, item: change(session, item, text_held_at=NOW),
    "its sale is paused": lambda session, item: session.execute(update(Plan).values(status="paused")),
    "it has no place left": lambda session, item: session.execute(update(Plan).values(places=0)),
}


def change(session: Session, item: Product, **fields: object) -> None:
    """Something happens to a product."""
    for name, worth in fields.items():
        setattr(item, name, worth)
    session.add(item)
    session.flush()


@pytest.mark.parametrize("happens", CHANGES)
@pytest.mark.parametrize("rail", ["crypto", "manual"])
def test_nobody_is_led_to_pay_a_web_order_whose_goods_could_not_be_bought_any_more(
    session: Session, happens: str, rail: str
) -> None:
    plan = make_members.plan(session)
    placed = make.web_order(session, plan, rail=rail)
    if rail == "crypto":
        invoice = Invoice(provider_id="1", pay_url="https://pay.example/1")
        record_invoice(session, id_of(placed.order), invoice, now=NOW)
    before = page_of(session, placed)
    assert (before.stopped, bool(before.pay_url)) == (False, rail == "crypto")
    CHANGES[happens](session, plan)
    page = page_of(session, placed)
    assert (page.stopped, page.pay_url, page.stage) == (True, None, before.stage)
    make.pay(session, placed.order)
    assert page_of(session, placed).stopped is False, "money that came all the same is there"
    assert page_of(session, placed).stage == "ready"


def test_what_was_bought_stays_with_its_buyers(session: Session) -> None:
    shop = make.seller(session)
    grant = make.grant(session, make.product(session, shop))
    plan = make_members.plan(session, shop=shop)
    member = make_members.member(session, plan)
    close(session, shop)
    assert owned(session, grant.buyer_id, grant.product_id) == grant
    holder = session.get_one(User, grant.buyer_id)
    assert view(session, product_id=grant.product_id, viewer=holder).on_sale is False
    assert check_visible(session, grant.product_id, holder.id).id == grant.product_id
    (card,) = memberships_of(session, member.user_id, now=NOW)
    assert (card.can_enter, card.can_renew) == (True, False)


def test_subscriptions_of_a_suspended_shop_are_charged_no_further(session: Session) -> None:
    subscriber = Subscriber(session)
    shop, subscription = make.seller_of(session, subscriber.item), subscriber.subscription
    assert subscriptions.stop_renewals_of(session, id_of(shop), now=NOW) == 0
    close(session, shop)
    assert make.queued(session, StopRenewals) == [StopRenewals(seller_id=id_of(shop))]
    assert subscriptions.stop_renewals_of(session, id_of(shop), now=NOW) == 1
    assert make.queued(session, SetStarRenewal) == [SetStarRenewal(subscription_id=id_of(subscription))]
    assert not subscription.wanted


@pytest.mark.parametrize("status", ["pending", "refused"])
def test_a_ban_approves_no_shop_and_its_end_neither(session: Session, status: str) -> None:
    shop = make.seller(session)
    shop.status = status  # type: ignore[assignment]
    session.flush()
    close(session, shop)
    assert shop.status == status
    with pytest.raises(Refused, match="owner-banned"):
        decide_shop(session, id_of(shop), approve=True, actor="cli", now=NOW)
    unban(session, shop.user_id, actor="cli")
    assert shop.status == status


def test_a_suspended_shop_is_opened_by_the_end_of_the_ban_alone(session: Session) -> None:
    shop = make.seller(session)
    set_role(session, make.owner_of(session, shop).telegram_id, "banned", actor="cli")
    for approve in (True, False):
        with pytest.raises(Refused, match="shop-already-decided"):
            decide_shop(session, id_of(shop), approve=approve, actor="cli", now=NOW)
    assert status_of(session, shop) == "suspended"
