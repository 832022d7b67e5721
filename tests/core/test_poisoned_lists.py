"""A list shows all that it can: one row that no code of ours wrote hides none of the others.

Staff's queues above all, where what is hidden is money or a person that waits.
"""

import csv
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session, col, select

from core.catalogue.catalogue import products_of, search
from core.kit.rows import id_of
from core.memberships import channels, checks, putting_out, queries
from core.memberships.shop_members import members_of_shop
from core.memberships.transitions import Ending
from core.monitoring.alerts import Machine, watch
from core.monitoring.memory import HostMemory
from core.notifications.inbox import inbox
from core.notifications.notify import notify
from core.orders.grants import library
from core.orders.receipts import find, orders_of
from core.orders.shown_texts import propose
from core.orders.text_decisions import waiting_texts
from core.orders.text_review import TextRules, review_text
from core.payments.balances import export_csv
from core.payments.event_replay import EventFilter, list_events
from core.payments.payment_events import store_event
from core.payments.rails.manual.transfers import pending_manual, submit_manual
from core.people import sellers
from core.people.access_tokens import create_token, list_tokens
from core.people.people import find_people
from core.people.support import ask
from core.people.support_inbox import questions
from core.ports import ChannelMember
from core.uploads.moderation import waiting_uploads
from core.uploads.opening import uploads_under_way
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.membership import Membership
from schemas.operations import BadRow
from schemas.people import Seller, User
from schemas.sales import Order
from tests.core.test_poisoned_rows import alarms, poison
from tests.support import make, make_members
from tests.support.make_members import DAY
from tests.support.uploader import uploader_of

NOW = make.NOW
List = Callable[[Session], list[Any]]


def two_products(session: Session) -> Seller:
    shop = make.seller(session)
    for title in ("Bad", "Good"):
        make.product(session, shop, title=title)
    return shop


def waiting_words(session: Session) -> None:
    for item in session.exec(select(Product)):
        review_text(session, item, TextRules("all", ""), now=NOW)


def two_waiting_texts(session: Session) -> List:
    two_products(session)
    waiting_words(session)
    return lambda again: [line.title for line in waiting_texts(again)]


def two_waiting_names(session: Session) -> List:
    shop = make.seller(session)
    for title in ("Bad", "Good"):
        room = make_members.channel(session, shop, title=title)
        propose(session, "channel", room, f"{title} again", TextRules("all", ""), now=NOW)
    return lambda again: [line.words for line in waiting_texts(again)]


def two_on_sale(session: Session) -> List:
    two_products(session)
    return lambda again: [line.title for line in search(again, "", page=1).items]


def two_of_a_shop(session: Session) -> List:
    shop = two_products(session).id or 0
    return lambda again: [line.title for line in products_of(again, shop, page=1).items]


def two_waiting_shops(session: Session) -> List:
    for name in ("Bad", "Good"):
        make.seller(session, name=name).status = "pending"
    return lambda again: [shop.name for shop in sellers.waiting_shops(again)]


def two_sales(session: Session) -> List:
    shop = two_products(session)
    for item in session.exec(select(Product).order_by(col(Product.title))).all():
        make.paid_order(session, item)
    return lambda again: [line.title for line in sellers.sales_of(again, id_of(shop), page=1).items]


def two_orders(session: Session) -> List:
    two_sales(session)
    return lambda again: [line.title for line in find(again, "", page=1).items]


def two_bought(session: Session) -> tuple[List, List]:
    buyer, shop = make.user(session), make.seller(session)
    for title in ("Bad", "Good"):
        make.paid_order(session, make.product(session, shop, title=title), buyer)
    person = id_of(buyer)
    return (
        lambda again: [line.title for line in orders_of(again, person, page=1).items],
        lambda again: [line.title for line in library(again, person, page=1).items],
    )


def two_transfers(session: Session) -> List:
    for title in ("Bad", "Good"):
        order = make.order(session, make.product(session, title=title), rail="manual")
        submit_manual(session, order, f"transfer-{title}", NOW)
    return lambda again: [line.title for line in pending_manual(again, page=1).items]


