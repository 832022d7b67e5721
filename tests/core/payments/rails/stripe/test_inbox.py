"""What is taken in of what Stripe tells, and what is left."""

import time
from typing import Any

import pytest

from core.kit.errors import Refused
from core.payments.rails.stripe.inbox import HANDLED, take
from schemas.base import utc_now
from schemas.queue import Job
from schemas.sales import PaymentEvent
from schemas.stripe import StripeAccount
from scripts.sandbox.stripe.sandbox import StripeSandbox
from scripts.sandbox.stripe.sender import sign
from tests.contract.judge import event_types
from tests.support import make
from tests.support.cards import CardShop

SECRET = "whsec_new"
BODY = b'{"id": "evt_1", "type": "checkout.session.completed", "livemode": false, "data": {"object": {}}}'


def code_of(secrets: str, body: bytes, header: str) -> str:
    with pytest.raises(Refused) as refused:
        take(secrets, body, header, now=utc_now())
    return refused.value.code


def at(seconds: float, secrets: tuple[str, ...] = (SECRET,), body: bytes = BODY) -> str:
    return sign(list(secrets), body, int(time.time() + seconds))


def paid_event(shop: CardShop) -> dict[str, Any]:
    """The event of a payment of ours."""
    order = shop.order().order
    shop.stripe.perform("pays", {"session": shop.session_of(order)})
    return next(event for event in shop.waiting() if event["type"] == "checkout.session.completed")


def test_an_event_is_believed_by_any_of_the_secrets_while_one_is_rolled() -> None:
    assert take(f"whsec_old, {SECRET}", BODY, at(0, ("whsec_else", SECRET)), now=utc_now()) is not None


@pytest.mark.parametrize(
    "header",
    [
        "",
        "t=1,v1=00",
        at(0, ("whsec_else",)),
        at(-301),
        at(0).replace("v1=", "v0="),
        f"{at(0)},{at(0)}",  # two headers are one with a comma (RFC 9110, 5.3)
        at(0, body=BODY + b" "),
    ],
)
def test_forged_stale_and_doubled_signatures_are_refused(header: str) -> None:
    assert code_of(SECRET, BODY, header) == "event-forged"


def test_a_truncated_body_is_refused() -> None:
    assert code_of(SECRET, BODY[:-20], at(0)) == "event-forged"


def test_without_a_secret_nothing_is_signed() -> None:
    assert code_of("", BODY, at(0, ("",))) == "event-forged"


def test_the_clock_of_a_slow_host_refuses_nothing() -> None:
    assert take(SECRET, BODY, at(600), now=utc_now()) is not None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"type": "charge.refunded"}',
        b"\xff",
        BODY[:-1],
        BODY.replace(b"evt_1", b"\\u0000"),
        BODY.replace(b'"livemode"', b'"created": 9e99, "livemode"'),
        BODY.replace(b'"livemode"', b'"created": 253402300800, "livemode"'),
    ],
)
def test_what_is_signed_and_no_event_is_refused(body: bytes) -> None:
    assert code_of(SECRET, body, at(0, body=body)) == "event-unreadable"


@pytest.mark.parametrize("kind", ["invoice.created", "never.heard_of", "v1.charge.refunded"])
def test_types_that_nothing_is_done_about_are_taken_and_left(kind: str) -> None:
    body = BODY.replace(b"checkout.session.completed", kind.encode())
    assert take(SECRET, body, at(0, body=body), now=utc_now()) is None


def test_every_type_that_something_is_done_about_exists() -> None:
    assert HANDLED.keys() <= event_types()


def test_the_raw_event_is_kept_with_its_account_and_mode_and_its_job(shop: CardShop) -> None:
    event = paid_event(shop)
    assert shop.take_in(event)
    (row,) = shop.rows(PaymentEvent)
    assert (row.provider, row.event_id, row.account, row.livemode) == (
        "stripe",
        event["id"],
        shop.account,
        False,
    )
    assert row.body == shop.signed(event)[0]
    assert [job.state for job in shop.rows(Job) if job.actor == "handle_payment_event"] == ["queued"]


def test_an_event_told_twice_is_one(shop: CardShop) -> None:
    event = paid_event(shop)
    assert [shop.take_in(event) for _ in range(3)] == [True, False, False]
    assert len(shop.rows(PaymentEvent)) == 1


