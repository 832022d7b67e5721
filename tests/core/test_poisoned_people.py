"""One bad row of a person, a subscription or an upload keeps nothing from the others.

Where all staff are told of something, a member of staff whose row cannot be read is one of many.
"""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.memberships import subscriptions
from core.monitoring.alerts import Machine, watch
from core.monitoring.memory import HostMemory
from core.notifications.notify import notify_staff
from core.notifications.recipients import admin_ids
from core.people.staff_news import refresh_menus
from core.people.support import answerers, ask
from schemas.jobs import SetMenu
from schemas.member_jobs import SetStarRenewal
from schemas.star_subscription import StarSubscription
from schemas.uploads import Upload
from tests.core.memberships.subscriber import Subscriber
from tests.core.test_poisoned_rows import alarms, named, poison
from tests.core.uploads.test_listing_goods import FEE, fee_order
from tests.support import make
from tests.support.uploader import uploader_of

NOW = make.NOW
DAY = timedelta(days=1)
BAD = ["created_at = 'infinity'", "created_at = '-infinity'", "roles = roles || ARRAY['of_a_newer_release']"]


def two_staff(session: Session, change: str) -> tuple[int, int]:
    """Two admins, of whom the first has a row that cannot be read."""
    bad, good = (id_of(make.user(session, roles=("admin",))) for _ in range(2))
    poison(session, "person", change, "id = :id", id=bad)
    return bad, good


@pytest.mark.parametrize("change", BAD)
def test_all_staff_are_told_whatever_one_of_their_rows_says(session: Session, change: str) -> None:
    staff = two_staff(session, change)
    notify_staff(session, "staff-web-guessed", {}, once="day")
    refresh_menus(session)
    assert {job.user_id for job in make.queued(session, SetMenu)} == set(staff)
    tight = Machine(HostMemory(total=1000, available=50))
    watch(session, tight, answer_within=DAY, now=NOW)
    assert alarms(session) == ["alert-memory"] * 2
    assert admin_ids(session) == list(staff)


@pytest.mark.parametrize("change", BAD)
def test_a_question_reaches_those_who_can_be_read(session: Session, change: str) -> None:
    _, good = two_staff(session, change)
    kept = ask(session, make.user(session), "Where is it?", about="support", order_id=None, key="k", now=NOW)
    assert kept.reachable
    session.expunge_all()
    readers = answerers(session, now=NOW)
    assert good in [person.id for person in readers]
    assert len(readers) + len(named(session)) == 2


def test_the_renewals_of_a_closed_shop_end_but_for_a_bad_one(session: Session) -> None:
    one = Subscriber(session)
    shop, bad = make.seller_of(session, one.item), one.subscription.id
    another = one.subscription.model_dump(exclude={"id"})
    session.add(StarSubscription(**another | {"order_id": make.order(session).id}))
    shop.status = "suspended"
    session.flush()
    (good,) = session.exec(select(StarSubscription.id).where(StarSubscription.id != bad)).all()
    poison(session, "star_subscription", "until = 'infinity'", "id = :id", id=bad)
    assert subscriptions.stop_renewals_of(session, id_of(shop), now=NOW) == 1
    assert [job.subscription_id for job in make.queued(session, SetStarRenewal)] == [good]
    assert named(session) == [("renewals", str(bad))]


def test_a_paid_fee_opens_its_uploads_but_for_a_bad_one(session: Session) -> None:
    uploader = uploader_of(session)
    uploader.charge(FEE, "after_payment")
    bad, good = uploader.open("a.pdf").id, uploader.open("b.pdf").id
    order = fee_order(uploader)
    poison(session, "upload", "created_at = 'infinity'", "id = :id", id=bad)
    make.pay(session, session.get_one(type(order), order.id))
    assert session.get_one(Upload, good).state == "open"
    assert named(session) == [("paid uploads", str(bad))]
