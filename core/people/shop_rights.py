"""What a person may do in a shop: asked of the permission table by person, shop and act."""

from sqlmodel import Session

from core.kit.errors import NotFound
from core.kit.permissions import Act, allowed, require
from core.kit.rows import id_of
from core.people.sellers import shop_of
from schemas.people import Role, ShopStatus, User

OPENED: tuple[ShopStatus, ...] = ("approved", "suspended")
"""Shops that have sold: one that is closed still owes its buyers what it owes them."""


def roles_in(session: Session, person: User, seller_id: int) -> set[Role]:
    """The roles that a person has in a shop: those of staff in all, that of a seller in their own."""
    roles: set[Role] = {role for role in person.roles if role != "seller"}
    own = shop_of(session, id_of(person))
    if own is not None and own.id == seller_id and own.status in OPENED:
        roles.add("seller")
    return roles


def require_in(session: Session, person: User, seller_id: int, act: Act, *, unknown: str) -> None:
    """Raise `NotFound` with the code `unknown` unless the person may do this in the shop: what belongs to
    others is not there. Raises `NotAllowed` for a banned person."""
    roles = roles_in(session, person, seller_id)
    if "banned" not in roles and not allowed(roles, act):
        raise NotFound(unknown)
    require(roles, act)
