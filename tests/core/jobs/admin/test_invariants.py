"""What must never last in a healthy shop, each promise broken once."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.jobs.admin.invariants import invariants
from core.kit.rows import id_of
from core.memberships.expiry import strike
from core.uploads.opening import Fingerprint, UploadRules, Wish, open_upload
from core.uploads.parts import complete
from schemas.access import Grant
from schemas.membership import Enforcement, Membership
from tests.core.jobs.admin.rows import MINUTE
from tests.support import make, make_members
from tests.support.make import NOW

DAY = timedelta(days=1)
LONG_OVER = 60 * DAY  # a plan of 30 days, with the grace of any rail


def broken(session: Session, *, later: timedelta) -> dict[str, int]:
    return {item.name: item.count for item in invariants(session, now=NOW + later) if not item.holds}


def test_a_healthy_shop_keeps_every_promise(session: Session) -> None:
    make.paid_order(session, now=NOW)
    assert broken(session, later=4 * MINUTE) == {}


def test_what_is_paid_and_undelivered_after_five_minutes_is_told(session: Session) -> None:
    make.paid_order(session, now=NOW)
    assert broken(session, later=6 * MINUTE) == {"paid_undelivered": 1}


def test_a_grant_whose_payment_is_missing_is_told(session: Session) -> None:
    order = make.order(session)
    assert order.buyer_id is not None
    session.add(Grant(order_id=id_of(order), buyer_id=order.buyer_id, product_id=order.product_id))
    session.flush()
    assert broken(session, later=MINUTE) == {"grant_without_payment": 1}


def test_an_upload_that_waits_for_its_verdict_is_told_after_an_hour(session: Session) -> None:
    owner = make.user(session)
    item = make.product(session, make.seller(session, owner), files=(), published=False)
    mark = Fingerprint(1000, 1, ["0" * 64] * 3)
    wish = Wish(id_of(item), "cours.pdf", 1000, "application/pdf", mark)
    upload = open_upload(session, owner, wish, UploadRules(2**30, 7, "on_confirm", {}), now=NOW)[0]
    upload.store_upload_id = "begun"
    complete(session, upload.id, ["etag"], now=NOW)
    assert broken(session, later=59 * MINUTE) == {}
    assert broken(session, later=61 * MINUTE) == {"upload_unverified": 1}


def member_inside(session: Session) -> Membership:
    """Somebody who paid for 30 days and came in at once."""
    made = make_members.member(session)
    make_members.joins(session, make_members.channel_of(session, made), make_members.person_of(session, made))
    return made


def membership_promises(session: Session, *, later: timedelta) -> dict[str, int]:
    found = broken(session, later=later)
    return {name: found[name] for name in ("expired_inside", "member_without_grant") if name in found}


def test_who_is_in_by_a_grant_breaks_no_promise(session: Session) -> None:
    member_inside(session)
    assert membership_promises(session, later=29 * DAY) == {}


def test_an_end_that_nobody_noticed_is_told(session: Session) -> None:
    member_inside(session)
    assert membership_promises(session, later=LONG_OVER) == {"expired_inside": 1}


def test_who_was_not_put_out_after_the_end_is_told_until_they_are_out(session: Session) -> None:
    made = member_inside(session)
    for later in (LONG_OVER, LONG_OVER + DAY):  # the end of what was paid, then of the grace
        strike(session, id_of(made), made.turn, now=NOW + later)
        session.refresh(made)
    assert made.state == "expired"
    assert membership_promises(session, later=LONG_OVER + MINUTE) == {}
    assert membership_promises(session, later=LONG_OVER + 2 * DAY) == {"expired_inside": 1}
    room, person = make_members.channel_of(session, made), make_members.person_of(session, made)
    make_members.leaves(session, room, person, at=NOW + LONG_OVER)
    assert membership_promises(session, later=LONG_OVER + 2 * DAY) == {}


def test_another_plan_that_opens_the_same_channel_keeps_a_person_in(session: Session) -> None:
    first = member_inside(session)
    room, person = make_members.channel_of(session, first), make_members.person_of(session, first)
    other = make_members.plan(session, room, count=365)
    make_members.member(session, other, person)
    assert membership_promises(session, later=LONG_OVER) == {}


@pytest.mark.parametrize(("enforcement", "told"), [("act", {"member_without_grant": 1}), ("list", {})])
def test_a_stranger_breaks_a_promise_where_the_seller_wants_them_out(
    session: Session, enforcement: Enforcement, told: dict[str, int]
) -> None:
    room = make_members.channel(session, enforcement=enforcement)
    make_members.joins(session, room, make.user(session))
    assert broken(session, later=MINUTE) == {}
    assert broken(session, later=3 * MINUTE) == told


def test_a_seller_is_in_their_own_channel_without_a_grant(session: Session) -> None:
    shop = make.seller(session)
    room = make_members.channel(session, shop, enforcement="act")
    make_members.joins(session, room, make.owner_of(session, shop))
    assert broken(session, later=3 * MINUTE) == {}