def two_uploads(session: Session) -> tuple[List, List]:
    uploader = uploader_of(session)
    for title in ("Bad", "Good"):
        uploader.verify(uploader.send(title), "odd", sha256=title.lower().ljust(64, "0"))
    owner = uploader.owner.id
    return (
        lambda again: [line.name for line in waiting_uploads(again, page=1).items],
        lambda again: [row.name for row in uploads_under_way(again, again.get_one(User, owner))],
    )


def two_questions(session: Session) -> List:
    for words in ("Bad", "Good"):
        ask(session, make.user(session), words, about="support", order_id=None, key=words, now=NOW)
    return lambda again: [line.words for line in questions(again, state="open", page=1).items]


def two_people(session: Session) -> List:
    for name in ("Bad", "Good"):
        make.user(session, name=name)
    return lambda again: [person.name for person in find_people(again, "", page=1).items]


def two_tokens(session: Session) -> List:
    for name in ("Bad", "Good"):
        create_token(session, name=name, role="admin", ttl=None, now=NOW)
    return lambda again: [token.name for token in list_tokens(again)]


def two_notifications(session: Session) -> List:
    person = id_of(make.user(session))
    for number in ("1", "2"):
        notify(session, person, "member-warned", {"title": "T", "days": 3}, once=number)
    return lambda again: inbox(again, person, "en", before=None, limit=20).items


def two_members(session: Session) -> tuple[List, List]:
    shop, person = make.seller(session), make.user(session)
    for title in ("Bad", "Good"):
        make_members.member(session, make_members.plan(session, shop=shop, title=title), person)
    number, seller = id_of(person), id_of(shop)
    return (
        lambda again: [card.title for card in queries.memberships_of(again, number, now=NOW)],
        lambda again: [line.plan for line in members_of_shop(again, seller, page=1).items],
    )


def two_channels(session: Session) -> List:
    shop = make.seller(session)
    for title in ("Bad", "Good"):
        make_members.channel(session, shop, title=title)
    return lambda again: [room.title for room in channels.channels_of(again, id_of(shop))]


def two_events(session: Session) -> List:
    for name in ("Bad", "Good"):
        store_event(session, provider="telegram", event_id=name, body=b"{}", now=NOW)
    return lambda again: [line.event_id for line in list_events(again, EventFilter())]


def two_lines_of_the_ledger(session: Session) -> List:
    two_sales(session)
    return exported


def exported(session: Session) -> list[str]:
    """The products of the lines of the export, by their orders."""
    out = StringIO()
    export_csv(session, out)
    lines = list(csv.DictReader(out.getvalue().splitlines()))
    return [
        session.get_one(Product, session.get_one(Order, int(line["order"])).product_id).title
        for line in lines
    ]


LISTS: dict[str, tuple[Callable[[Session], Any], str, str]] = {
    "texts that wait": (two_waiting_texts, "product", "title = 'Bad'"),
    "names that wait": (two_waiting_names, "channel", "title = 'Bad'"),
    "products on sale": (two_on_sale, "product", "title = 'Bad'"),
    "products of a shop": (two_of_a_shop, "product", "title = 'Bad'"),
    "shops that wait": (two_waiting_shops, "seller", "name = 'Bad'"),
    "sales": (two_sales, "purchase", "product_id = (SELECT id FROM product WHERE title = 'Bad')"),
    "orders": (two_orders, "purchase", "product_id = (SELECT id FROM product WHERE title = 'Bad')"),
    "transfers": (two_transfers, "purchase", "product_id = (SELECT id FROM product WHERE title = 'Bad')"),
    "questions": (two_questions, "support_question", "words = 'Bad'"),
    "people": (two_people, "person", "name = 'Bad'"),
    "access tokens": (two_tokens, "access_token", "name = 'Bad'"),
    "notifications": (two_notifications, "notification", "id = (SELECT min(id) FROM notification)"),
    "channels": (two_channels, "channel", "title = 'Bad'"),
    "payment events": (two_events, "payment_event", "event_id = 'Bad'"),
    "lines of the ledger": (
        two_lines_of_the_ledger,
        "balance_entry",
        "order_id = (SELECT purchase.id FROM purchase JOIN product ON product.id = product_id "
        "WHERE product.title = 'Bad')",
    ),
}
DATES = {"support_question": "asked_at", "payment_event": "received_at"}


