"""Telegram's own paid links: who joins by one pays the channel itself in Stars; Telegram keeps the clock.

The money never passes through the bot and no plan of the shop is bought
(https://core.telegram.org/api/subscriptions), so such a person has no membership here. They are no stranger
at the door either: until the end that Telegram tells they may be in, and then Telegram puts them out.
"""

from datetime import datetime

from sqlmodel import Session

from core.memberships.bars import is_barred_visitor
from schemas.membership import Channel, RosterEntry


def pays_channel(session: Session, channel: Channel, entry: RosterEntry, now: datetime) -> bool:
    """Whether somebody has paid for the channel at Telegram, and is not shut out of the shop."""
    if entry.paid_until is None or entry.paid_until <= now:
        return False
    return not is_barred_visitor(session, entry.telegram_id, channel.seller_id)
