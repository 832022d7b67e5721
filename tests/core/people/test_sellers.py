import pytest
from sqlmodel import Session

from core.catalogue.listing_fee import fee_of
from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.money import Money
from core.kit.rows import id_of
from core.orders.text_review import TextRules
from core.payments.balances import owed
from core.payments.refunds import finish_refund
from core.people.people import set_role
from core.people.seller_view import sales_report
from core.people.sellers import (
    ABOUT_LIMIT,
    decide_shop,
    describe_shop,
    open_shop,
    sales_of,
    shop_of,
    waiting_shops,
)
from schemas import jobs
from schemas.people import Seller, User
from tests.support import make, make_members


def apply(session: Session, person: User, **changed: object) -> Seller:
    application = {"name": "Atelier", "rails": ["stars"], "accept_terms": True, "approve_at_once": False}
    return open_shop(session, person, now=make.NOW, **(application | changed))  # type: ignore[arg-type]


def test_a_shop_waits_for_approval_and_staff_get_buttons(session: Session) -> None:
    admin, person = make.user(session, roles=("admin",)), make.user(session)
    make.user(session, roles=("support",))  # who may not answer
    shop = apply(session, person)
    assert (shop.status, shop.terms_accepted_at, person.roles) == ("pending", make.NOW, ["buyer"])
    assert waiting_shops(session) == [shop]
    (notice,) = make.queued(session, jobs.Notify)
    assert (notice.user_id, notice.text) == (admin.id, "staff-shop-waiting")
    assert notice.buttons == [
        ["button-approve", f"shop_ok:{shop.id}"],
        ["button-refuse", f"shop_no:{shop.id}"],
    ]


def test_a_shop_says_who_sells_in_lines_of_its_own_and_can_say_nothing_again(session: Session) -> None:
    shop = make.seller(session)

    def say(words: str) -> str:
        return describe_shop(session, id_of(shop), words, review=make.NO_REVIEW, now=make.NOW).about

    assert say(" Atelier SARL\n\nLyon ").splitlines()[0] == "Atelier SARL"
    with pytest.raises(Refused, match="about-too-long"):
        say("x" * (ABOUT_LIMIT + 1))
    assert say("  ") == ""


def test_a_shop_open_to_all_sells_at_once(session: Session) -> None:
    person = make.user(session)
    shop = apply(session, person, approve_at_once=True)
    assert (shop.status, person.roles) == ("approved", ["buyer", "seller"])
    assert make.sent_texts(session) == []


def test_asking_again_gives_the_shop_that_exists(session: Session) -> None:
    person = make.user(session)
    first = apply(session, person)
    assert apply(session, person, name="Autre").id == first.id
    assert shop_of(session, id_of(person)) is first
    assert first.name == "Atelier"


def test_a_decision_is_told_once_and_approval_makes_a_seller(session: Session) -> None:
    person = make.user(session)
    shop = apply(session, person)
    for _ in range(2):
        decide_shop(session, id_of(shop), approve=True, actor="user:1", now=make.NOW)
    assert (shop.status, person.roles) == ("approved", ["buyer", "seller"])
    assert make.sent_texts(session, person) == ["shop-approved"]
    with pytest.raises(Refused, match="shop-already-decided"):
        decide_shop(session, id_of(shop), approve=False, actor="user:1", now=make.NOW)


def test_a_refused_person_may_ask_again(session: Session) -> None:
    person = make.user(session)
    shop = apply(session, person)
    decide_shop(session, id_of(shop), approve=False, actor="user:1", now=make.NOW)
    assert shop.status == "refused"
    again = apply(session, person, name="Atelier 2")
    assert (again.id, again.status, again.name) == (shop.id, "pending", "Atelier 2")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"accept_terms": False}, "terms-not-accepted"),
        ({"rails": []}, "rails-missing"),
        ({"rails": ["stars", "paypal"]}, "rail-unknown"),
        ({"rails": ["stars", "card"]}, "rail-needs-account"),
        ({"name": " \x00 "}, "name-empty"),
        ({"name": "x" * 61}, "name-too-long"),
    ],
)
def test_an_incomplete_application_is_refused_with_what_is_missing(
    session: Session, changed: dict[str, object], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        apply(session, make.user(session), **changed)


def test_a_banned_person_cannot_open_a_shop(session: Session) -> None:
    person = make.user(session)
    set_role(session, person.telegram_id, "banned", actor="cli")
    with pytest.raises(NotAllowed, match="banned"):
        apply(session, person)


def test_an_unknown_shop_cannot_be_decided(session: Session) -> None:
    with pytest.raises(NotFound, match="shop-unknown"):
        decide_shop(session, 0, approve=True, actor="user:1", now=make.NOW)


def test_sales_show_what_was_paid_refunds_included_and_totals_what_is_owed(session: Session) -> None:
    shop = make.seller(session)
    item = make.product(session, shop)
    make.order(session, item)
    sold, refunded = make.paid_order(session, item), make.paid_order(session, item)
    finish_refund(session, refunded, reason="", now=make.NOW)
    sales = sales_of(session, id_of(shop), page=1)
    assert [(line.order_id, line.status) for line in sales.items] == [
        (refunded.id, "refunded"),
        (sold.id, "paid"),
    ]
    assert [(line.rail, line.owed) for line in owed(session, id_of(shop))] == [("stars", 500)]


def test_sales_hold_what_was_sold_of_every_kind_and_no_fee_that_the_shop_paid(session: Session) -> None:
    shop = make.seller(session)
    file, plan = make.product(session, shop, title="Cours"), make_members.plan(session, shop=shop)
    fee = fee_of(session, file, {"stars": [Money(5, "XTR")]}, now=make.NOW)
    for item in (file, plan, fee):
        make.paid_order(session, item)
    assert {line.title for line in sales_of(session, id_of(shop), page=1).items} == {file.title, plan.title}
    report = sales_report(session, make.owner_of(session, shop), days=7, now=make.NOW)
    assert [(total.rail, total.orders, total.revenue.amount) for total in report.totals] == [
        ("stars", 2, 1000)
    ]


def test_where_anybody_may_open_a_shop_its_name_is_looked_at_first(session: Session) -> None:
    watched = TextRules("flagged", "poison")
    make.user(session, roles=("admin",))
    asked = {"approve_at_once": True, "review": watched}
    assert apply(session, make.user(session), **asked).status == "approved"
    owner = make.user(session)
    held = apply(session, owner, name="Poison & Co", **asked)
    assert (held.status, waiting_shops(session)) == ("pending", [held])
    assert make.sent_texts(session, owner) == ["shop-name-held"]
    assert "staff-shop-waiting" in make.sent_texts(session)
    decide_shop(session, id_of(held), approve=True, actor="user:1", now=make.NOW)
    assert held.status == "approved"
