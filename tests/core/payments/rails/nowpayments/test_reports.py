import hashlib
import hmac
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.errors import Refused
from core.kit.money import Money
from core.payments.rails.nowpayments.reports import (
    BODY_LIMIT,
    Number,
    event_id,
    read,
    read_list,
    sign,
    verify,
)

SECRET = "ipn-secret"
READABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
NOTICE: dict[str, Any] = {
    "payment_id": 4914760150,
    "parent_payment_id": None,
    "invoice_id": 4803492574,
    "payment_status": "finished",
    "pay_address": "0xDE0da4f2",
    "price_amount": 9.99,
    "price_currency": "eur",
    "pay_amount": 37.4625,
    "actually_paid": 37.4625,
    "actually_paid_at_fiat": 0,
    "pay_currency": "trx",
    "order_id": "CMT-000042",
    "order_description": "CMT-000042 Cours de couture",
    "purchase_id": "5291809662",
    "payment_extra_ids": None,
    "fee": {"withdrawalFee": 0, "currency": "btc", "depositFee": 0.09853637216235617},
    "updated_at": 1706105146952,
}


def signature(canonical: str, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), canonical.encode(), hashlib.sha512).hexdigest()


def signed(fields: dict[str, Any], **options: Any) -> tuple[bytes, str]:
    """As their sample in Python signs: a second implementation, on purpose."""
    canonical = json.dumps(fields, separators=(",", ":"), sort_keys=True, **options)
    return json.dumps(fields, ensure_ascii=False).encode(), signature(canonical)


def code_of(secret: str, body: bytes, given_signature: str) -> str:
    with pytest.raises(Refused) as refused:
        verify(secret, body, given_signature)
    return refused.value.code


def test_a_notice_signed_with_the_secret_is_read() -> None:
    report = verify(SECRET, *signed(NOTICE))
    assert (report.provider_id, report.order_number, report.stage) == (
        "4914760150",
        "CMT-000042",
        "finished",
    )
    assert (report.price, report.received) == (Money(999, "EUR"), 999)
    assert (report.parent_id, report.invoice_id, report.coin) == ("", "4803492574", "trx")


def test_lists_and_small_numbers_verify_as_their_javascript_sample_writes_them() -> None:
    # Its sortObject turns a list into an object; JSON.stringify writes 1e-7 where Python writes 1e-07.
    body = b'{"payment_id":1,"fee":{"b":1e-7,"a":[1,2]},"order_id":"CMT-1"}'
    canonical = '{"fee":{"a":{"0":1,"1":2},"b":1e-7},"order_id":"CMT-1","payment_id":1}'
    assert verify(SECRET, body, signature(canonical)).order_number == "CMT-1"


@pytest.mark.parametrize("ascii_only", [True, False])
def test_letters_beyond_ascii_verify_written_or_escaped(ascii_only: bool) -> None:
    verify(SECRET, *signed(NOTICE | {"order_description": "Été 😀 / كتاب"}, ensure_ascii=ascii_only))


def test_a_signature_in_capitals_is_the_same_signature() -> None:
    body, given_signature = signed(NOTICE)
    assert verify(SECRET, body, given_signature.upper()).stage == "finished"


def test_a_forged_notice_is_refused() -> None:
    body, good = signed(NOTICE)
    assert code_of("another secret", body, good) == "ipn-forged"
    assert code_of(SECRET, body, "") == "ipn-forged"
    assert code_of(SECRET, body, "é" * 128) == "ipn-forged"
    assert code_of(SECRET, body.replace(b"9.99", b"0.01"), good) == "ipn-forged"


def test_without_a_secret_nothing_is_believed() -> None:
    body = json.dumps(NOTICE).encode()
    canonical = json.dumps(NOTICE, separators=(",", ":"), sort_keys=True)
    assert code_of("", body, signature(canonical, "")) == "ipn-forged"


@pytest.mark.parametrize(
    "body",
    [b"", b"not json", b"[1]", b'"text"', b'{"payment_id": 1', b"\xff\xfe", b'{"a": NaN}', b"[" * 60_000],
    ids=["empty", "prose", "list", "text", "truncated", "not UTF-8", "NaN", "deep"],
)
def test_a_body_that_is_not_one_json_object_is_unreadable(body: bytes) -> None:
    assert code_of(SECRET, body, "0" * 128) == "ipn-unreadable"


def test_a_deeply_nested_object_is_refused_and_harms_nothing() -> None:
    body = b'{"a":' * 900 + b"1" + b"}" * 900
    assert code_of(SECRET, body, "0" * 128) in ("ipn-unreadable", "ipn-forged")


def test_a_body_larger_than_64_kib_is_refused_before_it_is_parsed() -> None:
    assert code_of(SECRET, b"x" * (BODY_LIMIT + 1), "0" * 128) == "ipn-too-large"


@given(st.binary(max_size=300), st.text(max_size=140))
def test_no_body_and_no_signature_break_the_check(body: bytes, given_signature: str) -> None:
    assert code_of(SECRET, body, given_signature).startswith("ipn-")


@given(st.dictionaries(READABLE, st.one_of(st.none(), st.booleans(), st.integers(), READABLE), max_size=6))
def test_whatever_object_they_sign_is_read(fields: dict[str, Any]) -> None:
    canonical = json.dumps(fields, separators=(",", ":"), sort_keys=True)
    if any(name.isdecimal() for name in fields):
        return  # their JavaScript orders such names by value; a test of its own covers it
    verify(SECRET, json.dumps(fields).encode(), signature(canonical))


