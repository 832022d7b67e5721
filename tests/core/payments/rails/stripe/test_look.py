"""What is seen of a session of Checkout, and where nothing is."""

import msgspec

from core.payments.rails.stripe.look import Sight, look_at_event, look_at_session
from core.payments.rails.stripe.objects import Event, Found
from core.payments.rails.stripe.protocol import Fields
from tests.support import make
from tests.support.cards import CardShop

NOW = make.NOW
MORE_THAN_A_SESSION_HOLDS = 12


def about(shop: CardShop, kind: str, **named: str) -> Event:
    """An event of the seller's account."""
    fields = {"id": "evt_1", "type": kind, "livemode": False, "account": shop.account}
    return msgspec.convert(fields | {"data": {"object": named}}, Event)


def paid_session(shop: CardShop) -> tuple[str, str]:
    """The ids of a session and of the payment made on it."""
    order = shop.order().order
    session_id = shop.session_of(order)
    shop.stripe.perform("pays", {"session": session_id})
    seen = look_at_session(shop.worker.services.stripe, shop.account, session_id, at=NOW).session
    assert seen is not None
    assert seen.payment_intent is not None
    return session_id, seen.payment_intent.id


def test_all_refunds_are_seen_of_which_a_session_holds_the_newest(shop: CardShop) -> None:
    session_id, intent_id = paid_session(shop)
    api = shop.worker.services.stripe
    for number in range(MORE_THAN_A_SESSION_HOLDS):
        part: Fields = {"payment_intent": intent_id, "amount": 10}
        api.post(Found, "/v1/refunds", part, key=f"part:{number}", account=shop.account)
    seen = look_at_session(api, shop.account, session_id, at=NOW)
    assert (len(seen.refunds), seen.blind) == (MORE_THAN_A_SESSION_HOLDS, "")


def test_an_event_about_a_payment_leads_to_the_session_that_it_was_made_on(shop: CardShop) -> None:
    session_id, intent_id = paid_session(shop)
    api = shop.worker.services.stripe
    seen = look_at_event(api, about(shop, "charge.refunded", id="ch_1", payment_intent=intent_id), at=NOW)
    assert seen.session is not None
    assert seen.session.id == session_id
    assert seen == look_at_event(api, about(shop, "checkout.session.completed", id=session_id), at=NOW)


def test_what_was_not_sold_on_a_page_shows_no_session(shop: CardShop) -> None:
    api = shop.worker.services.stripe
    assert look_at_event(api, about(shop, "refund.created", id="re_1"), at=NOW) == Sight(shop.account)
    shop.stripe.sells_elsewhere(shop.account, 1)
    (charge,) = shop.stripe.book.all(shop.account, "charge")
    event = about(shop, "charge.refunded", id=charge["id"], payment_intent=charge["payment_intent"])
    assert look_at_event(api, event, at=NOW).session is None


def test_why_nothing_is_shown_is_kept(shop: CardShop) -> None:
    api = shop.worker.services.stripe
    assert look_at_session(api, shop.account, "cs_unknown", at=NOW).blind == "resource_missing"
    shop.stripe.disconnect(shop.account)
    event = about(shop, "charge.refunded", id="ch_1", payment_intent="pi_1")
    assert look_at_event(api, event, at=NOW).blind == "account_invalid"
