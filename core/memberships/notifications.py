"""What members and sellers are told about memberships; every such notice goes through here."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from core.kit.rows import id_of
from core.notifications.notify import notify, notify_seller
from core.notifications.subjects import SUBJECT, subject
from core.orders.shown_texts import newest
from schemas.catalogue import Product
from schemas.membership import Channel, Membership

Params = Mapping[str, str | int]


def notify_member(
    session: Session,
    membership: Membership,
    text: str,
    *,
    occasion: str,
    params: Params | None = None,
    buttons: list[list[str]] | None = None,
) -> None:
    """Tell a member something once for each occasion; `title` (the plan's) is added to the blanks."""
    about = subject("member", id_of(membership))
    title = title_of(session, membership.plan_id)
    named: dict[str, str | int] = {"title": title, SUBJECT: about, **(params or {})}
    once = f"{membership.id}:{occasion}"
    notify(session, membership.user_id, text, named, once=once, buttons=buttons or [card_button(membership)])


def notify_owner(
    session: Session, channel: Channel, text: str, *, occasion: str, params: Params | None = None
) -> None:
    """Tell the seller of a channel something once for each occasion; `channel` is added to the blanks."""
    about = subject("channel", id_of(channel))
    named: dict[str, str | int] = {"channel": newest(channel), SUBJECT: about, **(params or {})}
    buttons = [["button-channel", f"channel:{channel.id}"]]
    once = f"{channel.id}:{occasion}"
    notify_seller(session, channel.seller_id, text, named, once=once, buttons=buttons)


def card_button(membership: Membership) -> list[str]:
    """To the membership's card in the bot."""
    return ["button-membership", f"member:{membership.id}"]


def renew_button(membership: Membership, *, trial: bool) -> list[str]:
    """To the ways of paying for more time; after a `trial`, for the first time."""
    return ["button-subscribe-now" if trial else "button-renew", f"renew:{id_of(membership)}"]


def keep_button(membership: Membership) -> list[str]:
    """Takes a cancellation back."""
    return ["button-keep", f"keep:{id_of(membership)}"]


def portal_button(membership: Membership) -> list[str]:
    """Has Stripe's page of the card and the invoices sent."""
    return ["button-card-portal", f"card_portal:{id_of(membership)}"]


def resume_button(membership: Membership) -> list[str]:
    """Ends a pause."""
    return ["button-resume", f"resume:{id_of(membership)}"]


def title_of(session: Session, plan_id: int) -> str:
    """The name of a plan."""
    return session.exec(select(Product.title).where(col(Product.id) == plan_id)).one()
