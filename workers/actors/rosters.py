"""Jobs that compare our records with Telegram: members of channels, the bot's rights, the Stars account."""

from datetime import timedelta

from core.jobs.ledger import enqueue
from core.kit.bad_rows import AWAY
from core.kit.errors import ChannelGone, RetryAfter, RightsMissing
from core.kit.rows import must_get
from core.memberships import checks, subscriptions
from core.memberships.channels import check_rights
from core.payments.rails.port import rail_of
from core.payments.rails.stars.payments import RAIL
from schemas import member_jobs as jobs
from schemas.membership import Channel, Membership
from schemas.people import User
from schemas.star_subscription import StarSubscription
from workers.registry import actor
from workers.run import Cancelled, Run


@actor(jobs.CheckRosters)
def check_rosters(run: Run, job: jobs.CheckRosters) -> None:
    """Begin a comparison of every channel's members."""
    with run.effect() as session:
        checks.begin_rounds(session, now=run.now())


@actor(jobs.CheckRoster)
def check_roster(run: Run, job: jobs.CheckRoster) -> None:
    """Compare the bot's rights and some of a channel's members; the rest follows by the next job."""
    with run.services.database.transaction() as session:
        channel = must_get(session, Channel, job.channel_id, "channel-unknown")
        people = checks.to_check(session, job.channel_id, job.begun)
    if channel.state == "gone":
        return
    try:
        _look(run, job, channel, people)
    except ChannelGone:
        with run.effect() as session:
            check_rights(session, job.channel_id, None, now=run.now())
        return
    with run.effect() as session:
        if not people:
            checks.end_round(session, job.channel_id, now=run.now())
            return
        later = run.now() + timedelta(seconds=checks.PACE)
        enqueue(session, job.once(run.job_id), due_at=later)


@actor(jobs.ReconcileStars)
def reconcile_stars(run: Run, job: jobs.ReconcileStars) -> None:
    """Read the bot's Stars account and apply the payments of which no update came."""
    rail_of(RAIL).reconcile(run.services.database, run.services, now=run.now())


@actor(jobs.SetStarRenewal)
def set_star_renewal(run: Run, job: jobs.SetStarRenewal) -> None:
    """Have Telegram end or resume a subscription; the membership follows its answer."""
    with run.services.database.transaction() as session:
        subscription = must_get(session, StarSubscription, job.subscription_id, "subscription-unknown")
        membership = must_get(session, Membership, subscription.membership_id, "membership-unknown")
        user = must_get(session, User, membership.user_id, "person-unknown")
    if subscription.wanted == subscription.renews:
        return
    if subscription.wanted:
        run.services.channels.restore_star_subscription(user.telegram_id, subscription.charge_id)
        with run.effect() as session:
            subscriptions.notify_restorable(session, job.subscription_id)
    else:
        run.services.channels.cancel_star_subscription(user.telegram_id, subscription.charge_id)
        with run.effect() as session:
            subscription = must_get(
                session, StarSubscription, subscription.id, "subscription-unknown", lock=True
            )
            subscriptions.renewal_changed(session, subscription, False, now=run.now(), actor="system")


def _look(run: Run, job: jobs.CheckRoster, channel: Channel, people: list[int]) -> None:
    rights = run.services.channels.own_rights(channel.telegram_id)
    with run.services.database.transaction() as session:
        check_rights(session, job.channel_id, rights, now=run.now())
    for telegram_id in people:
        run.stop_if_cancelled()
        try:
            member = run.services.channels.member_status(channel.telegram_id, telegram_id)
            with run.services.database.transaction() as session:
                checks.checked(session, job.channel_id, telegram_id, member, now=run.now())
        except (RetryAfter, ChannelGone, RightsMissing, Cancelled, OSError, *AWAY):
            raise  # of the channel, the connection or this job, not of the person
        except Exception as error:  # noqa: BLE001 - one person must not end the round of all others
            with run.services.database.transaction() as session:
                checks.cannot_check(session, job.channel_id, telegram_id, error, now=run.now())
