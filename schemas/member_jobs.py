"""Job contracts of memberships, in the manner of `schemas.jobs`, which lists them with all others.

What talks to Telegram is in the queue `delivery` where somebody waits for it, and in `routine` where
thousands may fall due at once and nobody waits: only these two have a client.
"""

from typing import ClassVar, Literal
from uuid import UUID

from schemas.contracts import BRIEF, PATIENT, STEADY, JobContract, Queue, RetryPolicy

Occasion = Literal["paid", "renewed", "trial", "reissued", "resumed", "restored"]


class Admit(JobContract, frozen=True):
    """Tell a member where they stand, with a link into each channel of the plan that they are not in."""

    actor: ClassVar[str] = "admit"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    membership_id: int
    occasion: Occasion
    order_id: int | None = None  # delivered once the message is sent


class AnswerJoinRequest(JobContract, frozen=True):
    """Answer a request to join that the bot itself did not get to answer."""

    actor: ClassVar[str] = "answer_join_request"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    channel_id: int
    telegram_id: int


class ExpireMember(JobContract, frozen=True):
    """Do what a membership's clock says, if it says so still."""

    actor: ClassVar[str] = "expire_member"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    membership_id: int
    turn: int


class RemoveMember(JobContract, frozen=True):
    """Put somebody out of one channel whose right to be there has ended, and who may come back later."""

    actor: ClassVar[str] = "remove_member"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    channel_id: int
    telegram_id: int


class RemoveStranger(JobContract, frozen=True):
    """Put out who came in without a right, tell them how to buy, and replace the link that they used."""

    actor: ClassVar[str] = "remove_stranger"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    channel_id: int
    telegram_id: int
    invite_id: UUID | None = None


class RevokeInvite(JobContract, frozen=True):
    """Make a link worthless at Telegram."""

    actor: ClassVar[str] = "revoke_invite"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    invite_id: UUID


class WarnMember(JobContract, frozen=True):
    """Tell a member that the end is `days` days away; 0 and below: the days of grace that have passed."""

    actor: ClassVar[str] = "warn_member"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    membership_id: int
    ends: int  # Unix time of the end that the warning is about
    days: int


class SetStarRenewal(JobContract, frozen=True):
    """Have Telegram do what is wanted of a Stars subscription: charge on, or charge no further."""

    actor: ClassVar[str] = "set_star_renewal"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    subscription_id: int


class CheckRoster(JobContract, frozen=True):
    """Compare some of a channel's roster with Telegram, then go on a little later with the next."""

    actor: ClassVar[str] = "check_roster"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 120.0

    channel_id: int
    begun: int  # Unix time at which this round began: what was checked since is done


class CheckRosters(JobContract, frozen=True):
    """Begin a round through every connected channel."""

    actor: ClassVar[str] = "check_rosters"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


class ReconcileStars(JobContract, frozen=True):
    """Find charges and refunds of Stars that no update told us of, in the bot's own account."""

    actor: ClassVar[str] = "reconcile_stars"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 300.0


class ExpireTokens(JobContract, frozen=True):
    """Close one-use links and forget start tokens whose time is over (C26)."""

    actor: ClassVar[str] = "expire_tokens"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


class ExpireMembers(JobContract, frozen=True):
    """The net under the clocks: whatever is due and was not done (C27)."""

    actor: ClassVar[str] = "expire_members"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


class WarnMembers(JobContract, frozen=True):
    """The net under the warnings: whatever is due and was not asked for (C29)."""

    actor: ClassVar[str] = "warn_members"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = BRIEF


class ImportMembers(JobContract, frozen=True):
    """Bring in the members of a seller's file, and tell what came of it."""

    actor: ClassVar[str] = "import_members"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 600.0

    import_id: int


MEMBER_JOBS: tuple[type[JobContract], ...] = (
    Admit,
    AnswerJoinRequest,
    ExpireMember,
    RemoveMember,
    RemoveStranger,
    RevokeInvite,
    WarnMember,
    SetStarRenewal,
    CheckRoster,
    CheckRosters,
    ReconcileStars,
    ExpireTokens,
    ExpireMembers,
    WarnMembers,
    ImportMembers,
)
