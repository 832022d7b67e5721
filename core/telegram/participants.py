"""How Telegram says how somebody stands to a channel (https://core.telegram.org/type/ChannelParticipant)."""

from datetime import UTC, datetime
from typing import Any

from pyrogram.raw import types

from core.ports import MemberStatus

_STATUS: dict[type, MemberStatus] = {
    types.ChannelParticipant: "member",
    types.ChannelParticipantSelf: "member",
    types.ChannelParticipantAdmin: "administrator",
    types.ChannelParticipantCreator: "creator",
    types.ChannelParticipantLeft: "left",
}


def status_of(participant: Any) -> MemberStatus:
    """None is a stranger. Somebody restricted may be inside or out, somebody banned is out."""
    if isinstance(participant, types.ChannelParticipantBanned):
        rights: Any = participant.banned_rights
        if rights.view_messages:
            return "banned"
        return "left" if participant.left else "restricted"
    return _STATUS.get(type(participant), "left")


def until_of(participant: Any) -> datetime | None:
    """When a Stars subscription to the channel ends."""
    seconds = getattr(participant, "subscription_until_date", None)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
