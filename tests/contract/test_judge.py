from typing import Any

import pytest

from scripts.sandbox.stripe.forms import decode
from tests.contract.judge import Contract, event_types

CONTRACT = Contract()
REFUND = {
    "id": "re_1",
    "object": "refund",
    "amount": 5,
    "created": 1,
    "currency": "eur",
    "status": "succeeded",
}
CHECKOUT = (
    "mode=payment&line_items[0][price_data][currency]=eur&line_items[0][price_data][product_data][name]=T"
    "&line_items[0][price_data][unit_amount]=1000&line_items[0][quantity]=1&metadata[order]=CM-1"
    "&payment_intent_data[application_fee_amount]=123&success_url=https://e/x&automatic_tax[enabled]=true"
)


@pytest.mark.parametrize(
    ("verb", "path", "body", "faults"),
    [
        ("POST", "/v1/checkout/sessions", CHECKOUT, []),
        ("POST", "/v1/checkout/sessions", "ui_mode=hosted", ["ui_mode: 'hosted' is none of 4 known words"]),
        ("POST", "/v1/checkout/sessions", "aplication_fee=1", ["aplication_fee: unknown"]),
        (
            "POST",
            "/v1/checkout/sessions",
            "line_items[0][price_data][unit_amount]=1",
            ["line_items[0].price_data.currency: missing"],
        ),
        ("POST", "/v1/refunds", "charge=ch_1&amount=5.5", ["amount: not a whole number: '5.5'"]),
        (
            "POST",
            "/v1/refunds",
            "refund_application_fee=yes",
            ["refund_application_fee: not true or false: 'yes'"],
        ),
        ("POST", "/v1/subscriptions/sub_1", "coupon=a", ["coupon: unknown"]),
        ("GET", "/v1/events", "types[]=charge.refunded&created[gte]=1&limit=100&delivery_success=false", []),
        ("GET", "/v1/nothing", "", ["no such route: GET /v1/nothing"]),
    ],
)
def test_a_form_is_judged_by_names_kinds_words_and_what_must_be_there(
    verb: str, path: str, body: str, faults: list[str]
) -> None:
    assert CONTRACT.check_request(verb, path, decode(body), "form") == faults


def test_a_body_in_json_is_judged_by_jsons_own_kinds() -> None:
    body = {"dashboard": "full", "contact_email": 5}
    faults = CONTRACT.check_request("POST", "/v2/core/accounts", body, "json")
    assert faults == ["contact_email: not a text: 5"]


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"amount": "5"}, ["amount: not a whole number: '5'"]),
        ({"amount": True}, ["amount: not a whole number: True"]),
        ({"charge": "ch_1", "colour": "red"}, ["colour: unknown"]),
        ({"charge": {"id": "ch_1"}}, "expanded objects are judged too"),
        ({"metadata": {"order": 5}}, ["metadata.order: not a text: 5"]),
    ],
)
def test_an_answer_is_judged_in_depth(change: dict[str, Any], faults: list[str] | str) -> None:
    found = CONTRACT.check_answer("GET", "/v1/refunds/re_1", REFUND | change)
    assert found == faults or (isinstance(faults, str) and "charge.amount: missing" in found)


def test_a_list_is_judged_as_a_page_of_its_objects() -> None:
    page = {"object": "list", "data": [REFUND, REFUND | {"currency": None}], "url": "/v1/refunds"}
    faults = CONTRACT.check_answer("GET", "/v1/refunds", page)
    assert faults == ["has_more: missing", "data[1].currency: not a text: None"]


def test_an_event_is_judged_with_the_object_in_it() -> None:
    event = {
        "id": "evt_1",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": 1,
        "data": {"object": REFUND | {"charge": 5}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": None,
        "type": "refund.created",
    }
    faults = CONTRACT.check_event(event)
    assert faults
    assert all(fault.startswith("data.object.charge") for fault in faults)
    assert CONTRACT.check_event(event | {"type": "refund.invented"}) == ["refund.invented: no such event"]


def test_a_thin_event_is_judged_by_the_class_of_its_type() -> None:
    event = {
        "id": "evt_1",
        "object": "v2.core.event",
        "created": "2026-11-28T12:00:00.000Z",
        "livemode": False,
        "type": "v2.core.account[configuration.merchant].capability_status_updated",
        "related_object": {"id": "acct_1", "type": "v2.core.account", "url": "/v2/core/accounts/acct_1"},
    }
    assert CONTRACT.check_event(event) == []
    assert CONTRACT.check_event(event | {"colour": "red"}) == ["colour: unknown"]
    assert CONTRACT.check_event(event | {"type": "v2.core.account.invented"}) == [
        "v2.core.account.invented: no such event"
    ]


def test_the_events_that_the_rail_handles_exist() -> None:
    handled = {"checkout.session.completed", "invoice.paid", "charge.dispute.closed", "refund.failed"}
    assert handled < event_types()
