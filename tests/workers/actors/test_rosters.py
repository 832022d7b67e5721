"""What we know compared with what Telegram knows: rosters, rights, the Stars account."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, select

from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import checks, member_actions
from core.memberships.channels import set_enforcement
from core.memberships.periods import DAY
from core.payments.rails.stars.payments import invoice_payload
from schemas import member_jobs as jobs
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.membership import Channel, ChannelEvent, Membership
from schemas.operations import BadRow
from schemas.sales import Order
from schemas.star_subscription import StarSubscription
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make
from tests.support.channel import ChannelFixture, user_of
from tests.support.telegram_clients import MONTH
from tests.support.worker import Worker


@pytest.fixture
def channel(sandbox: Sandbox, worker: Worker) -> ChannelFixture:
    return ChannelFixture.write(worker, sandbox)


def goes_round(worker: Worker, channel: ChannelFixture, started: int) -> None:
    """A round through the channel, to its end."""
    checked = worker.do(jobs.CheckRoster(channel_id=channel.channel_id, begun=started))
    assert checked.state == "done"
    assert worker.repeat(channel.newest(jobs.CheckRoster).id).state == "done"
    worker.do_all("remove_stranger", "admit", "notify")


def differences(channel: ChannelFixture) -> list[tuple[str, int | None]]:
    """What is shown to the seller and not in order yet."""
    statement = select(ChannelEvent.kind, ChannelEvent.telegram_id).where(
        col(ChannelEvent.telegram_id).is_not(None), col(ChannelEvent.resolved_at).is_(None)
    )
    return sorted(channel.do(lambda session: list(session.exec(statement))))


def test_a_round_lists_what_differs_and_mends_it_where_the_seller_wants(
    worker: Worker, sandbox: Sandbox, channel: ChannelFixture, ann: Person
) -> None:
    bea, eve = channel.reader("Bea"), channel.reader("Eve")
    for member in (ann, bea):
        channel.sells_to(member)
    channel.room.adds(bea)  # no update tells of it
    channel.enters(eve)
    started = int(utc_now().timestamp())

    goes_round(worker, channel, started)
    assert differences(channel) == [("missing", ann.id), ("without_grant", eve.id)]
    assert set(channel.room.members) == {bea.id, eve.id}

    with worker.database.transaction() as session:
        set_enforcement(session, channel.channel_id, "act", actor_user=user_of(session, channel.owner))
    for later in (60, 120):
        goes_round(worker, channel, started + later)

    assert channel.room.members == [bea.id]
    assert differences(channel) == [("missing", ann.id)]
    assert channel.removals(eve) == ["banned", "left"]
    assert channel.sandbox.reached("Here is your way in") == {ann.id: 1}
    assert worker.row(Channel, channel.channel_id).checked_at is not None


def test_rounds_find_rights_and_channels_that_are_lost(worker: Worker, channel: ChannelFixture) -> None:
    worker.do(jobs.CheckRosters())
    channel.room.promote(channel.bot, "invite_users")
    (lacking,) = worker.do_all("check_roster")
    worker.do_all("notify")
    assert "❌ Ban users" in channel.owner.wait_for("VIP: the bot lacks rights").text

    channel.room.delete()
    assert worker.repeat(lacking.id).state == "done"

    assert channel.events() == ["connected", "rights_lost", "gone"]


def test_the_stars_account_tells_what_no_update_did(
    sandbox: Sandbox, worker: Worker, ann: Person, cashier: Callable[..., str]
) -> None:
    channel = ChannelFixture.write(worker, sandbox, prices={"stars": [Money(50, "XTR")]}, recurring=True)
    with worker.database.transaction() as session:
        item = session.get_one(Product, channel.plan_id)
        order = make.order(session, item, user_of(session, ann), now=utc_now())
    charge = ann.pays(cashier(MONTH, invoice_payload(order))).charge_id
    assert charge is not None

    for _ in range(2):
        assert worker.do(jobs.ReconcileStars()).state == "done"

    member = channel.do(lambda session: session.exec(select(Membership)).one())
    assert (member.state, worker.row(Order, order.id).status) == ("active", "paid")
    assert member.ends_at is not None
    assert 29 * DAY < member.ends_at - utc_now() < 31 * DAY

    channel.do(lambda s: member_actions.cancel(s, user_of(s, ann), id_of(member), now=utc_now()))
    worker.do_all("set_star_renewal", "notify")

    assert ann.subscriptions[0]["bot_canceled"]
    assert worker.row(Membership, member.id).state == "cancelled"
    assert not channel.do(lambda session: session.exec(select(StarSubscription.renews)).one())


def test_one_person_of_whom_nothing_can_be_made_does_not_end_the_round(
    worker: Worker, channel: ChannelFixture, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bea = channel.reader("Bea")
    for member in (ann, bea):
        channel.sells_to(member)
    whole = checks.checked

    def break_for_ann(session: Session, channel_id: int, telegram_id: int, *rest: Any, **when: Any) -> None:
        if telegram_id == ann.id:
            raise ValueError("a row that makes no sense")
        whole(session, channel_id, telegram_id, *rest, **when)

    monkeypatch.setattr(checks, "checked", break_for_ann)
    goes_round(worker, channel, int(utc_now().timestamp()))
    assert differences(channel) == [("missing", bea.id)]
    bad = channel.do(lambda session: session.exec(select(BadRow)).one())
    assert (bad.loop, bad.name) == ("rosters", f"{channel.channel_id}:{ann.id}")
