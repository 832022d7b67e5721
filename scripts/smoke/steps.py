"""What the smoke test plays on a shop that runs: each step waits for what the shop's own processes do."""

import hashlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import TypeVar
from uuid import uuid4

import urllib3
from sqlmodel import Session, col, select
from urllib3.exceptions import HTTPError

from core.catalogue.products import add_asset, create_product
from core.kit.db import Database
from core.kit.errors import ComptoirError
from core.kit.money import Money
from core.kit.names import object_key
from core.kit.prices import Prices
from core.kit.rail_policy import parse_policy
from core.kit.rows import id_of, must_get
from core.kit.tokens import random_token
from core.memberships.plans import Terms, create_plan
from core.memberships.putting_out import end_access
from core.memberships.transitions import Ending
from core.notifications.addresses import give_order_address
from core.orders.delivery_contents import pack_grant
from core.orders.grants import grant_of
from core.orders.publication import publish
from core.payments.order_claims import issue_claim, redeem
from core.payments.placing import place
from core.payments.rails.manual.transfers import submit_manual, validate_manual
from core.people.people import user_of
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.membership import Channel, Invite, Membership, RosterEntry
from schemas.people import Seller, User
from schemas.queue import Job
from schemas.sales import Order
from workers.send_delivery import link_options
from workers.store import S3Store

TITLE = "Smoke test"
PRICE = {"manual": [Money(100, "EUR")]}
CARD_PRICE = {"card": [Money(100, "EUR")]}
SIZE = 64 * 1024
ACTOR = "smoke"
PATIENCE = 60.0  # seconds for what needs no person
LOOK = 0.2
ASK = urllib3.Timeout(connect=5, read=20)
Answer = TypeVar("Answer")


class SmokeError(ComptoirError):
    """A step did not happen; the message says where to look."""


@dataclass
class Traces:
    """What the steps have made so far, to be taken away again."""

    products: list[int] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    addresses: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Stage:
    """The shop that is played on, and by whom."""

    settings: Settings
    database: Database
    store: S3Store
    seller_id: int
    buyer_id: int
    traces: Traces


def sell(stage: Stage, product_id: int, mail: str = "") -> int:
    """Order on the web, pay by a transfer that staff find, and claim in Telegram; the order's id.

    With an address in `mail`, whoever orders gives it on the order's page.
    """
    now = utc_now()
    with stage.database.transaction() as session:
        order = place(
            session,
            product_id=product_id,
            rail="manual",
            currency="EUR",
            entry="web",
            buyer=None,
            language="en",
            policy=parse_policy(stage.settings.rail_policy),
            order_ttl=stage.settings.order_ttl,
            now=now,
            idempotency_key=random_token(),
        ).order
        if mail:
            stage.traces.addresses.append(id_of(give_order_address(session, order, mail, now=now)))
        submit_manual(session, order, f"SMOKE {random_token()[:16]}", now)
        validate_manual(session, id_of(order), actor=ACTOR, note="", now=now)
        claim = issue_claim(session, order, life=timedelta(minutes=5), now=now)
        refused = redeem(session, claim, session.get_one(User, stage.buyer_id), now).refused
        if refused is not None:
            raise SmokeError(f"The buyer may not have it: {refused}. Choose another with --buyer.")
        return id_of(order)


def offer_file(stage: Stage, prices: Prices = PRICE) -> tuple[int, str]:
    """Put a file of random bytes on sale; the product's id and the file's checksum."""
    body = os.urandom(SIZE)
    key = object_key(stage.seller_id, uuid4(), "smoke.bin")
    stage.traces.objects.append(key)
    stage.store.upload(key, BytesIO(body), SIZE, "application/octet-stream")
    checksum = hashlib.sha256(body).hexdigest()
    with stage.database.transaction() as session:
        shop = must_get(session, Seller, stage.seller_id, "shop-unknown")
        product = create_product(session, shop, title=TITLE, description="", prices=prices, now=utc_now())
        add_asset(
            session,
            product,
            key=key,
            name="smoke.bin",
            size=SIZE,
            content_type="application/octet-stream",
            sha256=checksum,
            now=utc_now(),
        )
        _publish(session, stage, product)
        return id_of(product), checksum


def offer_plan(stage: Stage, channel_id: int) -> int:
    """Put a day in this channel on sale; the product's id."""
    with stage.database.transaction() as session:
        shop = must_get(session, Seller, stage.seller_id, "shop-unknown")
        product = create_plan(
            session,
            shop,
            title=TITLE,
            description="",
            prices=PRICE,
            terms=Terms(unit="days", count=1),
            channel_ids=[channel_id],
            now=utc_now(),
        )
        _publish(session, stage, product)
        return id_of(product)


