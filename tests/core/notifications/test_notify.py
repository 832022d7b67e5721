from sqlmodel import Session

from core.kit.rows import id_of
from core.notifications.notify import notify, notify_seller, notify_staff
from schemas import jobs
from tests.support import make


def test_a_notice_said_once_is_said_once_to_each_person(session: Session) -> None:
    first, second = make.user(session), make.user(session)
    for person in (first, second, first):
        notify(session, id_of(person), "sale-made", {"number": "CMT-000001"}, once="1")
    notify(session, id_of(first), "sale-made", {}, once="2")
    assert make.sent_texts(session, first) == ["sale-made", "sale-made"]
    assert make.sent_texts(session, second) == ["sale-made"]


def test_a_notice_without_a_key_may_be_repeated(session: Session) -> None:
    person = make.user(session)
    for _ in range(2):
        notify(session, id_of(person), "shop-approved", {})
    assert len(make.sent_texts(session, person)) == 2


def test_a_seller_is_told_as_the_person_he_is(session: Session) -> None:
    shop = make.seller(session)
    notify_seller(
        session, id_of(shop), "sale-made", {"amount": "5 ⭐"}, buttons=[["button-sales", "sales:1"]]
    )
    (notice,) = make.queued(session, jobs.Notify)
    assert (notice.user_id, notice.params) == (shop.user_id, {"amount": "5 ⭐"})
    assert notice.buttons == [["button-sales", "sales:1"]]


def test_staff_are_all_told_and_a_shop_without_staff_still_works(session: Session) -> None:
    notify_staff(session, "staff-needs-support", {})
    assert make.sent_texts(session) == []
    make.user(session, roles=("support",))
    make.user(session, roles=("admin",))
    notify_staff(session, "staff-needs-support", {})
    assert make.sent_texts(session) == ["staff-needs-support"] * 2
