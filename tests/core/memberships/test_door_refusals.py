"""Who is told what of a refusal at the door, and how often."""

from datetime import timedelta

from sqlmodel import Session

from core.memberships.admission import ask_in, waiting_request
from core.memberships.door_refusals import REFUSALS, UNKNOWN, refused, say_why
from core.memberships.events import JoinRequested, Visitor
from tests.support import make, make_members
from tests.support.make_members import asks

NOW = make.NOW


def test_a_refusal_is_told_once_a_day_and_ends_the_request(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    for day in range(2):
        now = NOW + timedelta(days=day)
        for _ in range(2):
            decision = ask_in(session, asks(room, person, at=now), now=now)
            assert refused(session, person.telegram_id, decision, "USER_KICKED", now=now).seller
    assert make.sent_texts(session, person) == ["join-failed"] * 2
    assert room.id is not None
    assert waiting_request(session, room.id, person.telegram_id, now=NOW) is None


def test_what_nobody_knows_is_laid_before_staff(session: Session) -> None:
    staff = make.user(session, roles=("support",))
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    decision = ask_in(session, asks(room, person), now=NOW)
    assert refused(session, person.telegram_id, decision, "SOMETHING_NEW", now=NOW) == UNKNOWN
    assert make.sent_texts(session, staff) == ["staff-door-shut"]


def test_somebody_whom_we_never_met_cannot_be_told(session: Session) -> None:
    room = make_members.channel(session)
    unmet = JoinRequested(room.telegram_id, Visitor(5), "", NOW)
    say_why(session, ask_in(session, unmet, now=NOW), "waiting", now=NOW)
    assert "join-failed" not in make.sent_texts(session)
    assert {refusal.why for refusal in REFUSALS.values()} >= {"too_many", "banned", "full"}
