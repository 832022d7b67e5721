"""Finds the seller's shop that an operator's command means."""

from datetime import datetime

from sqlmodel import Session, col, select

from core.kit.errors import ComptoirError
from core.kit.rail_policy import CHOSEN
from core.notifications.recipients import admin_ids
from core.people.people import find_user, set_role
from core.people.sellers import open_shop, shop_of
from schemas.people import Seller, User


class ShopUnclear(ComptoirError):
    """The command fits no shop, or more than one."""


def choose_shop(
    session: Session, telegram_id: int | None, name: str | None, *, default_name: str, now: datetime
) -> Seller:
    """The shop of a person, the one with a name, or the only one.

    A person without a shop, or a sole admin of an empty installation, gets one opened and approved: under
    `name`, the admin otherwise under `default_name`. Raises `ShopUnclear`.
    """
    if telegram_id is None:
        return _only_shop(session, name) or _shop_of_operator(session, name or default_name, now)
    user = find_user(session, telegram_id)
    shop = shop_of(session, user.id) if user and user.id else None
    if shop is None and name is None:
        raise ShopUnclear(
            f"Nobody with Telegram id {telegram_id} has a shop. They can open one in the bot with /sell, "
            "or you open one for them now with --seller-name NAME."
        )
    if shop is None:
        owner = user or set_role(session, telegram_id, "buyer", actor="cli")
        return _open(session, owner, name or default_name, now)
    return _approved(shop)


def _only_shop(session: Session, name: str | None) -> Seller | None:
    query = select(Seller).where(Seller.status == "approved").order_by(col(Seller.id))
    shops = session.exec(query if name is None else query.where(Seller.name == name)).all()
    if len(shops) > 1:
        names = ", ".join(shop.name for shop in shops[:10])
        raise ShopUnclear(f"There are several shops ({names}). Say whose it is with --seller TELEGRAM_ID.")
    return shops[0] if shops else None


def _shop_of_operator(session: Session, name: str, now: datetime) -> Seller:
    admins = admin_ids(session)
    if len(admins) != 1:
        raise ShopUnclear(
            "No such shop is open. Say whose it is with --seller TELEGRAM_ID --seller-name NAME, or make "
            "yourself the only admin with `comptoir admin add TELEGRAM_ID`."
        )
    shop = shop_of(session, admins[0])
    return _approved(shop) if shop else _open(session, session.get_one(User, admins[0]), name, now)


def _open(session: Session, owner: User, name: str, now: datetime) -> Seller:
    return open_shop(
        session, owner, name=name, rails=list(CHOSEN), accept_terms=True, approve_at_once=True, now=now
    )


def _approved(shop: Seller) -> Seller:
    if shop.status != "approved":
        raise ShopUnclear(
            f"The shop {shop.name} is {shop.status}. Accept it with `comptoir sellers approve {shop.id}`."
        )
    return shop
