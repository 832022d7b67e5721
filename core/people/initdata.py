"""What Telegram signed when it opened the Mini App: initData, checked and read.

https://core.telegram.org/bots/webapps#validating-data-received-via-the-mini-app
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import msgspec

from core.kit.errors import NotAllowed

# Telegram's keys for third parties, of its production and its test servers; same page, "third-party use".
PRODUCTION_KEY = "e7bf03a2fa4602af4580703d88dda5bb59f32ed8b02a56c187fe7d34caed242d"
TEST_KEY = "40055058a4ee38156a06562e52eece92a771bcd8346a8c4615cb7376eddf72ec"
LIFE = timedelta(hours=24)
SKEW = timedelta(minutes=1)  # that Telegram's clock may be ahead of ours
LENGTH_LIMIT = 8192  # characters
FIELDS_LIMIT = 40
LARGEST_ID = 2**53  # core.telegram.org/bots/api#user: at most 52 significant bits


class TelegramPerson(msgspec.Struct):
    """The field `user`, as far as we use it."""

    id: int
    first_name: str = ""
    last_name: str = ""
    username: str | None = None
    language_code: str | None = None
    is_bot: bool = False


@dataclass(frozen=True)
class InitData:
    """Checked initData. `digest` is the SHA-256 of what was signed, the same however it was signed."""

    person: TelegramPerson
    signed_at: datetime
    digest: bytes

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.person.first_name} {self.person.last_name}".strip()


@dataclass(frozen=True)
class InitDataKeys:
    """How initData is checked: `secret` (hexadecimal, see `derive_secret`) for the bot's own.

    Without a secret the Ed25519 signature for third parties is asked for, which needs only the bot's id.
    """

    secret: str
    bot_id: int = 0
    public_key: str = PRODUCTION_KEY


def derive_secret(bot_token: str) -> str:
    """What the API needs of the bot's token: HMAC-SHA256 of it under "WebAppData", hexadecimal."""
    return hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).hexdigest()


def read_init_data(raw: str, keys: InitDataKeys, *, now: datetime) -> InitData:
    """The person whom Telegram vouches for. Raises `NotAllowed`: init-data-forged, init-data-stale."""
    fields = _parse(raw)
    own_hash = fields.pop("hash", "")
    # The bot's own hash covers the signature for third parties like any other field, an empty one too.
    covered, signature = dict(fields), fields.pop("signature", "")
    if own_hash and keys.secret:
        genuine = _is_hash_of(covered, own_hash, keys.secret)
    else:
        genuine = _is_signature_of(fields, signature, keys)
    if not genuine:
        raise NotAllowed("init-data-forged")
    signed_at = _moment(fields.get("auth_date", ""))
    if not -SKEW <= now - signed_at <= LIFE:
        raise NotAllowed("init-data-stale")
    return InitData(
        _person(fields.get("user", "")), signed_at, hashlib.sha256(_check_string(fields)).digest()
    )


def _parse(raw: str) -> dict[str, str]:
    """The fields, percent-decoded. A field given twice means different things to different readers."""
    if len(raw) > LENGTH_LIMIT:
        raise NotAllowed("init-data-forged")
    try:
        pairs = parse_qsl(
            raw, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=FIELDS_LIMIT
        )
    except ValueError:
        raise NotAllowed("init-data-forged") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise NotAllowed("init-data-forged")
    return fields


def _check_string(fields: dict[str, str]) -> bytes:
    return "\n".join(f"{name}={fields[name]}" for name in sorted(fields)).encode()


def _is_hash_of(fields: dict[str, str], digest: str, secret: str) -> bool:
    expected = hmac.new(bytes.fromhex(secret), _check_string(fields), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), digest.encode())


def _is_signature_of(fields: dict[str, str], signature: str, keys: InitDataKeys) -> bool:
    # Here because only a shop whose API lacks the bot's secret needs it: it is 9 MiB of memory.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if not signature or not keys.bot_id:
        return False
    message = f"{keys.bot_id}:WebAppData\n".encode() + _check_string(fields)
    try:
        unpadded = signature.rstrip("=")
        signed = urlsafe_b64decode(unpadded + "=" * (-len(unpadded) % 4))
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys.public_key)).verify(signed, message)
    except (ValueError, InvalidSignature):
        return False
    return True


def _moment(auth_date: str) -> datetime:
    if not (auth_date.isascii() and auth_date.isdigit() and len(auth_date) <= 11):
        raise NotAllowed("init-data-forged")
    return datetime.fromtimestamp(int(auth_date), UTC)


def _person(user: str) -> TelegramPerson:
    try:
        person = msgspec.json.decode(user, type=TelegramPerson)
    except msgspec.DecodeError:
        raise NotAllowed("init-data-forged") from None
    if person.is_bot or not 0 < person.id < LARGEST_ID:
        raise NotAllowed("init-data-forged")
    return person
