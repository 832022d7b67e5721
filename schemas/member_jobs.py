"""Job contracts of memberships, in the manner of `schemas.jobs`, which lists them with all others.

What talks to Telegram is in the queue `delivery` where somebody waits for it, and in `routine` where
thousands may fall due at once and nobody waits: only these two have a client.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from schemas.contracts import BRIEF, PATIENT, STEADY, JobContract, Once, Queue, RetryPolicy

Occasion = Literal["paid", "renewed", "trial", "card_trial", "reissued", "resumed", "restored"]


class Admit(JobContract, frozen=True):
    """Tell a member where they stand, with a link into each channel of the plan that they are not in."""

    actor: ClassVar[str] = "admit"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    membership_id: int
    occasion: Occasion
    order_id: int | None = None  # delivered once the message is sent

    def of_attempt(self, number: int) -> Once:
        """The delivery of the order, as `Deliver.of_attempt`: an order has one of the two."""
        return self._once(self.order_id, number, word="deliver")

    def of_trial(self) -> Once:
        """The beginning of a trial."""
        return self._once(self.membership_id, word="trial")

    def of_return(self, turn: int) -> Once:
        """The end of a pause, which is the membership's `turn`."""
        return self._once(self.membership_id, turn, word="resumed")

    def on_request(self) -> Once:
        """Links again as often as asked, one message at a time."""
        return self._once(self.membership_id, word="reissue", released=True)

    def of_removal_undone(self, channel_id: int, turn: int) -> Once:
        """The way back in for somebody who bought again while being put out."""
        return self._once(channel_id, self.membership_id, turn, word="restored")

    def of_invite_replaced(self, invite_id: UUID) -> Once:
        """A new link in the place of one that a stranger used."""
        return self._once(invite_id, word="replaced")

    def when_missing(self, channel_id: int, telegram_id: int, turn: int) -> Once:
        """A way in for a member who is not in the channel, once for each turn of the membership."""
        return self._once(channel_id, telegram_id, self.membership_id, turn, word="missing")


class AnswerJoinRequest(JobContract, frozen=True):
    """Answer a request to join that the bot itself did not get to answer."""

    actor: ClassVar[str] = "answer_join_request"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    channel_id: int
    telegram_id: int

    def once(self, asked_at: datetime) -> Once:
        """One answer for each request, told apart by the second in which it was made."""
        return self._once(self.channel_id, self.telegram_id, second(asked_at), word="join")


class ExpireMember(JobContract, frozen=True):
    """Do what a membership's clock says, if it says so still."""

    actor: ClassVar[str] = "expire_member"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    membership_id: int
    turn: int

    def once(self) -> Once:
        """The membership's clock, once for each turn."""
        return self._once(self.membership_id, self.turn, word="expire")

    def once_more(self) -> Once:
        """The net under the clock: asked for by every sweep until it is done."""
        return self._once(self.membership_id, self.turn, "net", word="expire", released=True)


class RemoveMember(JobContract, frozen=True):
    """Put somebody out of one channel whose right to be there has ended, and who may come back later."""

    actor: ClassVar[str] = "remove_member"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    channel_id: int
    telegram_id: int

    def once(self, membership_id: int, turn: int) -> Once:
        """One removal from a channel for each turn of the membership that ended."""
        return self._once(self.channel_id, membership_id, turn, word="remove")


class RemoveStranger(JobContract, frozen=True):
    """Put out who came in without a right, tell them how to buy, and replace the link that they used."""

    actor: ClassVar[str] = "remove_stranger"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    channel_id: int
    telegram_id: int
    invite_id: UUID | None = None

    def once(self, joined_at: datetime) -> Once:
        """One removal for each time that somebody came in."""
        return self._once(self.channel_id, self.telegram_id, second(joined_at), word="stranger")

    def on_check(self) -> Once:
        """What a check of the roster finds, one removal at a time."""
        return self._once(self.channel_id, self.telegram_id, word="check", released=True)


class RevokeInvite(JobContract, frozen=True):
    """Make a link worthless at Telegram."""

    actor: ClassVar[str] = "revoke_invite"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    invite_id: UUID

    def once(self) -> Once:
        """A link is revoked once."""
        return self._once(self.invite_id)


class WarnMember(JobContract, frozen=True):
    """Tell a member that the end is `days` days away; 0 and below: the days of grace that have passed."""

    actor: ClassVar[str] = "warn_member"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = PATIENT

    membership_id: int
    ends: int  # Unix time of the end that the warning is about
    days: int

    def once(self) -> Once:
        """One warning for each end and number of days."""
        return self._once(self.membership_id, self.ends, self.days, word="warn")


class SetStarRenewal(JobContract, frozen=True):
    """Have Telegram do what is wanted of a Stars subscription: charge on, or charge no further."""

    actor: ClassVar[str] = "set_star_renewal"
    queue: ClassVar[Queue] = "delivery"
    retry: ClassVar[RetryPolicy] = PATIENT

    subscription_id: int

    def once(self) -> Once:
        """One at a time; asked for while it runs, it runs once more and reads anew what is wanted."""
        return self._once(self.subscription_id, word="renewal", released=True)


class CheckRoster(JobContract, frozen=True):
    """Compare some of a channel's roster with Telegram, then go on a little later with the next."""

    actor: ClassVar[str] = "check_roster"
    queue: ClassVar[Queue] = "routine"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 120.0

    channel_id: int
    begun: int  # Unix time at which this round began: what was checked since is done

    def once(self, previous: UUID | None = None) -> Once:
        """One step of a round: the first, or the one after the job `previous`."""
        return self._once(self.channel_id, self.begun, previous or 0, word="roster")


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


class StopRenewals(JobContract, frozen=True):
    """Have Telegram and Stripe charge nobody any further for a shop that was suspended, or a plan that was
    closed."""

    actor: ClassVar[str] = "stop_renewals"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = STEADY

    seller_id: int


class ImportMembers(JobContract, frozen=True):
    """Bring in the members of a seller's file, and tell what came of it."""

    actor: ClassVar[str] = "import_members"
    queue: ClassVar[Queue] = "bulk"
    retry: ClassVar[RetryPolicy] = STEADY
    time_limit: ClassVar[float] = 600.0

    import_id: int

    def once(self) -> Once:
        """A file is brought in once."""
        return self._once(self.import_id, word="import")


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
    StopRenewals,
    ImportMembers,
)


def second(moment: datetime) -> int:
    """A moment as keys name it: Unix time, rounded to a second."""
    return round(moment.timestamp())
