"""When Telegram refuses: who is told, and what they can do."""

from sqlmodel import Session, select

from core.kit.rows import id_of
from core.memberships.admission import decide
from core.memberships.declined import no_way_in, notify_declined, notify_stranger, rights_lost, ways_in
from core.memberships.member_actions import start_trial
from schemas.jobs import Notify
from schemas.sales import Order
from tests.support import make, make_members

NOW = make.NOW


def test_rights_that_telegram_misses_are_written_down(session: Session) -> None:
    room = make_members.channel(session)
    rights_lost(session, id_of(room), ("ban_users",), now=NOW)
    assert (room.state, room.missing) == ("rights_missing", ["ban_users"])


def test_without_a_channel_the_payment_stands_and_support_is_asked(session: Session) -> None:
    membership = make_members.member(session)
    for _ in range(2):
        no_way_in(session, membership, None, now=NOW)
    order = session.exec(select(Order)).one()
    assert (order.status, order.needs_support_at) == ("paid", NOW)
    person = make_members.person_of(session, membership)
    assert make.sent_texts(session, person) == ["member-channel-gone"]


def test_who_is_not_let_in_reads_why_once_a_day_with_the_plans_on_sale(session: Session) -> None:
    shop, person = make.seller(session), make.user(session)
    room, empty = make_members.channel(session, shop), make_members.channel(session, shop)
    item = make_members.plan(session, room)
    decision = decide(session, room, person.telegram_id, now=NOW)
    for day in (0, 0, 1):
        notify_declined(session, person.telegram_id, decision, now=NOW + day * make_members.DAY)
    assert make.sent_texts(session, person) == ["join-declined"] * 2
    (notification, _) = make.queued(session, Notify)[-2:]
    assert notification.buttons == [["button-see-plan", f"plan:{item.id}"]]
    assert ways_in(decide(session, empty, person.telegram_id, now=NOW)) == []


def test_a_former_member_is_shown_the_membership(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    decision = decide(session, room, person.telegram_id, now=NOW + 40 * make_members.DAY)
    assert ways_in(decision) == [["button-membership", f"member:{membership.id}"]]


def test_a_removed_stranger_is_told_only_where_we_know_them(session: Session) -> None:
    room, person = make_members.channel(session), make.user(session)
    for telegram_id in (5, person.telegram_id, person.telegram_id):
        notify_stranger(session, id_of(room), telegram_id, now=NOW)
    assert [text for text in make.sent_texts(session) if text == "stranger-removed"] == ["stranger-removed"]


def test_a_member_is_no_stranger(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    notify_stranger(session, id_of(room), person.telegram_id, now=NOW)
    assert "stranger-removed" not in make.sent_texts(session)


def test_a_trial_has_no_payment_to_stand_and_its_member_is_told_all_the_same(session: Session) -> None:
    person = make.user(session)
    membership = start_trial(session, person, id_of(make_members.plan(session, trial_days=7)), now=NOW)
    no_way_in(session, membership, None, now=NOW)
    assert make.sent_texts(session, person)[-1] == "member-channel-gone"


def test_who_is_let_in_or_unknown_is_told_of_no_refusal(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    for telegram_id in (person.telegram_id, 404):
        notify_declined(session, telegram_id, decide(session, room, telegram_id, now=NOW), now=NOW)
    assert "join-declined" not in make.sent_texts(session)


def test_who_was_put_out_is_told_so_and_shown_the_membership(session: Session) -> None:
    membership = make_members.member(session)
    room, person = make_members.channel_of(session, membership), make_members.person_of(session, membership)
    make_members.put_out(session, membership)
    notify_stranger(session, id_of(room), person.telegram_id, now=NOW)
    (notification,) = [job for job in make.queued(session, Notify) if job.text == "join-declined"]
    assert notification.params["reason"] == "barred"