def test_a_sellers_other_business_makes_no_row_and_no_alarm(shop: CardShop) -> None:
    """Case 10: 1,000 events of a connected account that are none of ours."""
    shop.stripe.sells_elsewhere(shop.account, times=120)
    events = shop.waiting()
    jobs_before = len(shop.rows(Job))
    assert len(events) >= 400
    assert not any(map(shop.take_in, events))
    assert shop.rows(PaymentEvent) == []
    assert len(shop.rows(Job)) == jobs_before
    with shop.database.transaction() as session:
        assert "staff-unmatched-payment" not in make.sent_texts(session)


def test_an_event_of_another_account_is_not_ours_whatever_it_names(shop: CardShop) -> None:
    event = paid_event(shop)
    other = shop.stripe.add_seller()
    with shop.database.transaction() as session:
        shop.open_shop(session, other)
    assert not shop.take_in(event | {"account": other})
    assert not shop.take_in({name: part for name, part in event.items() if name != "account"})
    assert shop.rows(PaymentEvent) == []


def test_real_money_on_a_key_of_test_mode_is_kept_and_not_acted_on(
    shop: CardShop, stripe: StripeSandbox
) -> None:
    event = paid_event(shop)
    assert shop.hand_over([event | {"livemode": True}]) == 1
    (outcome,) = shop.outcomes().values()
    assert outcome == ("refused", "livemode True is not that of STRIPE_SECRET_KEY")
    (row,) = shop.rows(PaymentEvent)
    assert row.livemode is True
    assert not any(name.startswith("pi_") for name in shop.all_payments())


@pytest.mark.parametrize(
    "thing",
    [
        {"id": 7, "payment_intent": {"id": "pi_1"}, "metadata": [], "client_reference_id": None},
        {"id": "cs_" + "9" * 5000, "metadata": {"order": "42"}},
        {"id": "cs_1", "metadata": {"order": "CMT-99999999999999999999"}},
        {"id": "cs_\x00", "payment_intent": "pi_\n"},
        {},
    ],
)
def test_an_event_of_odd_names_is_acknowledged_and_left(shop: CardShop, thing: dict[str, Any]) -> None:
    event = paid_event(shop)
    assert not shop.take_in(event | {"data": {"object": thing}})


def state_of(shop: CardShop) -> str:
    (row,) = shop.rows(StripeAccount)
    return str(row.state)


def ended(shop: CardShop) -> dict[str, Any]:
    """The event of a seller who has ended the connection at Stripe."""
    shop.stripe.disconnect(shop.account)
    (event,) = shop.waiting()
    assert event["type"] == "account.application.deauthorized"
    return dict(event)


def test_who_ends_the_connection_at_stripe_takes_no_cards_from_that_moment(shop: CardShop) -> None:
    event = ended(shop)
    assert [shop.take_in(event) for _ in range(2)] == [True, True]
    assert state_of(shop) == "disconnected"
    assert shop.rows(PaymentEvent) == []
    with shop.database.transaction() as session:
        assert make.sent_texts(session).count("stripe-disconnected") == 1


def test_an_end_that_is_told_late_ends_no_connection_that_was_made_since(shop: CardShop) -> None:
    shop.stripe.stands(shop.account, "active")
    shop.hand_over()  # Stripe shows us the account
    late = ended(shop) | {"created": int(time.time()) - 3600}
    shop.stripe.book.note(shop.account)["connected"] = True
    shop.hand_over([late])
    assert state_of(shop) == "active"


def test_an_end_in_the_second_of_a_look_is_found_by_another(shop: CardShop) -> None:
    shop.stripe.stands(shop.account, "active")
    shop.hand_over()
    shop.hand_over([ended(shop)])
    assert state_of(shop) == "disconnected"


@pytest.mark.parametrize("kind", ["account.updated", "capability.updated"])
def test_news_of_an_account_has_it_looked_at_once(shop: CardShop, kind: str) -> None:
    shop.stripe.stands(shop.account, "restricted")
    news = [event for event in shop.waiting() if event["type"] == kind]
    assert [shop.take_in(event) for event in news * 3] == [True] * 3
    assert state_of(shop) == "active"  # the event is believed in nothing
    assert len(shop.jobs("check_stripe_account")) == 1
    shop.work()
    assert state_of(shop) == "incomplete"


def test_what_becomes_of_an_account_elsewhere_or_of_the_other_mode_is_left(shop: CardShop) -> None:
    event = ended(shop)
    assert not shop.take_in(event | {"account": shop.stripe.add_seller()})
    assert not shop.take_in({name: part for name, part in event.items() if name != "account"})
    assert not shop.take_in(event | {"livemode": True})
    assert state_of(shop) == "active"
    assert shop.jobs("check_stripe_account") == []
