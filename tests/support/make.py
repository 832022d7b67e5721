"""Builders: plain functions with defaults, through the real rules wherever there is one."""

import secrets
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar
from uuid import uuid4

from sqlmodel import Session, col, select

from core.catalogue.catalogue import current_assets, prices_of
from core.catalogue.products import add_asset, create_product
from core.kit.money import Money
from core.kit.names import object_key
from core.kit.prices import Prices
from core.kit.rows import id_of
from core.notifications.addresses import give_order_address
from core.orders.download_links import issue_link
from core.orders.publication import publish
from core.orders.text_review import TextRules
from core.payments.payment_rows import note_details
from core.payments.placing import Placed, place
from core.payments.rails.manual.transfers import submit_manual, validate_manual
from core.payments.rails.stars.payments import Charge, confirm_stars, invoice_payload
from core.payments.rails.stripe.accounts import begin
from core.payments.rails.stripe.platform import note_key
from core.payments.settle import settle
from core.people.people import set_role, upsert_person
from core.people.sellers import open_shop
from schemas.access import DownloadLink, Grant
from schemas.catalogue import Asset, Product
from schemas.contracts import JobContract
from schemas.jobs import Notify
from schemas.notifications import MailAddress
from schemas.people import Seller, User
from schemas.queue import Job
from schemas.sales import Entry, Order, Payment

Contract = TypeVar("Contract", bound=JobContract)

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
POLICY = {"bot": ("stars", "manual"), "web": ("crypto", "manual", "card")}
PRICES = {"stars": [Money(500, "XTR")], "crypto": [Money(999, "EUR")], "manual": [Money(999, "EUR")]}
SECRET = "5e" * 32
NO_REVIEW = TextRules("off", "")
HOUR = 3600
DAY = timedelta(days=1)

_numbers = count(700_001)


def user(
    session: Session,
    *,
    telegram_id: int | None = None,
    name: str = "Awa",
    username: str | None = None,
    language: str = "fr",
    roles: tuple[str, ...] = (),
) -> User:
    """A person who spoke to the bot, with these roles besides buyer, which nobody has to be told of."""
    number = telegram_id or next(_numbers)
    for role in roles:  # given before the person is met: nobody is greeted
        set_role(session, number, role, actor="cli")
    return upsert_person(
        session, telegram_id=number, name=name, username=username, language_code=language, now=NOW
    )


def seller(session: Session, owner: User | None = None, *, name: str = "Atelier Awa") -> Seller:
    """An approved shop that takes every rail."""
    return open_shop(
        session,
        owner or user(session, name="Vendeuse"),
        name=name,
        rails=["stars", "crypto", "manual"],
        accept_terms=True,
        approve_at_once=True,
        now=NOW,
    )


def seller_of(session: Session, item: Product) -> Seller:
    """The shop that sells a product."""
    return session.get_one(Seller, item.seller_id)


def owner_of(session: Session, shop: Seller) -> User:
    """The person behind a shop."""
    return session.exec(select(User).where(User.id == shop.user_id)).one()


def asset(
    session: Session,
    product: Product,
    *,
    object_name: str | None = None,
    name: str = "cours.pdf",
    size: int = 10 * 2**30,
    content_type: str = "application/pdf",
) -> Asset:
    """An accepted file; `object_name` is the key of a real object, where the test has one."""
    return add_asset(
        session,
        product,
        key=object_name or object_key(product.seller_id, uuid4(), name),
        name=name,
        size=size,
        content_type=content_type,
        sha256="0" * 64,
        now=NOW,
    )


def product(
    session: Session,
    shop: Seller | None = None,
    *,
    title: str = "Cours de couture",
    description: str = "Douze leçons.",
    prices: Prices = PRICES,
    files: tuple[str, ...] = ("cours.pdf",),
    published: bool = True,
) -> Product:
    """A product with its files, published unless said otherwise."""
    shop = shop or seller(session)
    new = create_product(session, shop, title=title, description=description, prices=prices, now=NOW)
    for name in files:
        asset(session, new, name=name)
    if published:
        publish(session, id_of(new), actor_user=owner_of(session, shop), now=NOW)
    return new


def order(
    session: Session,
    item: Product | None = None,
    buyer: User | None = None,
    *,
    rail: str = "stars",
    entry: Entry = "bot",
    ttl: int = 24 * HOUR,
    now: datetime = NOW,
) -> Order:
    """An unpaid order; of a new buyer in the bot, of nobody yet on the web."""
    item = item or product(session)
    if entry == "bot" and buyer is None:
        buyer = user(session)
    return placed(session, item, buyer, rail=rail, entry=entry, ttl=ttl, now=now).order


def web_order(session: Session, item: Product | None = None, *, rail: str = "crypto") -> Placed:
    """An unpaid order of nobody yet, with the token of its page."""
    return placed(session, item or product(session), None, rail=rail, entry="web", ttl=24 * HOUR, now=NOW)


