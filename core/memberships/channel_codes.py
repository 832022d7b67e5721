"""Connecting a channel by a code: for admins who act anonymously, of whom Telegram does not say who they are.

A seller posts a code of their own in the channel. That shows that the shop may speak there, as making the bot
an admin shows it otherwise.
"""

import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, select

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.names import clean_text
from core.kit.rows import id_of
from core.kit.tokens import derived_token, token_hash
from core.memberships.channels import TITLE_LIMIT, by_telegram_id, rights_changed
from core.memberships.events import RightsChanged, Visitor
from core.notifications.notify import notify_seller
from core.orders.text_review import TextRules
from schemas.channel_codes import ChannelCode
from schemas.people import Seller, User

LIFE = timedelta(minutes=15)
SHOWN_AGAIN = timedelta(minutes=5)
"""A code that has less than this left is replaced when it is asked for: nobody could post it in time."""
CODE = re.compile(r"\s*(connect-[0-9a-f]{24})\s*", re.IGNORECASE)
"""Hexadecimal, as apps read two underscores as italics; a keyboard may begin with a capital."""


@dataclass(frozen=True)
class ShownCode:
    """What the seller posts, and until when it holds."""

    words: str
    expires_at: datetime


def read_code(words: str) -> str | None:
    """The code that a post consists of; None where it says anything else."""
    match = CODE.fullmatch(words)
    return match[1].lower() if match else None


def show_code(session: Session, seller: Seller, bot_token: str, *, now: datetime) -> ShownCode:
    """The shop's code, the same however often it is asked for, until it is used or soon over.

    Only its hash is kept: it is made anew of the bot's token and the moment of its making. Raises `Refused`
    while the shop is not open.
    """
    if seller.status != "approved":
        raise Refused("shop-not-approved")
    number = id_of(seller)
    session.exec(select(Seller.id).where(Seller.id == number).with_for_update(key_share=True)).one()
    row = session.get(ChannelCode, number, populate_existing=True)
    if row is not None and row.used_at is None and row.expires_at - now >= SHOWN_AGAIN:
        words = _words(bot_token, number, row.created_at)
        if row.code_hash == token_hash(words):
            return ShownCode(words, row.expires_at)
    words = _words(bot_token, number, now)
    row = row or ChannelCode(seller_id=number, code_hash=b"", expires_at=now)
    row.code_hash, row.created_at, row.expires_at, row.used_at = token_hash(words), now, now + LIFE, None
    session.add(row)
    record(session, f"user:{seller.user_id}", "channel.code_made", f"seller:{number}")
    session.flush()
    return ShownCode(words, row.expires_at)


def is_alive(session: Session, code: str, *, now: datetime) -> bool:
    """Whether a channel may still be connected by this code."""
    return _alive(session, code, now) is not None


def connect_by_code(
    session: Session, code: str, event: RightsChanged, *, review: TextRules, now: datetime
) -> bool:
    """Connect the channel in which a code was posted with the shop of the code; whether that used it up.

    `event` says what the bot may do there; the owner of the shop takes the place of whoever made it an
    admin, and is told what came of it. A channel of another shop stays that shop's.
    """
    row = _alive(session, code, now)
    if row is None:
        return False
    row.used_at = now
    session.add(row)
    seller = session.get_one(Seller, row.seller_id)
    owner = session.get_one(User, seller.user_id)
    record(session, f"user:{owner.id}", "channel.code_used", f"seller:{seller.id}", channel=event.channel)
    existing = by_telegram_id(session, event.channel)
    if existing is not None and existing.seller_id != seller.id:
        _tell(session, row, event, "other")
        return True
    before = existing.state if existing is not None else None
    by = Visitor(owner.telegram_id, owner.name, owner.username, owner.language)
    channel = rights_changed(session, replace(event, by=by), review=review, now=now)
    if channel is not None and channel.state == before:
        _tell(session, row, event, "own")
    return True


def _tell(session: Session, row: ChannelCode, event: RightsChanged, whose: str) -> None:
    """Say to the seller why nothing has changed: the channel is connected with a shop already."""
    params = {"channel": clean_text(event.title)[:TITLE_LIMIT], "whose": whose}
    once = f"{row.seller_id}:{row.created_at.isoformat()}"
    notify_seller(
        session,
        row.seller_id,
        "channel-code-idle",
        params,
        once=once,
        buttons=[["button-my-channels", "my_channels"]],
    )


def _alive(session: Session, code: str, now: datetime) -> ChannelCode | None:
    """The row of a code, locked, if it is neither used nor over."""
    statement = select(ChannelCode).where(ChannelCode.code_hash == token_hash(code)).with_for_update()
    row = session.exec(statement).one_or_none()
    return row if row is not None and row.used_at is None and now < row.expires_at else None


def _words(bot_token: str, seller_id: int, created_at: datetime) -> str:
    key = hashlib.sha256(f"channel code\x1f{bot_token}".encode()).hexdigest()
    source = derived_token(key, str(seller_id), created_at.astimezone(UTC).isoformat())
    return f"connect-{token_hash(source).hex()[:24]}"