def test_names_that_are_numbers_come_first_and_in_order() -> None:
    body = b'{"b":1,"10":2,"9":3,"01":4}'
    verify(SECRET, body, signature('{"9":3,"10":2,"01":4,"b":1}'))


@pytest.mark.parametrize(
    ("fields", "price"),
    [
        ({"price_amount": 10}, Money(1000, "EUR")),
        ({"price_amount": "10.50"}, Money(1050, "EUR")),
        ({"price_amount": 500, "price_currency": "xof"}, Money(500, "XOF")),
        ({"price_amount": 0.1}, Money(10, "EUR")),
        ({"price_amount": 9.999}, None),
        ({"price_amount": -1}, None),
        ({"price_amount": "sNaN"}, None),
        ({"price_amount": 1e300}, None),
        ({"price_amount": True}, None),
        ({"price_currency": "btc"}, None),
        ({"price_currency": None}, None),
    ],
)
def test_a_price_is_exact_or_nothing(fields: dict[str, Any], price: Money | None) -> None:
    assert read(json.dumps(NOTICE | fields).encode()).price == price


@pytest.mark.parametrize(
    ("paid", "received"), [("0", 0), ("18.73125", 499), ("37.4625", 999), ("44.955", 1198), ("x", None)]
)
def test_what_came_is_worth_its_share_of_the_price_rounded_down(paid: str, received: int | None) -> None:
    assert read(json.dumps(NOTICE | {"actually_paid": paid}).encode()).received == received


def test_coins_keep_every_digit() -> None:
    body = (
        json.dumps(NOTICE)
        .encode()
        .replace(b'"actually_paid": 37.4625', b'"actually_paid": 0.12345678901234567890')
    )
    assert read(body).coins == Decimal("0.12345678901234567890")


def test_the_same_news_has_the_same_name_and_other_news_another() -> None:
    first, again = (read(json.dumps(NOTICE).encode()) for _ in range(2))
    other = read(json.dumps(NOTICE | {"payment_status": "refunded"}).encode())
    assert event_id(first) == event_id(again) != event_id(other)
    assert event_id(first).startswith("4914760150:finished:")


def test_a_notice_about_something_else_is_read_as_nothing_of_ours() -> None:
    report = read(b'{"id":"123456789","batch_withdrawal_id":"987654321","status":"CREATING"}')
    assert (report.provider_id, report.order_number, report.stage) == ("", "", "")


def test_a_page_of_their_list_keeps_the_numbers_as_sent() -> None:
    page = json.dumps({"data": [NOTICE], "limit": 10, "page": 0, "pagesCount": 3, "total": 21}).encode()
    reports, pages = read_list(page)
    assert (len(reports), pages) == (1, 3)
    assert reports[0].received == 999
    assert b'"depositFee":0.09853637216235617' in reports[0].raw


SPELLINGS = (
    b'{"payment_id":5,"order_id":"CMT-1","payment_status":"waiting","word":"\xc3\xa9","list":[1,{"a":2}]}',
    b'{ "payment_id" : 5 , "order_id" : "CMT-1" , "payment_status":"waiting",'
    b'"word":"\xc3\xa9","list":[1,{"a":2}]}',
    b'{"order_id":"CMT-1","list":[1,{"a":2}],"word":"\xc3\xa9","payment_status":"waiting","payment_id":5}',
    b'{"payment_id":5,"order_id":"CMT-1","payment_status":"waiting","word":"\\u00e9","list":[1,{"a":2}]}',
    b'{"payment_id":5,"order_id":"\\u0043MT-1","payment_status":"waiting","word":"\xc3\xa9","list":[1,{"a":2}]}',
    b'{"payment_id":5,"payment_id":5,"order_id":"CMT-1","payment_status":"waiting",'
    b'"word":"\xc3\xa9","list":[1,{"a":2}]}',
    b'{"payment_id":5,"order_id":"CMT-1","payment_status":"waiting","word":"\xc3\xa9","list":{"0":1,"1":{"a":2}}}',
    b'\n{"payment_id":5,"order_id":"CMT-1","payment_status":"waiting","word":"\xc3\xa9",\t"list":[1,{"a":2}]}\r\n',
)


def test_one_notice_in_whatever_spelling_is_one_piece_of_news() -> None:
    """Every spelling has a signature in common with another, so who has seen one can send the others."""
    assert len({event_id(read(body)) for body in SPELLINGS}) == 1


@pytest.mark.parametrize(
    "other",
    [
        SPELLINGS[0].replace(b"waiting", b"finished"),
        SPELLINGS[0].replace(b'"list":[1', b'"list":[1.0'),
        SPELLINGS[0].replace(b'"payment_id":5', b'"payment_id":"5"'),
        SPELLINGS[0].replace(b"\xc3\xa9", b"e"),
    ],
)
def test_what_is_signed_in_another_way_is_other_news(other: bytes) -> None:
    assert event_id(read(other)) != event_id(read(SPELLINGS[0]))


@pytest.mark.parametrize(
    "body",
    [
        b'{"order_id":"a\\u0000b"}',
        b'{"order_id":"\\ud800"}',
        b'{"a\\u0000":1}',
        b'{"list":[{"deep":"\\udc00"}]}',
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b'{"a":' + b"[" * 20 + b"]" * 20 + b"}",
    ],
)
def test_a_signed_notice_that_cannot_be_kept_is_unreadable(body: bytes) -> None:
    fields = json.loads(body, parse_float=Number, parse_int=Number)
    with pytest.raises(Refused, match="ipn-unreadable"):
        verify("secret", body, sign("secret", fields))
