"""Every button with the ids of other kinds and of other people: a client may send any data."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.app import all_routes
from core.catalogue.listing_fee import fee_of
from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships.plans import set_plan_status
from core.orders.publication import unpublish
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.membership import Channel, Membership, Plan
from schemas.people import Seller
from schemas.sales import Order
from scripts.sandbox.telegram.driver import Person
from tests.support import make, make_members
from tests.support.shop_bot import ShopBot, ask

FEE = {"stars": [Money(100, "XTR")]}
HUGE = 2**62
EXCEPT = frozenset({"page", "buy", "language"})
"""Turning pages and buying are open to everybody, and change nothing of others."""


@dataclass
class Shop:
    """One of each kind in a shop."""

    seller: int
    file: int
    draft: int
    plan: int
    closed: int
    fee: int
    membership: int
    order: int

    def ids(self) -> set[int]:
        return set(vars(self).values())


def build(session: Session, owner: Person) -> Shop:
    person = make.user(session, telegram_id=owner.id, name=owner.name, language="en")
    shop = make.seller(session, person, name=owner.name)
    file, draft = make.product(session, shop), make.product(session, shop, published=False)
    plan = make_members.plan(session, shop=shop, now=utc_now())
    closed = make_members.plan(session, shop=shop, now=utc_now())
    set_plan_status(session, id_of(closed), "closed", actor_user=person, now=utc_now())
    member = make_members.member(session, plan, now=utc_now())
    order = make.paid_order(session, file)
    fee = fee_of(session, file, FEE, now=utc_now())
    rows = (shop, file, draft, plan, closed, fee, member, order)
    return Shop(*(id_of(row) for row in rows))


def state(session: Session, shop: Shop) -> list[object]:
    """Everything that a press could change of a shop."""
    products = select(Product.id, Product.status, Product.title).where(Product.seller_id == shop.seller)
    plans = select(Plan.product_id, Plan.status, Plan.places).where(
        col(Plan.product_id).in_((shop.plan, shop.closed))
    )
    channels = select(Channel.id, Channel.enforcement).where(Channel.seller_id == shop.seller)
    return [
        session.exec(products.order_by(col(Product.id))).all(),
        session.exec(plans.order_by(col(Plan.product_id))).all(),
        session.exec(channels.order_by(col(Channel.id))).all(),
        session.exec(select(Seller.status).where(Seller.id == shop.seller)).all(),
        session.exec(select(Membership.state).where(Membership.id == shop.membership)).all(),
        session.exec(select(Order.status, Order.buyer_id).where(Order.id == shop.order)).all(),
    ]


def presses(name: str, ids: set[int]) -> Iterator[str]:
    """The data of a button with each id wherever it takes a number."""
    parameters = list(inspect.signature(all_routes().buttons[name]).parameters.values())[1:]
    if not any(parameter.annotation is int for parameter in parameters):
        return
    for number in ids:
        texts = [str(number) if each.annotation is int else "act" for each in parameters]
        yield ":".join([name, *texts])


def test_no_button_touches_what_is_somebody_elses(shop: ShopBot) -> None:
    bob, eve = shop.person("Bob"), shop.person("Eve")
    hello = ask(eve, "/start", "Welcome")
    his = shop.do(lambda session: build(session, bob))
    shop.do(lambda session: build(session, eve))
    before = shop.do(lambda session: state(session, his))
    for name in all_routes().buttons.keys() - EXCEPT:
        for data in presses(name, his.ids() | {HUGE}):
            eve.press_data(hello, data)
            assert shop.do(lambda session: state(session, his)) == before, data
    assert not [message for message in eve.chat if "Something went wrong" in message.text]


def test_a_sellers_buttons_ask_for_the_kind_as_well(shop: ShopBot) -> None:
    eve = shop.person("Eve")
    hello = ask(eve, "/start", "Welcome")
    own = shop.do(lambda session: build(session, eve))
    before = shop.do(lambda session: state(session, own))
    wrong = {
        "my_product": (own.plan, own.fee),
        "publish": (own.closed, own.fee, own.plan),
        "unpublish": (own.plan, own.fee),
        "unpublished": (own.plan, own.fee),
        "continue": (own.plan, own.fee),
        "plan": (own.file, own.fee),
        "my_plan": (own.file, own.fee),
        "plan_turn": (own.file, own.draft, own.fee, own.closed),
        "plan_closed": (own.file, own.fee),
        "plan_edit": (own.file, own.fee),
        "plan_rooms": (own.file, own.fee),
        "plan_codes": (own.file, own.fee),
        "trial": (own.file, own.fee),
        "code": (own.file, own.fee),
    }
    for name, ids in wrong.items():
        for number in ids:
            answer = eve.press_data(hello, f"{name}:{number}")
            assert answer.alert, f"{name}:{number}"
            assert shop.do(lambda session: state(session, own)) == before, name


def test_a_draft_that_was_withdrawn_is_no_plan(shop: ShopBot) -> None:
    """A file that is off sale has no plan's switch, by whichever id."""
    eve = shop.person("Eve")
    hello = ask(eve, "/start", "Welcome")

    def withdraw(session: Session) -> int:
        own = build(session, eve)
        owner = make.user(session, telegram_id=eve.id)
        unpublish(session, own.file, actor_user=owner, now=utc_now())
        return own.file

    number = shop.do(withdraw)
    assert eve.press_data(hello, f"plan_turn:{number}").alert
    status = select(Product.status).where(Product.id == number)
    assert shop.do(lambda session: session.exec(status).one()) == "unpublished"
