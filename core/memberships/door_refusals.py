"""What Telegram may answer when a member is let in, and who has to know: nobody waits there in silence.

The names are those of https://core.telegram.org/method/messages.hideChatJoinRequest and, for the channel's
own state, of https://core.telegram.org/method/channels.inviteToChannel. What waits by itself (FLOOD_WAIT,
missing rights, an answer that was lost) is tried again by the job; a channel that is gone is a matter of
`core.memberships.declined`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from core.kit.rows import must_get
from core.memberships.admission import Decision, answered
from core.memberships.declined import ways_in
from core.memberships.notifications import notify_owner
from core.notifications.notify import notify, notify_staff
from schemas.membership import Channel

Why = Literal["too_many", "banned", "blocked", "full", "gone", "waiting", "unreachable", "trouble"]
LONG = 60.0  # seconds of waiting that a person is told of


@dataclass(frozen=True)
class Refusal:
    """Why somebody is not in, as they read it (but for an account that is gone); who else has to act."""

    why: Why
    seller: bool = False
    staff: bool = False


REFUSALS: Mapping[str, Refusal] = {
    "CHANNELS_TOO_MUCH": Refusal("too_many"),
    "USER_CHANNELS_TOO_MUCH": Refusal("too_many"),
    "USER_KICKED": Refusal("banned", seller=True),
    "USER_BANNED_IN_CHANNEL": Refusal("banned", seller=True),
    "USER_BLOCKED": Refusal("blocked", seller=True),
    "USER_PRIVACY_RESTRICTED": Refusal("blocked"),
    "USERS_TOO_MUCH": Refusal("full", seller=True),
    "INPUT_USER_DEACTIVATED": Refusal("gone"),
    "USER_ID_INVALID": Refusal("gone"),
}
UNKNOWN = Refusal("trouble", staff=True)
"""Of whatever is not in the table: the person waits, and staff look at it."""


def refused(session: Session, telegram_id: int, decision: Decision, code: str, *, now: datetime) -> Refusal:
    """Telegram did not let a member in, and will not by being asked again. Tells whoever has to know, once a
    day for each reason; the request is over, and the person may ask again."""
    assert decision.channel_id is not None, "only requests to our channels are answered"
    refusal = REFUSALS.get(code, UNKNOWN)
    answered(session, telegram_id, decision, failed=code)
    channel = must_get(session, Channel, decision.channel_id, "channel-unknown")
    day = f"{now:%Y-%m-%d}"
    if refusal.why != "gone":
        say_why(session, decision, refusal.why, now=now)
    if refusal.seller:
        params = {"why": refusal.why}
        occasion = f"door:{decision.membership_id}:{refusal.why}:{day}"
        notify_owner(session, channel, "channel-door-shut", occasion=occasion, params=params)
    if refusal.staff:
        details: dict[str, str | int] = {"code": code[:64], "channel": channel.title}
        notify_staff(session, "staff-door-shut", details, once=f"{channel.id}:{code[:64]}:{day}")
    return refusal


def say_why(session: Session, decision: Decision, why: Why, *, now: datetime) -> None:
    """Tell a member why they are not in yet and what to do, once a day for each channel and reason."""
    if decision.user_id is None:
        return
    occasion = f"{decision.channel_id}:{why}:{now:%Y-%m-%d}"
    params: dict[str, str | int] = {"channel": decision.channel, "why": why}
    notify(session, decision.user_id, "join-failed", params, once=occasion, buttons=ways_in(decision))
