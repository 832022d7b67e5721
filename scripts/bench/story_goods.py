"""The people and the goods of a story's shop, made by the shop's own rules."""

import secrets
from datetime import datetime
from itertools import count

from sqlmodel import Session

from core.catalogue.products import add_asset, create_product
from core.kit.prices import Prices
from core.kit.rows import id_of
from core.memberships.channels import rights_changed
from core.memberships.events import RightsChanged, Visitor
from core.memberships.plans import Terms, create_plan
from core.orders.publication import publish
from core.orders.text_review import TextRules
from core.people.people import upsert_person
from core.ports import NEEDED_RIGHTS
from schemas.catalogue import Product
from schemas.people import Seller, User

MONTH = Terms(unit="months", count=1)
_numbers = count(1)  # Telegram's, of people and channels: the same one is never met twice


def new_person(session: Session, name: str, *, now: datetime) -> User:
    """Somebody who has never been here."""
    return upsert_person(
        session,
        telegram_id=10_000 + next(_numbers),
        name=name,
        username=None,
        language_code="en",
        now=now,
    )


def new_file(
    session: Session, shop: Seller, owner: User, title: str, prices: Prices, *, now: datetime
) -> Product:
    """A file on sale, of which nothing is in any store."""
    product = create_product(session, shop, title=title, description="", prices=prices, now=now)
    add_asset(
        session,
        product,
        key=f"uploads/{secrets.token_hex(8)}",
        name="course.zip",
        size=1,
        content_type="application/zip",
        sha256=None,
        now=now,
    )
    return publish(session, id_of(product), actor_user=owner, now=now)


def new_plan(
    session: Session,
    shop: Seller,
    owner: User,
    title: str,
    prices: Prices,
    terms: Terms = MONTH,
    *,
    now: datetime,
) -> Product:
    """A plan on sale, with a channel of its own."""
    seen = RightsChanged(
        channel=-1_000_000_000_000 - next(_numbers),
        title=title,
        kind="channel",
        inside=True,
        rights=frozenset(NEEDED_RIGHTS),
        by=Visitor(owner.telegram_id, owner.name),
        at=now,
    )
    channel = rights_changed(session, seen, review=TextRules("off", ""), now=now)
    assert channel is not None, "its admin has a shop"
    plan = create_plan(
        session,
        shop,
        title=title,
        description="",
        prices=prices,
        terms=terms,
        channel_ids=[id_of(channel)],
        now=now,
    )
    return publish(session, id_of(plan), actor_user=owner, now=now)
