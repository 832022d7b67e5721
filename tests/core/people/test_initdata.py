"""initData: published vectors of both kinds, and every way to forge it that we could think of."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.kit.errors import NotAllowed
from core.people.initdata import TEST_KEY, InitDataKeys, derive_secret, read_init_data

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOKEN = "4242:test-token"
KEYS = InitDataKeys(derive_secret(TOKEN), 4242)

# Published with the Telegram Mini Apps packages (docs.telegram-mini-apps.com, tma.js `init-data`).
OLDER = (
    "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C"
    "%22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C"
    "%22is_premium%22%3Atrue%7D&auth_date=1662771648"
    "&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2"
)
OLDER_TOKEN = "5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8"
NEWER = (
    "user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%20%2B%20-%20%3F%20%5C%2F%22%2C%22last_name"
    "%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22"
    "%3Atrue%2C%22allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fuserpic"
    "%5C%2F320%5C%2F4FPEE4tmP3ATHa57u6MqTDih13LTOiMoKoLDRG4PnSA.svg%22%7D&chat_instance=8134722200314281151"
    "&chat_type=private&auth_date=1733584787"
    "&hash=2174df5b000556d044f3f020384e879c8efcab55ddea2ced4eb752e93e7080d6"
    "&signature=zL-ucjNyREiHDE8aihFwpfR9aggP2xiAo3NSpfe-p7IbCisNlDKlo7Kb6G4D0Ao2mBrSgEk4maLSdv6MLIlADQ"
)
NEWER_TOKEN = "7342037359:AAFZehRPBRs8Seg40oDjTMIW8uTGPuW1zfQ"
NEWER_AT = datetime.fromtimestamp(1733584787, UTC)


def sign(token: str = TOKEN, at: datetime = NOW, **fields: str) -> str:
    """initData as Telegram makes it."""
    told = {
        "auth_date": str(int(at.timestamp())),
        "user": json.dumps({"id": 7, "first_name": "Awa"}),
    } | fields
    check = "\n".join(f"{name}={told[name]}" for name in sorted(told))
    digest = hmac.new(bytes.fromhex(derive_secret(token)), check.encode(), hashlib.sha256).hexdigest()
    return urlencode(told | {"hash": digest}, quote_via=quote)


def refused(raw: str, keys: InitDataKeys = KEYS, now: datetime = NOW) -> str:
    with pytest.raises(NotAllowed) as caught:
        read_init_data(raw, keys, now=now)
    return caught.value.code


@pytest.mark.parametrize(
    ("raw", "token", "at"),
    [
        (OLDER, OLDER_TOKEN, datetime.fromtimestamp(1662771648, UTC)),
        (NEWER, NEWER_TOKEN, NEWER_AT),
    ],
)
def test_the_published_vectors_signed_with_a_bots_token_are_accepted(
    raw: str, token: str, at: datetime
) -> None:
    data = read_init_data(raw, InitDataKeys(derive_secret(token)), now=at + timedelta(hours=1))
    assert (data.person.id, data.person.username, data.signed_at) == (279058397, "vdkfrost", at)


def test_the_published_vector_for_third_parties_is_accepted_with_the_bots_id_alone() -> None:
    data = read_init_data(NEWER, InitDataKeys("", 7342037359), now=NEWER_AT)
    assert data.name == "Vladislav + - ? / Kibenko"


def test_both_forms_of_one_opening_have_one_digest() -> None:
    by_token = read_init_data(NEWER, InitDataKeys(derive_secret(NEWER_TOKEN)), now=NEWER_AT)
    assert by_token.digest == read_init_data(NEWER, InitDataKeys("", 7342037359), now=NEWER_AT).digest


@pytest.mark.parametrize(
    "keys",
    [InitDataKeys("", 1), InitDataKeys("", 0), InitDataKeys("", 7342037359, TEST_KEY)],
    ids=["another bot", "no bot", "the test servers' key"],
)
def test_a_signature_for_others_is_forged_for_us(keys: InitDataKeys) -> None:
    assert refused(NEWER, keys, NEWER_AT) == "init-data-forged"


@pytest.mark.parametrize("fields", [{}, {"signature": ""}, {"signature": "none"}, {"new": "", "a": "b"}])
def test_the_hash_covers_every_field_that_stands_there_an_empty_one_too(fields: dict[str, str]) -> None:
    raw = sign(TOKEN, NOW, **fields)
    assert read_init_data(raw, KEYS, now=NOW).person.id == 7
    assert refused(f"{raw}&another=") == "init-data-forged"
    for name in fields:
        left_out = "&".join(part for part in raw.split("&") if not part.startswith(f"{name}="))
        assert refused(left_out) == "init-data-forged"


def test_a_signature_of_somebody_elses_key_is_refused() -> None:
    own = Ed25519PrivateKey.generate()
    public = own.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    assert refused(NEWER, InitDataKeys("", 7342037359, public), NEWER_AT) == "init-data-forged"


@pytest.mark.parametrize("signature", ["AAAA", "%ff", "é", "="])
def test_a_broken_signature_is_refused(signature: str) -> None:
    raw = f"auth_date={int(NOW.timestamp())}&signature={quote(signature, safe='%')}"
    assert refused(raw, InitDataKeys("", 4242)) == "init-data-forged"


@pytest.mark.parametrize("name", ["a=b", "a&hash=0", "50%25", "%zz", "🧵 Awa", "a+b c", "\n", "é=&%🎉"])
def test_names_with_every_odd_character_are_read_as_they_are(name: str) -> None:
    raw = sign(user=json.dumps({"id": 7, "first_name": name}, ensure_ascii=False))
    assert read_init_data(raw, KEYS, now=NOW).person.first_name == name


def test_another_bots_token_does_not_sign_for_ours() -> None:
    assert refused(sign("1:other")) == "init-data-forged"


@pytest.mark.parametrize(
    ("old", "new"),
    [("%22id%22%3A%207", "%22id%22%3A%208"), ("auth_date=", "auth_date=1"), ("user=", "users=")],
    ids=["another person", "another time", "another field"],
)
def test_a_replay_with_changed_fields_is_forged(old: str, new: str) -> None:
    raw = sign()
    assert old in raw
    assert refused(raw.replace(old, new)) == "init-data-forged"


def test_an_added_field_is_forged() -> None:
    assert refused(sign() + "&start_param=p_other") == "init-data-forged"


@pytest.mark.parametrize("field", ["user", "auth_date", "hash"])
def test_a_field_given_twice_is_refused_even_with_a_good_hash(field: str) -> None:
    raw = sign()
    again = next(part for part in raw.split("&") if part.startswith(f"{field}="))
    assert refused(f"{raw}&{again}") == "init-data-forged"


@pytest.mark.parametrize(
    "raw",
    ["", "hash=", "&&&", "hash", "%", "hash=0&user=%ff", "a=1&" * 60 + "hash=1", "x" * 10_000, "hash=é"],
)
def test_noise_is_refused(raw: str) -> None:
    assert refused(raw) == "init-data-forged"


@pytest.mark.parametrize(
    "user", ["", "{}", "[]", "null", '{"id":"7"}', '{"id":-1}', '{"id":7,"is_bot":true}']
)
def test_a_signed_opening_without_a_person_is_refused(user: str) -> None:
    assert refused(sign(user=user)) == "init-data-forged"


def test_a_day_old_opening_is_stale_and_one_from_the_future_too() -> None:
    read_init_data(sign(at=NOW - timedelta(hours=24)), KEYS, now=NOW)
    read_init_data(sign(at=NOW + timedelta(seconds=59)), KEYS, now=NOW)
    assert refused(sign(at=NOW - timedelta(hours=24, seconds=1))) == "init-data-stale"
    assert refused(sign(at=NOW + timedelta(minutes=2))) == "init-data-stale"
