import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scripts.sandbox.stripe.book import DAY, VERSION
from scripts.sandbox.stripe.sandbox import StripeSandbox
from scripts.sandbox.stripe.sender import RETRIES
from tests.scripts.sandbox.stripe.conftest import Ask, Shop
from tests.scripts.sandbox.stripe.stories import membership, one_time

Done = Callable[..., dict[str, Any]]
SALE = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]
EVENTS = 1 + len(SALE)
"""Of a sale: its product is made too."""


@pytest.fixture
def sell(sandbox: StripeSandbox, done: Done, seller: str) -> Callable[..., dict[str, Any]]:
    def sell(session: dict[str, Any] | None = None, how: str = "ok") -> dict[str, Any]:
        opened = done("POST", "/v1/checkout/sessions", session or one_time(fee=0), account=seller)
        sandbox.perform("pays", {"session": opened["id"], "how": how})
        return done("GET", f"/v1/checkout/sessions/{opened['id']}", account=seller)

    return sell


def sale_of(shop: Shop) -> list[str]:
    return [kind for kind in shop.types if kind in SALE]


def test_events_of_an_account_name_it_and_go_to_the_connect_endpoint_alone(
    shop: Shop, sell: Any, seller: str
) -> None:
    sell()
    assert sale_of(shop) == SALE
    assert {event["account"] for event in shop.events} == {seller}
    assert {event["api_version"] for event in shop.events} == {VERSION}


def test_the_operators_fee_is_the_platforms_event(shop: Shop, sell: Any) -> None:
    sell(one_time(fee=100))
    fees = [event for event in shop.events if event["type"] == "application_fee.created"]
    assert ["account" in event for event in fees] == [False]


def test_an_endpoint_hears_of_the_types_that_it_names(sandbox: StripeSandbox, ask: Ask, sell: Any) -> None:
    shop = Shop()
    shop.secrets = [sandbox.listen(shop.url, connect=True, events=("charge.succeeded",))]
    sell()
    shop.close()
    assert shop.types == ["charge.succeeded"]


def test_what_is_not_acknowledged_comes_again_newly_signed_until_it_is(
    sandbox: StripeSandbox, shop: Shop, sell: Any, done: Done, seller: str
) -> None:
    shop.answers = [500] * EVENTS + [409] * EVENTS
    sell()
    assert shop.events == []
    undelivered = done("GET", "/v1/events", {"delivery_success": False}, account=seller)
    assert [event["type"] for event in undelivered["data"]][:4] == SALE[::-1]
    sandbox.advance(RETRIES[0])
    sandbox.advance(RETRIES[1])
    assert sale_of(shop) == SALE
    assert done("GET", "/v1/events", {"delivery_success": False}, account=seller)["data"] == []


def test_after_three_days_nothing_is_tried_any_more(sandbox: StripeSandbox, shop: Shop, sell: Any) -> None:
    shop.answers = [500] * 1000
    sell()
    for pause in RETRIES:
        sandbox.advance(pause)
    tries = len(shop.headers)
    sandbox.advance(30 * DAY)
    assert tries == EVENTS * (1 + len(RETRIES))
    assert len(shop.headers) == tries


def test_a_withheld_event_waits_for_its_release(sandbox: StripeSandbox, shop: Shop, sell: Any) -> None:
    sandbox.break_things(withhold=True)
    sell()
    assert shop.events == []
    sandbox.mend_things()
    assert sale_of(shop) == SALE


def test_shuffled_events_come_in_an_order_that_the_seed_gives_again(
    sandbox: StripeSandbox, shop: Shop, sell: Any
) -> None:
    orders = []
    for seed in (None, 5, 5):
        sandbox.break_things(withhold=True, shuffle=seed)
        sell(membership())
        sandbox.release()
        orders.append(shop.types)
        shop.events.clear()
    natural, mixed, again = orders
    assert mixed == again != natural
    assert sorted(mixed) == sorted(natural)


def test_copies_are_the_same_event_twins_are_not(sandbox: StripeSandbox, shop: Shop, sell: Any) -> None:
    sandbox.break_things(copies=2)
    sell()
    assert len(shop.events) == 2 * EVENTS
    assert len({event["id"] for event in shop.events}) == EVENTS
    shop.events.clear()
    sandbox.break_things(copies=1, twins=True)
    sell()
    assert len({event["id"] for event in shop.events}) == 2 * EVENTS
    assert len({(event["data"]["object"]["id"], event["type"]) for event in shop.events}) == EVENTS


