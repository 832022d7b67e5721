"""What people are told is kept once, and goes out by the ways that they want."""

import pytest
from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.memberships.channels import check_rights
from core.memberships.declined import no_way_in
from core.notifications.addresses import confirm, give_address, question, stop
from core.notifications.choices import choose
from core.notifications.notify import notify
from core.notifications.recipients import mark_blocked
from core.payments.order_claims import issue_claim, redeem
from schemas.notification_jobs import MailNotification
from schemas.notifications import Notification
from schemas.people import Seller, User
from schemas.sales import Order
from tests.support import make, make_members

SOON: dict[str, str | int] = {"title": "Couture", "days": 3, "ends": 1_800_000_000}


def reachable(session: Session, person: User) -> str:
    """Give the person a confirmed address; the token by which they stop it."""
    row = give_address(session, id_of(person), f"p{person.id}@example.org", now=make.NOW)
    mail = question(session, id_of(row), row.issue, make.SECRET, now=make.NOW)
    assert mail is not None
    confirm(session, mail.confirm_token, now=make.NOW)
    return mail.stop_token


def stored(session: Session, person: User) -> list[tuple[str, str]]:
    """Kind and text of what a person was told, oldest first."""
    rows = select(Notification).where(Notification.user_id == person.id).order_by(col(Notification.id))
    return [(row.kind, row.text) for row in session.exec(rows)]


def test_a_repeated_occasion_is_kept_sent_and_mailed_once(session: Session) -> None:
    person = make.user(session)
    reachable(session, person)
    for occasion in ("1:3", "1:3", "1:1"):
        notify(session, id_of(person), "member-warned", SOON, once=occasion)
    assert stored(session, person) == [("access_expiring", "member-warned")] * 2
    assert make.sent_texts(session, person) == ["member-warned"] * 2
    assert len(make.queued(session, MailNotification)) == 2


def test_each_person_has_occasions_of_their_own(session: Session) -> None:
    people = [make.user(session), make.user(session)]
    for person in people:
        notify(session, id_of(person), "member-warned", SOON, once="1:3")
    assert [stored(session, person) for person in people] == [[("access_expiring", "member-warned")]] * 2


def test_without_a_confirmed_address_nothing_is_mailed(session: Session) -> None:
    person = make.user(session)
    give_address(session, id_of(person), "awa@example.org", now=make.NOW)
    notify(session, id_of(person), "member-expired", {"title": "Couture"}, once="1")
    assert make.queued(session, MailNotification) == []
    assert make.sent_texts(session, person) == ["member-expired"]


def test_nothing_is_mailed_after_the_person_has_said_stop(session: Session) -> None:
    person = make.user(session)
    token = reachable(session, person)
    assert stop(session, token, now=make.NOW).stopped_at == make.NOW
    assert stop(session, token, now=make.NOW + make_members.DAY).stopped_at == make.NOW
    notify(session, id_of(person), "member-expired", {"title": "Couture"}, once="1")
    assert make.queued(session, MailNotification) == []


@pytest.mark.parametrize("way", ["telegram", "email"])
def test_a_way_that_is_not_wanted_is_not_taken_and_the_app_has_it_all_the_same(
    session: Session, way: str
) -> None:
    person = make.user(session)
    reachable(session, person)
    choose(session, id_of(person), "access_expired", way, False)
    notify(session, id_of(person), "member-expired", {"title": "Couture"}, once="1")
    assert stored(session, person) == [("access_expired", "member-expired")]
    assert bool(make.sent_texts(session, person)) == (way == "email")
    assert bool(make.queued(session, MailNotification)) == (way == "telegram")


def test_a_quiet_kind_is_mailed_once_somebody_wants_it(session: Session) -> None:
    person = make.user(session)
    reachable(session, person)
    for wanted in (False, True):
        choose(session, id_of(person), "access_granted", "email", wanted)
        notify(session, id_of(person), "member-joined", {**SOON, "channel": "C"}, once=str(wanted))
    assert len(make.queued(session, MailNotification)) == 1


def test_a_text_without_a_kind_is_a_message_and_nothing_more(session: Session) -> None:
    person = make.user(session)
    notify(session, id_of(person), "payout-made", {"amount": "5 ⭐", "rail": "stars", "reference": "R1"})
    assert stored(session, person) == []
    assert make.sent_texts(session, person) == ["payout-made"]


def test_a_payment_in_the_bot_is_verified_once_and_said_by_the_delivery_in_telegram(session: Session) -> None:
    order = make.paid_order(session)
    buyer = session.get_one(User, order.buyer_id)
    assert stored(session, buyer) == [("payment_verified", "payment-verified")]
    assert make.sent_texts(session, buyer) == []


def test_a_web_order_is_verified_for_whoever_claims_it(session: Session) -> None:
    order, buyer = make.paid_order(session, rail="manual"), make.user(session)
    token = issue_claim(session, order, life=make.DAY, now=make.NOW)
    for _ in range(2):
        redeem(session, token, buyer, make.NOW)
    assert stored(session, buyer) == [("payment_verified", "payment-verified")]


def test_a_membership_tells_its_story(session: Session) -> None:
    member = make_members.member(session)
    person = make_members.person_of(session, member)
    make_members.joins(session, make_members.channel_of(session, member), person)
    assert [kind for kind, _ in stored(session, person)] == ["payment_verified", "access_granted"]


def test_a_channel_that_is_gone_is_told_by_mail_and_breaks_neither_payment_nor_order(
    session: Session,
) -> None:
    """D41, as the job `admit` finds it out."""
    member = make_members.member(session)
    person = make_members.person_of(session, member)
    reachable(session, person)
    no_way_in(session, member, None, now=make.NOW)
    assert stored(session, person)[-1] == ("channel_unreachable", "member-channel-gone")
    (mail,) = make.queued(session, MailNotification)
    assert session.get_one(Notification, mail.notification_id).kind == "channel_unreachable"
    order = session.exec(select(Order).where(Order.buyer_id == person.id)).one()
    assert (order.status, order.needs_support_at) == ("paid", make.NOW)


def test_who_has_blocked_the_bot_is_still_told_by_mail(session: Session) -> None:
    person = make.user(session)
    reachable(session, person)
    mark_blocked(session, id_of(person), make.NOW)
    notify(session, id_of(person), "member-expired", {"title": "Couture"}, once="1")
    assert len(make.queued(session, MailNotification)) == 1


def test_lost_rights_reach_the_seller_by_mail(session: Session) -> None:
    channel = make_members.channel(session)
    owner = make.owner_of(session, session.get_one(Seller, channel.seller_id))
    reachable(session, owner)
    check_rights(session, id_of(channel), frozenset(), now=make.NOW)
    assert stored(session, owner) == [("channel_alarm", "channel-rights-lost")]
    assert len(make.queued(session, MailNotification)) == 1
