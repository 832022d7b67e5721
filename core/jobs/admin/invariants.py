"""What must never last in a healthy shop: each broken promise counted, with the oldest case.

Every question is answered by an index of what is still open, or by the latest rows only, so its price does
not grow with the shop.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import TextClause, text
from sqlmodel import Session

UNDELIVERED = timedelta(minutes=5)
REMOVED = timedelta(minutes=2)
UNVERIFIED = timedelta(hours=1)  # reading 10 GB once takes a good part of it
LATEST = 10_000  # grants that are compared with their payments
MOST = 1000  # cases that are counted


@dataclass(frozen=True)
class Invariant:
    """One promise. `count` cases break it, at most `MOST`; `oldest` is when the first began.

    `name` is for machines; `promise` and `advice` are for people.
    """

    name: str
    promise: str
    advice: str
    count: int
    oldest: datetime | None

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return self.count == 0


@dataclass(frozen=True)
class _Question:
    name: str
    promise: str
    advice: str
    since: TextClause  # selects when each case began, as `since`
    patience: timedelta = timedelta(0)


# An order without a buyer waits for its claim, which is not ours to hurry.
_UNDELIVERED = """
    SELECT paid_at AS since FROM purchase
    WHERE status = 'paid' AND paid_at < :before AND buyer_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM access_grant WHERE order_id = purchase.id AND created_at >= :before)
"""
_UNPAID_GRANT = """
    SELECT created_at AS since FROM access_grant AS given
    WHERE id > (SELECT coalesce(max(id), 0) - :latest FROM access_grant) AND revoked_at IS NULL
    AND NOT EXISTS (SELECT FROM payment WHERE order_id = given.order_id AND status = 'confirmed')
    AND NOT EXISTS (SELECT FROM card_trial WHERE order_id = given.order_id)
"""
# As core.memberships.transitions.right_to has it: any membership of the person that opens the channel lets
# them in.
_NO_OTHER_RIGHT = """
    NOT EXISTS (
        SELECT FROM membership AS other JOIN person AS holder ON holder.id = other.user_id
        JOIN plan_channel USING (plan_id)
        WHERE holder.telegram_id = roster.telegram_id AND plan_channel.channel_id = roster.channel_id
        AND other.state NOT IN ('expired', 'revoked', 'paused')
        AND (other.clock_at IS NULL OR other.clock_at >= :before)
    )
"""
# The end was written down and the removal not done, or the end itself was passed over.
_STILL_INSIDE = f"""
    SELECT over.since FROM membership JOIN LATERAL (
        SELECT coalesce(ended_at, paused_at, clock_at + make_interval(
            days => CASE state WHEN 'active' THEN grace_days ELSE 0 END)) AS since
    ) AS over ON over.since < :before
    JOIN roster ON roster.membership_id = membership.id AND roster.status IN ('member', 'restricted')
    JOIN channel ON channel.id = roster.channel_id AND channel.state <> 'gone'
    WHERE {_NO_OTHER_RIGHT}
"""  # noqa: S608 - constants only
_STRANGER = f"""
    SELECT joined_at AS since FROM roster
    JOIN channel ON channel.id = roster.channel_id AND channel.enforcement = 'act' AND channel.state <> 'gone'
    JOIN seller ON seller.id = channel.seller_id JOIN person AS owner ON owner.id = seller.user_id
    WHERE roster.membership_id IS NULL AND roster.status IN ('member', 'restricted')
    AND roster.joined_at < :before AND roster.telegram_id <> owner.telegram_id AND {_NO_OTHER_RIGHT}
"""  # noqa: S608 - constants only
_UNVERIFIED = """
    SELECT completed_at AS since FROM upload WHERE state = 'verifying' AND completed_at < :before
"""

QUESTIONS = (
    _Question(
        "paid_undelivered",
        "What is paid is delivered within 5 minutes",
        "comptoir orders find; comptoir retry-undelivered",
        text(_UNDELIVERED),
        UNDELIVERED,
    ),
    _Question(
        "grant_without_payment",
        "Every grant has its confirmed payment",
        "comptoir orders show NUMBER",
        text(_UNPAID_GRANT),
    ),
    _Question(
        "expired_inside",
        "Whoever's access has ended is out of the channel within 2 minutes",
        "comptoir queue jobs 'actor:expire_member'",
        text(_STILL_INSIDE),
        REMOVED,
    ),
    _Question(
        "member_without_grant",
        "Nobody is in a channel that acts on differences without a grant",
        "comptoir queue jobs 'actor:remove_stranger'",
        text(_STRANGER),
        REMOVED,
    ),
    _Question(
        "upload_unverified",
        "A complete upload gets its verdict within an hour",
        "comptoir queue jobs 'actor:verify_upload'",
        text(_UNVERIFIED),
        UNVERIFIED,
    ),
)


def invariants(session: Session, *, now: datetime) -> list[Invariant]:
    """Every promise, in a fixed order."""
    return [_answer(session, question, now) for question in QUESTIONS]


def _answer(session: Session, question: _Question, now: datetime) -> Invariant:
    counted = text(
        f"SELECT count(*) AS number, min(since) AS oldest FROM ({question.since.text} LIMIT :most) AS cases"  # noqa: S608 - constants only
    )
    params = {"before": now - question.patience, "latest": LATEST, "most": MOST}
    row = session.execute(counted, params).one()
    return Invariant(question.name, question.promise, question.advice, row.number, row.oldest)
