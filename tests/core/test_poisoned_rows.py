"""In every loop over rows, one that no code of ours wrote stops none of the others.

The poison is a date that PostgreSQL keeps and Python has no value for, or a word that nobody knows: the
first breaks whoever reads the row, the second whoever acts on it.
"""

from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from core.jobs.admin.schedules_view import schedule_lines
from core.jobs.schedules import Periodic, seed, tick
from core.kit.rows import id_of
from core.memberships import checks, expiry
from core.memberships.imports import add_next, begin_import, reading_of
from core.monitoring import alerts
from core.monitoring.alerts import Machine, watch
from core.monitoring.memory import HostMemory
from core.orders import delivery
from core.orders.expiry import expire
from core.payments.rails.stars.account import apply_transactions
from core.ports import StarsTransaction
from core.uploads import sweep
from schemas import member_jobs
from schemas.jobs import Deliver, ReclaimUpload
from schemas.member_imports import MemberImport
from schemas.membership import Membership
from schemas.operations import Alert, BadRow
from schemas.queue import Job
from schemas.sales import Order
from tests.support import make, make_members
from tests.support.make_members import DAY
from tests.support.uploader import uploader_of

NOW = make.NOW
ROOM = Machine(HostMemory(total=1000, available=500))


def poison(session: Session, table: str, change: str, where: str, **values: Any) -> None:
    """Write what no code of ours writes; each loop reads in a session that holds no rows yet."""
    session.flush()
    session.execute(text(f"UPDATE {table} SET {change} WHERE {where}"), values)
    session.expunge_all()


def alarms(session: Session) -> list[str]:
    """What admins were told, once for each of them."""
    return [name for name in make.sent_texts(session) if name.startswith("alert-")]


def named(session: Session) -> list[tuple[str, str]]:
    return [(row.loop, row.name) for row in session.exec(select(BadRow))]


@pytest.mark.parametrize(
    "change",
    [
        "cron = '0 0 30 2 *'",  # no year has this day
        "cron = 'whenever'",
        "cron = ''",
        "time_zone = 'Europe/Atlantis'",
        "time_zone = ''",
        "actor = 'of_a_newer_release'",
        "actor = 'deliver'",  # one that wants arguments
        "last_slot = NULL",
        "last_slot = 'infinity'",
        "last_slot = '-infinity'",
        "since = 'infinity'",
        "catch_up = 'sometimes', cron = 'a b c d e'",
    ],
)
def test_a_schedule_that_makes_no_sense_stops_no_other(session: Session, change: str) -> None:
    known = [Periodic(name, "* * * * *") for name in ("expire_orders", "sweep_uploads", "watch_shop")]
    seed(session, known, NOW)
    poison(session, "schedule", change, "name = 'sweep_uploads'")
    for minute in range(1, 4):
        assert tick(session, NOW + timedelta(minutes=minute)) == 2
        session.expunge_all()  # each second has a session of its own
    assert named(session) == [("schedules", "sweep_uploads")]
    assert {line.name for line in schedule_lines(session, now=NOW)} >= {"expire_orders", "watch_shop"}


def test_the_watch_is_asked_for_at_once_and_tells_admins_once(session: Session) -> None:
    make.user(session, roles=("admin",))
    seed(session, [Periodic("watch_shop", "* * * * *"), Periodic("expire_orders", "* * * * *")], NOW)
    poison(session, "schedule", "cron = '0 0 31 6 *'", "name = 'watch_shop'")
    for minute in range(1, 4):
        tick(session, NOW + timedelta(minutes=minute))
        session.expunge_all()
    assert len(session.exec(select(Job).where(Job.actor == "watch_shop")).all()) == 1
    for minute in range(4, 7):
        watch(session, ROOM, answer_within=DAY, now=NOW + timedelta(minutes=minute))
    assert alarms(session) == ["alert-rows"]
    alert = session.exec(select(Alert)).one()
    assert (alert.kind, alert.subject, alert.number) == ("rows", "schedules", 1)
    poison(session, "schedule", "cron = '* * * * *'", "name = 'watch_shop'")
    tick(session, NOW + timedelta(minutes=7))
    watch(session, ROOM, answer_within=DAY, now=NOW + timedelta(minutes=15))
    assert alarms(session) == ["alert-rows", "alert-over"]


def test_orders_whose_time_is_over_are_closed_but_for_a_bad_one(session: Session) -> None:
    bad, good = (id_of(make.order(session)) for _ in range(2))
    poison(session, "purchase", "paid_at = 'infinity'", "id = :id", id=bad)
    assert expire(session, now=NOW + DAY) == 1
    assert session.get_one(Order, good).status == "expired"
    assert named(session) == [("expired orders", str(bad))]


def test_orders_are_sent_again_but_for_a_bad_one(session: Session) -> None:
    bad, good = (id_of(make.paid_order(session)) for _ in range(2))
    session.execute(text("UPDATE job SET state = 'dead' WHERE actor = 'deliver'"))
    poison(session, "purchase", "expires_at = 'infinity'", "id = :id", id=bad)
    swept = delivery.sweep(session, now=NOW + DAY)
    assert (swept.resent, swept.given_up) == ([good], [])
    assert make.queued(session, Deliver)[-1].order_id == good
    assert named(session) == [("undelivered orders", str(bad))]


