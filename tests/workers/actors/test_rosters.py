"""What we know compared with what Telegram knows: rosters, rights, the Stars account."""

from collections.abc import Callable

import pytest
from sqlmodel import col, select

from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships import member_actions
from core.memberships.channels import set_enforcement
from core.memberships.machine import DAY
from core.payments.rails.stars.payments import invoice_payload
from schemas import member_jobs as jobs
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.membership import Channel, ChannelEvent, Membership, StarSubscription
from schemas.sales import Order
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.actors_club import ChannelFixture
from tests.workers.actors.conftest import Worker
from tests.workers.conftest import MONTH


@pytest.fixture
def club(hands: Worker) -> ChannelFixture:
    return ChannelFixture(hands)


def goes_round(club: ChannelFixture, begun: int) -> None:
    """A round through the channel, to its end."""
    checked = club.hands.do(jobs.CheckRoster(channel_id=club.channel_id, begun=begun))
    assert checked.state == "done"
    assert club.again(club.newest(jobs.CheckRoster).id).state == "done"
    club.hands.do_all("remove_stranger", "admit", "notify")


def differences(club: ChannelFixture) -> list[tuple[str, int | None]]:
    """What is shown to the seller and not in order yet."""
    found = select(ChannelEvent.kind, ChannelEvent.telegram_id).where(
        col(ChannelEvent.telegram_id).is_not(None), col(ChannelEvent.resolved_at).is_(None)
    )
    return sorted(club.write(lambda session: list(session.exec(found))))


def test_a_round_lists_what_differs_and_mends_it_where_the_seller_wants(
    club: ChannelFixture, ann: Person
) -> None:
    bea, eve = club.person("Bea"), club.person("Eve")
    for member in (ann, bea):
        club.buys(member)
    club.room.adds(bea)  # no update tells of it
    club.enters(eve)
    begun = int(utc_now().timestamp())

    goes_round(club, begun)
    assert differences(club) == [("missing", ann.id), ("without_grant", eve.id)]
    assert set(club.room.members) == {bea.id, eve.id}

    with club.hands.database.transaction() as session:
        set_enforcement(session, club.channel_id, "act", actor_user=club.user(session, club.owner))
    for later in (60, 120):
        goes_round(club, begun + later)

    assert club.room.members == [bea.id]
    assert differences(club) == [("missing", ann.id)]
    assert club.removals(eve) == ["banned", "left"]
    assert club.sandbox.reached("Here is your way in") == {ann.id: 1}
    assert club.hands.row(Channel, club.channel_id).checked_at is not None


def test_rounds_find_rights_and_channels_that_are_lost(club: ChannelFixture) -> None:
    club.hands.do(jobs.CheckRosters())
    club.room.promote(club.bot, "invite_users")
    (lacking,) = club.hands.do_all("check_roster")
    club.hands.do_all("notify")
    assert "❌ Ban users" in club.owner.wait_for("VIP: the bot lacks rights").text

    club.room.delete()
    assert club.again(lacking.id).state == "done"

    assert club.events() == ["connected", "rights_lost", "gone"]


def test_the_stars_account_tells_what_no_update_did(
    hands: Worker, ann: Person, cashier: Callable[..., str]
) -> None:
    club = ChannelFixture(hands, prices={"stars": Money(50, "XTR")}, recurring=True)
    with hands.database.transaction() as session:
        item = session.get_one(Product, club.plan_id)
        order = make.order(session, item, club.user(session, ann), now=utc_now())
    charge = ann.pays(cashier(MONTH, invoice_payload(order))).charge_id
    assert charge is not None

    for _ in range(2):
        assert hands.do(jobs.ReconcileStars()).state == "done"

    member = club.write(lambda session: session.exec(select(Membership)).one())
    assert (member.state, club.hands.row(Order, order.id).status) == ("active", "paid")
    assert member.ends_at is not None
    assert 29 * DAY < member.ends_at - utc_now() < 31 * DAY

    club.write(lambda s: member_actions.cancel(s, club.user(s, ann), id_of(member), now=utc_now()))
    hands.do_all("set_star_renewal", "notify")

    assert ann.subscriptions[0]["bot_canceled"]
    assert club.hands.row(Membership, member.id).state == "cancelled"
    assert not club.write(lambda session: session.exec(select(StarSubscription.renews)).one())