@pytest.mark.parametrize("moment", ["infinity", "-infinity"])
@pytest.mark.parametrize("name", LISTS)
def test_a_list_shows_all_but_the_row_that_cannot_be_read(session: Session, name: str, moment: str) -> None:
    build, table, bad = LISTS[name]
    shown = build(session)
    session.flush()
    every = shown(session)
    poison(session, table, f"{DATES.get(table, 'created_at')} = '{moment}'", bad)
    left = shown(session)
    assert len(left) == len(every) - 1
    assert "Bad" not in left
    assert {row.loop for row in session.exec(select(BadRow))} == {f"list of {table}"}


@pytest.mark.parametrize(
    ("build", "table", "bad"),
    [
        (two_bought, "purchase", "product_id = (SELECT id FROM product WHERE title = 'Bad')"),
        (two_uploads, "upload", "name = 'Bad'"),
        (two_members, "membership", "plan_id = (SELECT id FROM product WHERE title = 'Bad')"),
    ],
)
def test_lists_of_the_same_rows_show_all_but_a_bad_one(
    session: Session, build: Callable[[Session], tuple[List, List]], table: str, bad: str
) -> None:
    lists = build(session)
    poison(session, table, "created_at = 'infinity'", bad)
    if table == "purchase":
        poison(session, "access_grant", "created_at = 'infinity'", bad)
    for shown in lists:
        assert shown(session) == ["Good"]


def test_staff_are_alerted_of_what_a_list_hides(session: Session) -> None:
    make.user(session, roles=("admin",))
    shown = two_transfers(session)
    poison(session, "payment", "created_at = 'infinity'", "provider_id LIKE '%Bad'")
    assert shown(session) == ["Good"]
    watch(session, Machine(HostMemory(total=1000, available=500)), answer_within=DAY, now=utc_now())
    assert alarms(session) == ["alert-rows"]


def test_a_card_that_makes_no_sense_hides_no_other(session: Session) -> None:
    shown = two_members(session)[0]
    poison(
        session,
        "membership_period",
        "ends_at = 'infinity'",
        "membership_id = (SELECT min(id) FROM membership)",
    )
    assert shown(session) == ["Good"]


def test_whoever_is_put_out_loses_all_but_what_cannot_be_read(session: Session) -> None:
    shop, person = make.seller(session), make.user(session)
    bad, good = (
        id_of(make_members.member(session, make_members.plan(session, shop=shop), person)) for _ in range(2)
    )
    poison(session, "membership", "created_at = 'infinity'", "id = :id", id=bad)
    ended = putting_out.revoke_person(
        session, id_of(person), ending=Ending("staff", "abuse"), actor="cli", now=NOW
    )
    assert (ended, session.get_one(Membership, good).state) == (1, "revoked")
    barred = session.execute(text("SELECT barred_at IS NOT NULL FROM membership ORDER BY id")).scalars()
    assert list(barred) == [True, True]


def test_a_member_who_cannot_be_read_is_no_stranger(session: Session) -> None:
    item = make_members.plan(session)
    room = id_of(make_members.channel_of(session, make_members.member(session, item)))
    bad = make_members.member(session, item)
    who = make_members.person_of(session, bad).telegram_id
    checks.checked(session, room, who, ChannelMember("member"), now=NOW)
    stranger = make.user(session).telegram_id
    checks.checked(session, room, stranger, ChannelMember("member"), now=NOW)
    poison(session, "membership", "created_at = 'infinity'", "id = :id", id=id_of(bad))
    assert checks.differences(session, room, now=NOW + timedelta(hours=1)).without_grant == [stranger]
