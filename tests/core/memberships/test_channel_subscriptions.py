"""A joiner who pays the channel itself has a membership until Telegram's end."""

from sqlmodel import Session, select

from schemas.membership import Membership, PlanChannel
from tests.support import make, make_members
from tests.support.make_members import DAY

NOW = make.NOW


def test_a_subscription_to_the_channel_itself_is_taken_over_with_telegrams_end(session: Session) -> None:
    room = make_members.channel(session)
    item = make_members.plan(session, room)
    session.get_one(PlanChannel, (item.id, room.id)).subscription_link = "https://t.me/+paid"
    session.flush()
    make_members.joins(session, room, 5, until=NOW + 30 * DAY)
    (membership,) = session.exec(select(Membership)).all()
    assert (membership.state, membership.ends_at) == ("active", NOW + 30 * DAY)
    assert make_members.periods(session, membership)[0].source == "channel"
