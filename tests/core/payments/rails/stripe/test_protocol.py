"""Our signature check and our forms judged by Stripe's own library, which no process of ours imports."""

import time
from typing import Any

import pytest
import stripe
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stripe._encode import _api_encode

from core.payments.rails.stripe.protocol import API_VERSION, TOLERANCE, form, is_live, is_signed

OURS, ROLLED, FOREIGN = "whsec_ours", "whsec_rolled", "whsec_foreign"
NOW = 1_790_000_000
BODY = '{\n  "id": "evt_1",\n  "name": "Zoé €"\n}'.encode()

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
names = st.text("abcdef_", min_size=1, max_size=4)
# No booleans in lists: their library writes those as Python does (True), which Stripe refuses.
listed = st.integers() | st.text(max_size=4)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.dictionaries(names, inner, max_size=3)
        | st.lists(listed | st.dictionaries(names, inner, min_size=1, max_size=2), max_size=3)
    ),
    max_leaves=8,
)


def signature(secret: str, body: bytes = BODY, moment: int = NOW) -> str:
    return str(stripe.WebhookSignature._compute_signature(f"{moment}.{body.decode()}", secret))


def header(*secrets: str, moment: int = NOW) -> str:
    return ",".join([f"t={moment}", *(f"v1={signature(secret, moment=moment)}" for secret in secrets)])


def judged_by_library(body: bytes, sent: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, sent, secret, TOLERANCE))
    except stripe.SignatureVerificationError:
        return False


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(names, trees, max_size=4))
def test_a_form_is_what_the_official_library_sends(fields: dict[str, Any]) -> None:
    assert list(form(fields)) == [(name, str(text)) for name, text in _api_encode(fields)]


@st.composite
def headers(draw: st.DrawFn) -> tuple[bytes, str]:
    body = draw(st.sampled_from([BODY, b"", b"{}\n"]))
    age = draw(st.sampled_from([0, TOLERANCE - 5, TOLERANCE + 5, 5000, -100, -5000]))
    moment = int(time.time()) - age
    signs = [signature(OURS, body, moment), signature(FOREIGN, body, moment), signature(OURS, b"x", moment)]
    parts = draw(
        st.lists(
            st.tuples(st.sampled_from(["v1", "v1", "v0"]), st.sampled_from([*signs, "zz", ""])), max_size=3
        )
    )
    pairs = [("t", str(moment)), *parts][draw(st.sampled_from([0, 0, 0, 1])) :]
    return body, ",".join(f"{name}={text}" for name, text in draw(st.permutations(pairs)))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(headers())
def test_a_signature_is_judged_as_the_official_library_does(sent: tuple[bytes, str]) -> None:
    body, signed = sent
    assert is_signed([OURS], body, signed, time.time()) == judged_by_library(body, signed, OURS)


def test_any_of_our_secrets_may_have_signed() -> None:
    assert is_signed([OURS, ROLLED], BODY, header(ROLLED), NOW)
    assert is_signed([OURS], BODY, header(ROLLED, OURS), NOW)  # while the secret is rolled
    assert not is_signed([OURS, ROLLED], BODY, header(FOREIGN), NOW)
    assert not is_signed([], BODY, header(OURS), NOW)


def test_an_empty_secret_signs_nothing() -> None:
    assert not is_signed([""], BODY, header(""), NOW)


@pytest.mark.parametrize(
    ("later", "believed"), [(0, True), (TOLERANCE, True), (TOLERANCE + 1, False), (-86_400, True)]
)
def test_only_an_old_signature_is_refused(later: int, believed: bool) -> None:
    assert is_signed([OURS], BODY, header(OURS), NOW + later) is believed


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "v1=" + signature(OURS),
        header(OURS).replace("v1=", "v0="),
        header(OURS)[:-1],
        header(OURS).replace("t=", "t=+"),
        f"t={NOW}," + header(OURS),
        f"t={'9' * 5000},v1=" + signature(OURS),
        "t=١٧٩,v1=" + signature(OURS),
        f"t={NOW},v1=\udcff",
        ",=,==,",
    ],
)
def test_a_header_that_is_not_stripes_is_refused(sent: str) -> None:
    assert not is_signed([OURS], BODY, sent, NOW)


def test_a_body_that_is_not_utf_8_is_refused_not_an_error() -> None:
    assert not is_signed([OURS], b"\xff{}", header(OURS), NOW)


def test_a_body_changed_by_one_byte_is_refused() -> None:
    assert not is_signed([OURS], BODY + b" ", header(OURS), NOW)


def test_our_version_is_that_of_the_pinned_library() -> None:
    assert stripe.api_version == API_VERSION


@pytest.mark.parametrize(
    ("key", "live"), [("sk_live_1", True), ("rk_live_1", True), ("sk_test_1", False), ("rk_test_1", False)]
)
def test_a_key_says_whether_it_moves_real_money(key: str, live: bool) -> None:
    assert is_live(key) is live
