"""The product that benchmarks sell, the people who buy it, and their orders, by the shop's own rules."""

from uuid import uuid4

from sqlmodel import Session, select

from core.catalogue.products import add_asset, create_product
from core.kit.db import Database
from core.kit.money import Money
from core.kit.names import object_key
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of
from core.orders.publication import publish
from core.payments.placing import place
from core.payments.rails.stars.payments import Charge, confirm_stars, invoice_payload
from core.people.people import find_user, upsert_person
from core.people.sellers import open_shop
from schemas.base import utc_now
from schemas.people import Seller, User
from schemas.sales import Order
from scripts.bench.stored_file import store_file
from scripts.embedded.stack import Stack
from scripts.sandbox.telegram.driver import Person

TITLE = "Analogue photography, the whole course"
FILE = "course.zip"
PRICES = {"stars": [Money(500, "XTR")], "crypto": [Money(999, "EUR")]}
POLICY = "bot:stars,crypto;web:crypto"
"""Crypto in the bot too, so that a paid invoice leads to a message without a claim in between."""


def put_on_sale(session: Session, stack: Stack, seller: Person, size: int) -> int:
    """Open the seller's shop with one product, a file of `size` bytes; the product's id."""
    now = utc_now()
    owner = meet(session, seller)
    shop = open_shop(
        session, owner, name="Studio", rails=list(PRICES), accept_terms=True, approve_at_once=True, now=now
    )
    product = create_product(
        session, shop, title=TITLE, description="Twelve lessons.", prices=PRICES, now=now
    )
    name = object_key(id_of(shop), uuid4(), FILE)
    store_file(stack.settings, name, size)
    add_asset(
        session,
        product,
        key=name,
        name=FILE,
        size=size,
        content_type="application/zip",
        sha256="0" * 64,
        now=now,
    )
    publish(session, id_of(product), actor_user=owner, now=now)
    return id_of(product)


def draft(database: Database) -> int:
    """Create a product of the seller's without a file; its id."""
    with database.transaction() as session:
        seller = session.exec(select(Seller)).one()
        product = create_product(
            session,
            seller,
            title="Course",
            description="",
            prices={"stars": [Money(500, "XTR")]},
            now=utc_now(),
        )
        return id_of(product)


def publish_draft(database: Database, product_id: int, seller: Person) -> None:
    """Put a product of the seller's on sale, once it has a file."""
    with database.transaction() as session:
        publish(session, product_id, actor_user=_known(session, seller), now=utc_now())


def meet(session: Session, person: Person) -> User:
    """Write a person into the database as the bot does when they write to it."""
    return upsert_person(
        session,
        telegram_id=person.id,
        name=person.name,
        username=None,
        language_code="en",
        now=utc_now(),
    )


def place_order(session: Session, product_id: int, person: Person, rail: str, ttl: int) -> Order:
    """Order the product in the bot, with `ttl` seconds to pay. Raises `LookupError` for a stranger."""
    return place(
        session,
        product_id=product_id,
        rail=rail,
        currency=PRICES[rail][0].currency,
        entry="bot",
        policy=parse_policy(POLICY),
        buyer=_known(session, person),
        language="en",
        order_ttl=ttl,
        now=utc_now(),
    ).order


def pay_order(session: Session, order: Order, person: Person) -> None:
    """Pay an order in Stars, as Telegram's report of the payment does."""
    charge = Charge(
        charge_id=f"charge-{order.id}",
        payload=invoice_payload(order),
        amount=order.amount,
        currency=order.currency,
    )
    confirm_stars(session, charge, _known(session, person), now=utc_now())


def _known(session: Session, person: Person) -> User:
    user = find_user(session, person.id)
    if user is None:
        raise LookupError(f"{person.name} has not met the bot: get people from RunningStack.crowd")
    return user
