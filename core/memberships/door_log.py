"""What happens at the doors of channels, in the audit log: one entry for each act, beside its change.

An entry holds numbers of ours and words from lists. It names a person by their membership or by our number
of them; somebody whom we never met is not named at all (the channel's events, which can be erased, do that).
"""

from typing import Literal

from sqlmodel import Session

from core.audit.details import Detail
from core.audit.record import record

DoorAct = Literal[
    "join.accepted",
    "join.declined",
    "join.failed",
    "invite.made",
    "invite.revoked",
    "invite.expired",
    "member.joined",
    "member.left",
    "member.removed",
]


def log_act(
    session: Session,
    act: DoorAct,
    channel_id: int,
    *,
    membership_id: int | None = None,
    user_id: int | None = None,
    actor: str = "system",
    **details: Detail,
) -> None:
    """One act in a channel, about a membership where there is one, else about the channel itself."""
    subject = f"membership:{membership_id}" if membership_id else f"channel:{channel_id}"
    record(session, actor, act, subject, channel=channel_id, user=user_id, **details)


def visitor_name(user_id: int | None) -> str:
    """Who acts at a door, as the log calls them: a person we know, or Telegram telling of somebody."""
    return f"user:{user_id}" if user_id else "telegram"