def test_missed_warnings_are_asked_for_but_for_a_bad_member(session: Session) -> None:
    bad, good = (id_of(make_members.member(session)) for _ in range(2))
    session.execute(text("DELETE FROM job WHERE actor = 'warn_member'"))
    poison(session, "membership", "started_at = 'infinity'", "id = :id", id=bad)
    assert expiry.sweep_warnings(session, now=NOW + 27 * DAY + timedelta(minutes=1)) == 1
    assert [job.membership_id for job in make.queued(session, member_jobs.WarnMember)] == [good]
    assert named(session) == [("warnings", str(bad))]


def test_members_are_brought_in_but_for_a_bad_one(session: Session) -> None:
    shop = make.seller(session)
    item, owner = make_members.plan(session, shop=shop), make.owner_of(session, shop)
    people = [make.user(session) for _ in range(3)]
    empty = Membership(user_id=id_of(people[1]), plan_id=id_of(item), created_at=NOW)
    session.add(empty)
    poison(session, "membership", "created_at = 'infinity'", "user_id = :id", id=people[1].id)
    lines = "\n".join(["telegram_id,days", *(f"{person.telegram_id},30" for person in people)])
    begin_import(session, id_of(item), lines, actor_user=owner, now=NOW, idempotency_key="file")
    number = id_of(session.exec(select(MemberImport)).one())
    assert add_next(session, number, reading_of(session, number).lines)
    sent = session.get_one(MemberImport, number)
    assert (sent.done, sent.added, sent.skipped) == (3, 2, 1)
    assert named(session) == [(f"import {number}", str(people[1].telegram_id))]


def test_the_stars_account_is_read_on_behind_a_bad_line(session: Session) -> None:
    buyers = [make.user(session) for _ in range(2)]
    telegram_ids = [buyer.telegram_id for buyer in buyers]
    bad, good = (id_of(make.order(session, None, buyer)) for buyer in buyers)
    poison(session, "purchase", "delivered_at = 'infinity'", "id = :id", id=bad)
    lines = [
        StarsTransaction(
            id=f"charge-{order_id}",
            stars=500,
            at=NOW,
            telegram_id=telegram_id,
            payload=f"order:{order_id}",
            refunded=False,
            subscription_period=None,
        )
        for order_id, telegram_id in zip((bad, good), telegram_ids, strict=True)
    ]
    assert apply_transactions(session, lines, now=NOW) == 1
    assert session.get_one(Order, good).status == "paid"
    assert [name for _, name in named(session)] == [f"charge-{bad}"]


def refuse(monkeypatch: pytest.MonkeyPatch, module: ModuleType, number: object) -> None:
    """A row for which no job can be made."""
    whole = module.enqueue

    def enqueue(session: Session, job: object, **when: Any) -> Any:
        if f"_id={number!r}" in repr(job):
            raise ValueError("this row makes no sense")
        return whole(session, job, **when)

    monkeypatch.setattr(module, "enqueue", enqueue)


def test_overdue_memberships_are_found_but_for_a_bad_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, _ = (make_members.member(session) for _ in range(2))
    refuse(monkeypatch, expiry, bad.id)
    assert expiry.sweep(session, now=NOW + 31 * DAY) == 1
    assert [loop for loop, _ in named(session)] == ["overdue memberships"]


def test_rounds_of_channels_begin_but_for_a_bad_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, _ = (make_members.channel(session) for _ in range(2))
    refuse(monkeypatch, checks, bad.id)
    assert checks.begin_rounds(session, now=NOW) == 1
    assert named(session) == [("channels", str(bad.id))]


def test_uploads_are_reclaimed_but_for_a_bad_one(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    uploader = uploader_of(session)
    bad, good = (uploader.open(name) for name in ("a.pdf", "b.pdf"))
    refuse(monkeypatch, sweep, bad.id)
    sweep.sweep(uploader.session, now=NOW + 8 * DAY)
    assert [job.upload_id for job in make.queued(uploader.session, ReclaimUpload)] == [good.id]
    assert named(uploader.session) == [("uploads", str(bad.id))]


def test_an_alert_that_cannot_be_read_hides_no_other(session: Session) -> None:
    make.user(session, roles=("admin",))
    tight = Machine(HostMemory(total=1000, available=50))
    session.add(Alert(kind="late", subject="bulk", number=1, began_at=NOW, seen_at=NOW))
    poison(session, "alert", "seen_at = 'infinity'", "kind = 'late'")
    for _ in range(2):
        watch(session, tight, answer_within=DAY, now=NOW)
    assert "alert-memory" in alarms(session)
    assert [loop for loop, _ in named(session)] == ["open alerts"]


def test_a_look_that_fails_hides_nothing_of_the_others(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        session.execute(text("SELECT 1 / 0"))

    monkeypatch.setattr(alerts, "invariants", broken)
    tight = Machine(HostMemory(total=1000, available=50))
    found = alerts.troubles(session, tight, answer_within=DAY, now=NOW)
    assert {trouble.kind for trouble in found} == {"memory", "rows"}