def _publish(session: Session, stage: Stage, product: Product) -> None:
    stage.traces.products.append(id_of(product))
    owner = user_of(session, session.get_one(Seller, stage.seller_id).user_id)
    publish(session, id_of(product), actor_user=owner, now=utc_now())


def wait_delivered(stage: Stage, order_id: int) -> None:
    """Wait until the workers have sent the order's message. Raises `SmokeError`."""

    def delivered(session: Session) -> bool | None:
        order = session.get_one(Order, order_id)
        return order.status == "delivered" or None

    until(stage, delivered, PATIENCE, "The message with the link was not sent: look at `comptoir queue`.")


def fetch(stage: Stage, order_id: int, checksum: str) -> str:
    """Open a link of the order as its buyer would, and compare what comes; the store's address.

    Raises `SmokeError`.
    """
    with stage.database.transaction() as session:
        grant = grant_of(session, order_id)
        if grant is None or grant.revoked_at is not None:
            raise SmokeError("The order is paid, and nothing was granted: look at `comptoir orders show`.")
        parcel = pack_grant(
            session,
            id_of(grant),
            None,
            identity=uuid4(),
            options=link_options(stage.settings),
            now=utc_now(),
        )
    link = f"{stage.settings.public_url}/d/{parcel.files[0].token}"
    try:
        click = urllib3.request("GET", link, timeout=ASK, retries=False, redirect=False)
        address = click.headers.get("location", "")
        if click.status != 302 or not address:
            raise SmokeError(f"The link answered {click.status} instead of leading to the store.")
        answer = urllib3.request("GET", address, timeout=ASK, retries=False, redirect=False)
    except HTTPError as error:
        raise SmokeError(f"A download does not begin ({type(error).__name__}): `comptoir doctor`.") from None
    if hashlib.sha256(answer.data).hexdigest() != checksum:
        raise SmokeError(f"The store answered {answer.status}, and not with the file: `comptoir doctor`.")
    return address.partition("?")[0]


def way_in(stage: Stage, product_id: int) -> str:
    """The link into the channel that the buyer was sent. Raises `SmokeError`."""

    def made(session: Session) -> str | None:
        membership = _membership(session, stage, product_id)
        urls = select(Invite.url).where(Invite.membership_id == membership.id, col(Invite.url).is_not(None))
        return session.exec(urls).first()

    return until(stage, made, PATIENCE, "No link into the channel was made: `comptoir doctor` looks at it.")


def wait_inside(stage: Stage, channel: Channel, telegram_id: int, patience: float) -> None:
    """Wait until the buyer is in the channel. Raises `SmokeError`."""
    until(
        stage,
        lambda session: _status(session, channel, telegram_id) in ("member", "restricted") or None,
        patience,
        f"Nobody came in within {patience:g} s. Open the link as the buyer, or give more time with --wait.",
    )


def put_out(stage: Stage, product_id: int, channel: Channel, telegram_id: int) -> None:
    """End the buyer's membership as staff would, and wait until they are out. Raises `SmokeError`."""
    with stage.database.transaction() as session:
        membership = _membership(session, stage, product_id)
        ending = Ending("staff", "on_request")
        end_access(session, id_of(membership), ending=ending, actor=ACTOR, now=utc_now())
    until(
        stage,
        lambda session: _status(session, channel, telegram_id) in ("left", "banned", "none") or None,
        PATIENCE,
        "The buyer is still in the channel: `comptoir doctor` looks at the bot's rights.",
    )


def wait_mailed(stage: Stage) -> None:
    """Wait until the mail server has taken the letter. Raises `SmokeError`."""
    number = str(stage.traces.addresses[-1])

    def taken(session: Session) -> str | None:
        jobs = select(Job.state).where(Job.actor == "confirm_mail", Job.args["address_id"].astext == number)
        states = set(session.exec(jobs))
        return next((state for state in states if state in ("done", "dead")), None)

    state = until(stage, taken, PATIENCE, "The letter waits: `comptoir queue` says why.")
    if state == "dead":
        raise SmokeError("The mail server refuses the letter: `comptoir queue dead` says why.")


def until(stage: Stage, look: Callable[[Session], Answer | None], patience: float, otherwise: str) -> Answer:
    """Look again and again, for so many seconds, until there is an answer. Raises `SmokeError`."""
    deadline = time.monotonic() + patience
    while True:
        with stage.database.transaction() as session:
            answer = look(session)
        if answer is not None:
            return answer
        if time.monotonic() > deadline:
            raise SmokeError(otherwise)
        time.sleep(LOOK)


def _membership(session: Session, stage: Stage, product_id: int) -> Membership:
    mine = select(Membership).where(Membership.user_id == stage.buyer_id, Membership.plan_id == product_id)
    return session.exec(mine).one()


def _status(session: Session, channel: Channel, telegram_id: int) -> str:
    entry = session.get(RosterEntry, (channel.id, telegram_id))
    return "none" if entry is None else entry.status
