"""Notifications in the app: newest first, in pages, read and unread, and the end of old ones."""

from datetime import timedelta

from sqlalchemy import update
from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.notifications.addresses import give_address
from core.notifications.inbox import inbox, mark_read, prune
from core.notifications.notify import notify
from schemas.base import utc_now
from schemas.notifications import MailAddress, Notification
from schemas.people import User
from tests.support import make

DAY = timedelta(days=1)


def told(session: Session, person: User, count: int) -> None:
    for number in range(1, count + 1):
        params: dict[str, str | int] = {"title": f"Plan <{number}>", "days": number, "ends": 1_800_000_000}
        notify(session, id_of(person), "member-warned", params, once=str(number))


def test_the_newest_come_first_in_words_without_markup(session: Session) -> None:
    person = make.user(session)
    told(session, person, 2)
    first = inbox(session, id_of(person), "en", before=None, limit=10).items[0]
    assert (first.kind, first.title) == ("access_expiring", "Your access is about to end")
    assert first.message.startswith("⏳ Plan <2> ends in 2 days, on 15 January 2027")
    assert inbox(session, id_of(person), "fr", before=None, limit=10).items[0].title.startswith("Votre accès")


def test_pages_follow_one_another_without_gap_or_repetition(session: Session) -> None:
    person = make.user(session)
    told(session, person, 5)
    seen, before = [], None
    while True:
        page = inbox(session, id_of(person), "fr", before=before, limit=2)
        seen += [item.id for item in page.items]
        told(session, person, 6)  # what comes meanwhile shifts nothing
        if (before := page.before) is None:
            break
    assert len(seen) == 5
    assert seen == sorted(set(seen), reverse=True)


def test_an_empty_inbox_is_one_empty_page(session: Session) -> None:
    page = inbox(session, id_of(make.user(session)), "fr", before=None, limit=5)
    assert (page.items, page.unread, page.before) == ([], 0, None)


def test_reading_counts_down_and_other_peoples_stay_unread(session: Session) -> None:
    person, other = make.user(session), make.user(session)
    told(session, person, 3)
    told(session, other, 1)
    mine = [item.id for item in inbox(session, id_of(person), "fr", before=None, limit=9).items]
    foreign = inbox(session, id_of(other), "fr", before=None, limit=9).items[0].id
    assert mark_read(session, id_of(person), [mine[0], foreign], now=make.NOW) == 2
    later = make.NOW + DAY
    assert mark_read(session, id_of(person), mine, now=later) == 0
    read = {item.id: item.read_at for item in inbox(session, id_of(person), "fr", before=None, limit=9).items}
    assert (read[mine[0]], read[mine[1]]) == (make.NOW, later)
    assert inbox(session, id_of(other), "fr", before=None, limit=9).unread == 1


def test_what_a_newer_version_cannot_say_any_more_keeps_its_title(session: Session) -> None:
    person = make.user(session)
    told(session, person, 1)
    session.execute(update(Notification).values(text="member-of-long-ago"))
    session.expire_all()
    assert inbox(session, id_of(person), "en", before=None, limit=1).items[0].message == (
        "Your access is about to end"
    )


def test_old_notifications_go_and_so_do_addresses_that_nobody_confirmed(session: Session) -> None:
    person = make.user(session)
    now = utc_now()
    told(session, person, 2)
    oldest = session.exec(select(Notification.id).order_by(col(Notification.id))).first()
    session.execute(
        update(Notification).where(col(Notification.id) == oldest).values(created_at=now - 91 * DAY)
    )
    give_address(session, id_of(person), "awa@example.org", now=now - 8 * DAY)
    recent = give_address(session, id_of(make.user(session)), "fatou@example.org", now=now - 6 * DAY)
    assert prune(session, days=90, now=now) == 2
    assert len(inbox(session, id_of(person), "fr", before=None, limit=9).items) == 1
    assert session.exec(select(MailAddress.id)).all() == [recent.id]
    assert prune(session, days=90, now=now) == 0