def test_a_lost_event_is_found_by_asking_and_sent_by_hand(
    sandbox: StripeSandbox, shop: Shop, sell: Any, done: Done, seller: str
) -> None:
    sandbox.break_things(lose=100)
    session = sell()
    assert shop.events == []
    wish = {"types": ["checkout.session.completed"], "delivery_success": False}
    lost = done("GET", "/v1/events", wish, account=seller)["data"]
    assert [event["data"]["object"]["id"] for event in lost] == [session["id"]]
    sandbox.send_again(lost[0]["id"])
    assert shop.types == ["checkout.session.completed"]


def test_a_delay_passes_with_the_stand_ins_clock(sandbox: StripeSandbox, shop: Shop, sell: Any) -> None:
    sandbox.break_things(delay=3600)
    sell()
    assert shop.events == []
    sandbox.advance(3600)
    assert sale_of(shop) == SALE


def test_while_a_secret_is_rolled_both_sign_and_then_the_new_one_alone(
    sandbox: StripeSandbox, shop: Shop, sell: Any, done: Done
) -> None:
    endpoints = done("GET", "/v1/webhook_endpoints")["data"]
    old = list(shop.secrets)
    new = [sandbox.roll_secret(endpoint["id"]) for endpoint in endpoints]
    sell()  # the shop knows the old ones yet
    assert [len(re.findall("v1=", header)) for header in shop.headers] == [2] * EVENTS
    sandbox.advance(DAY + 1)
    shop.secrets = new
    sell()
    assert [len(re.findall("v1=", header)) for header in shop.headers[EVENTS:]] == [1] * EVENTS
    assert not set(old) & set(new)


def test_an_old_version_has_the_fields_where_they_stood(
    sandbox: StripeSandbox, shop: Shop, sell: Any
) -> None:
    sandbox.break_things(old_version=True)
    sell(membership())
    events = {event["type"]: event for event in shop.events}
    assert events["invoice.paid"]["api_version"] == "2024-06-20"
    assert events["invoice.paid"]["data"]["object"]["subscription"].startswith("sub_")
    created = events["customer.subscription.created"]["data"]["object"]
    assert created["current_period_end"] > created["current_period_start"]
    assert "current_period_end" not in created["items"]["data"][0]


def test_endpoints_are_made_changed_and_taken_away(done: Done, ask: Ask) -> None:
    wish = {"url": "https://shop.example/hook", "enabled_events": ["invoice.paid"], "connect": True}
    made = done("POST", "/v1/webhook_endpoints", wish | {"api_version": VERSION})
    assert made["secret"].startswith("whsec_")
    path = f"/v1/webhook_endpoints/{made['id']}"
    assert "secret" not in done("GET", path)
    assert done("POST", path, {"disabled": True})["status"] == "disabled"
    assert done("DELETE", path)["deleted"] is True
    assert ask("GET", path).status_code == 404


def test_a_connect_endpoint_hears_of_the_sellers_other_business(
    sandbox: StripeSandbox, shop: Shop, seller: str
) -> None:
    sandbox.sells_elsewhere(seller, times=3)
    assert shop.types.count("charge.succeeded") == 3
    assert {event["account"] for event in shop.events} == {seller}
    charges = [one["data"]["object"] for one in shop.events if one["type"] == "charge.succeeded"]
    assert [(charge["metadata"], charge["application"]) for charge in charges] == [({}, None)] * 3


def test_an_event_names_the_request_it_comes_of(
    sandbox: StripeSandbox, shop: Shop, done: Done, seller: str
) -> None:
    done("POST", "/v1/customers", {}, account=seller, idempotency_key="customer-1")
    sandbox.flush()
    sandbox.sells_elsewhere(seller)
    causes = [event["request"]["idempotency_key"] for event in shop.events]
    assert causes[0] == "customer-1"
    assert set(causes[1:]) == {None}


def test_a_live_event_may_come_where_only_test_ones_are_wanted(
    sandbox: StripeSandbox, shop: Shop, sell: Any
) -> None:
    sandbox.break_things(live=True)
    sell()
    assert {event["livemode"] for event in shop.events} == {True}


def test_events_are_kept_for_thirty_days(sandbox: StripeSandbox, sell: Any, done: Done, seller: str) -> None:
    sell()
    assert done("GET", "/v1/events", account=seller)["data"]
    sandbox.advance(31 * DAY)
    kinds = {event["type"] for event in done("GET", "/v1/events", account=seller)["data"]}
    assert "checkout.session.completed" not in kinds


def test_the_header_is_timed_by_the_real_clock_which_the_shop_has(
    sandbox: StripeSandbox, shop: Shop, sell: Any
) -> None:
    sandbox.advance(365 * DAY)
    sell()
    moment = int(shop.headers[0].partition("t=")[2].partition(",")[0])
    assert datetime.fromtimestamp(moment, UTC).year <= datetime.now(UTC).year
    assert shop.events[0]["created"] > moment + 364 * DAY
