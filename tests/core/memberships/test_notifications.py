"""What members and sellers are told of memberships: once for each occasion, with a way on."""

from sqlmodel import Session, select

from core.memberships.notifications import card_button, notify_member, notify_owner, renew_button
from schemas.jobs import Notify
from schemas.notifications import Notification
from tests.support import make, make_members


def test_a_member_reads_the_plans_name_and_gets_to_the_card(session: Session) -> None:
    membership = make_members.member(session, make_members.plan(session, title="Atelier"))
    for occasion in ("a", "a", "b"):
        notify_member(session, membership, "member-expired", occasion=occasion)
    person = make_members.person_of(session, membership)
    assert make.sent_texts(session, person) == ["member-expired"] * 2
    notification = make.queued(session, Notify)[-1]
    assert notification.params == {"title": "Atelier", "subject": f"member_{membership.id}"}
    assert notification.buttons == [card_button(membership)]


def test_two_memberships_have_occasions_of_their_own(session: Session) -> None:
    person = make.user(session)
    for _ in range(2):
        membership = make_members.member(session, make_members.plan(session), person)
        notify_member(session, membership, "member-expired", occasion="a")
    expired = select(Notification).where(Notification.text == "member-expired")
    assert len(session.exec(expired).all()) == 2


def test_a_seller_reads_the_channels_name_and_gets_to_it(session: Session) -> None:
    room = make_members.channel(session, title="Couture privée")
    for _ in range(2):
        notify_owner(session, room, "channel-gone", occasion="a")
    gone = [job for job in make.queued(session, Notify) if job.text == "channel-gone"]
    assert [(job.params, job.buttons) for job in gone] == [
        (
            {"channel": "Couture privée", "subject": f"channel_{room.id}"},
            [["button-channel", f"channel:{room.id}"]],
        )
    ]


def test_after_a_trial_one_subscribes_and_later_one_renews(session: Session) -> None:
    membership = make_members.member(session)
    assert renew_button(membership, trial=True) == ["button-subscribe-now", f"renew:{membership.id}"]
    assert renew_button(membership, trial=False) == ["button-renew", f"renew:{membership.id}"]
