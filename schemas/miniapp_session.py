"""The Mini App's session as the API answers it: who is signed in, and what the shop allows."""

import msgspec

from schemas.answers import Moment
from schemas.people import Language, Role, ShopStatus
from schemas.rails import Rail
from schemas.uploads import Policy


class SessionUser(msgspec.Struct):
    """Who is signed in."""

    id: int
    name: str
    language: Language
    roles: list[Role]


class SessionShop(msgspec.Struct):
    """The person's own shop, and the rails on which it sells."""

    id: int
    name: str
    status: ShopStatus
    rails: list[Rail]


class UploadLimits(msgspec.Struct):
    """The largest file and the largest sample of one in bytes, how many parts are signed at once, and the
    days an upload is kept."""

    max_upload_size: int
    max_sample_size: int
    part_batch: int
    upload_days: int


class SessionAnswer(msgspec.Struct):
    """A session of one hour. `token` goes into `Authorization: Bearer …`; `shop` is their own, if any.
    `is_test`: the shop is for trying, and every page says so."""

    token: str
    expires_at: Moment
    user: SessionUser
    shop: SessionShop | None
    limits: UploadLimits
    shop_name: str
    bot_username: str
    upload_policy: Policy
    is_test: bool


class LanguageAnswer(msgspec.Struct):
    """The language that the person has chosen."""

    language: Language