def placed(
    session: Session, item: Product, buyer: User | None, *, rail: str, entry: Entry, ttl: int, now: datetime
) -> Placed:
    """A new order in the first currency of a rail; on the web with a key of its own."""
    asked = prices_of(session, [id_of(item)])[id_of(item)].get(rail) or [Money(0, "EUR")]
    return place(
        session,
        product_id=id_of(item),
        rail=rail,
        currency=asked[0].currency,
        entry=entry,
        buyer=buyer,
        language="fr",
        policy=POLICY,
        order_ttl=ttl,
        now=now,
        idempotency_key=secrets.token_urlsafe(32) if entry == "web" else None,
    )


def paid_order(
    session: Session,
    item: Product | None = None,
    buyer: User | None = None,
    *,
    rail: str = "stars",
    now: datetime = NOW,
) -> Order:
    """An order paid by Stars in the bot, or by crypto or transfer on the web (then without a buyer)."""
    bought = order(session, item, buyer, rail=rail, entry="bot" if rail == "stars" else "web", now=now)
    pay(session, bought, now=now)
    return bought


def pay(session: Session, bought: Order, *, now: datetime = NOW) -> None:
    """Pay an order as its rail does."""
    paid_by = f"charge-{bought.id}"
    if bought.rail == "stars":
        buyer = session.exec(select(User).where(User.id == bought.buyer_id)).one()
        confirm_stars(session, charge(bought, paid_by), buyer, now=now)
    elif bought.rail == "crypto":
        settle(session, bought, rail="crypto", provider_id=paid_by, received=bought.amount, now=now)
    else:
        submit_manual(session, bought, paid_by, now)
        validate_manual(session, id_of(bought), actor="cli", note="", now=now)


def card_sale(
    session: Session, shop: Seller, buyer: User | None = None, *, item: Product | None = None
) -> Order:
    """A sale by card on the seller's own account, paid as `pi_{order}`; of nobody yet without a buyer."""
    note_key(session, "sk_test_of_the_tests")
    account = begin(session, id_of(shop), now=NOW)
    account.account_id, account.state = f"acct_{shop.id}", "active"
    shop.rails = sorted({*shop.rails, "card"})
    item = item or product(session, shop, prices={"card": [Money(999, "EUR")]})
    bought = placed(session, item, buyer, rail="card", entry="web", ttl=24 * HOUR, now=NOW).order
    settle(session, bought, rail="card", provider_id=f"pi_{bought.id}", received=bought.amount, now=NOW)
    paid = session.exec(select(Payment).where(Payment.provider_id == f"pi_{bought.id}")).one()
    note_details(session, paid, {"account": account.account_id})
    return bought


def payment_of(session: Session, bought: Order) -> Payment:
    """The payment that paid an order."""
    paid = session.exec(select(Payment).where(Payment.order_id == bought.id, Payment.status == "confirmed"))
    return paid.one()


def charge(bought: Order, charge_id: str) -> Charge:
    """What Telegram takes for an order in Stars."""
    return Charge(
        charge_id=charge_id, payload=invoice_payload(bought), amount=bought.amount, currency=bought.currency
    )


def grant(session: Session, item: Product | None = None, buyer: User | None = None) -> Grant:
    """The grant of a paid order."""
    bought = paid_order(session, item, buyer)
    return session.exec(select(Grant).where(Grant.order_id == bought.id)).one()


def link(
    session: Session,
    of_grant: Grant | None = None,
    *,
    ttl: int = 24 * HOUR,
    max_downloads: int = 0,
    now: datetime = NOW,
    secret: str = SECRET,
) -> tuple[DownloadLink, str]:
    """A link to the first file of a grant, and its token."""
    of_grant = of_grant or grant(session)
    return issue_link(
        session,
        grant_id=id_of(of_grant),
        asset_id=current_assets(session, of_grant.product_id)[0].id,
        identity=uuid4(),
        secret=secret,
        ttl=ttl,
        max_downloads=max_downloads,
        now=now,
    )


def mail_address(session: Session, bought: Order, *, confirmed: bool = True) -> MailAddress:
    """The address that the order's buyer gave on its page."""
    address = give_order_address(session, bought, "awa@example.org", now=NOW)
    address.confirmed_at = NOW if confirmed else None
    session.add(address)
    session.flush()
    return address


def queued(session: Session, contract: type[Contract]) -> list[Contract]:
    """The jobs of one kind that the rules have asked for, oldest first."""
    rows = session.exec(select(Job).where(Job.actor == contract.actor).order_by(col(Job.created_at)))
    return [contract.decode(row.args) for row in rows]


def sent_texts(session: Session, person: User | None = None) -> list[str]:
    """The ids of the texts sent to a person, or to all."""
    notifications = queued(session, Notify)
    return [row.text for row in notifications if person is None or row.user_id == person.id]
