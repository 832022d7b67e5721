"""Memberships, members and figures as the Mini App gets them, as JSON-ready values."""

from datetime import datetime

from api.context import AppContext
from api.shapes import Json, moment, money
from core.catalogue.statistics import DownloadLine, Earned, Ranked, Slot
from core.memberships.channels import EventLine
from core.memberships.miniapp_views import Compared, Figures, Held, Somebody
from core.memberships.queries import MemberLine
from schemas.membership import Channel
from schemas.people import User


def membership(item: Held, shop: AppContext) -> Json:
    """A membership with what its holder can do."""
    card = item.card
    return {
        "id": card.membership_id,
        "title": card.title,
        "seller_name": card.seller_name,
        "state": card.state,
        "started_at": moment(card.started_at),
        "ends_at": moment(card.ends_at),
        "access_until": moment(card.access_until),
        "days_left": card.days_left if card.time_left is not None else None,
        "share_left": round(item.share_left, 3),
        "reason": card.reason,
        "subscription": card.subscription,
        "order_number": card.order_number,
        "channels": [
            {
                "id": place.channel_id,
                "title": place.title,
                "inside": place.inside,
                "link": item.links.get(place.channel_id),
            }
            for place in card.channels
        ],
        "can": {
            "enter": card.can_enter,
            "cancel": card.can_cancel,
            "undo": card.can_undo,
            "pause": card.can_pause,
            "resume": card.can_resume,
        },
        "renew": _renewal(item, shop) if card.can_renew else None,
    }


def member(line: MemberLine) -> Json:
    """A line of the seller's list."""
    return {
        "id": line.membership_id,
        "telegram_id": line.telegram_id,
        "name": line.name,
        "username": line.username,
        "plan": line.plan,
        "state": line.state,
        "ends_at": moment(line.ends_at),
    }


def members_figures(found: Figures) -> Json:
    """A shop's members by state, and month by month what they paid and who left."""
    return {
        "states": found.states,
        "plans": [{"id": number, "title": title} for number, title in found.plans],
        "revenue": [
            {"month": _day(line.month), "orders": line.orders, **money(line.money)} for line in found.revenue
        ],
        "churn": [
            {
                "month": _day(line.month),
                "members": line.members,
                "lost": line.lost,
                "gained": line.gained,
                "rate": line.rate,
            }
            for line in found.churn
        ],
    }


def channel(row: Channel) -> Json:
    """A channel and how the bot stands in it."""
    return {
        "id": row.id,
        "title": row.title,
        "state": row.state,
        "missing_rights": list(row.missing),
        "enforcement": row.enforcement,
        "checked_at": moment(row.checked_at),
    }


def somebody(person: Somebody) -> Json:
    """A person; the name is empty where we never met."""
    return {"telegram_id": person.telegram_id, "name": person.name, "username": person.username}


def compared(found: Compared) -> Json:
    """Who is in without a grant, and who is not in with one: how many, and the first by name."""
    return {
        "without_grant": {
            "total": found.without_grant,
            "people": [somebody(person) for person in found.strangers],
        },
        "missing": {"total": found.missing, "people": [somebody(person) for person in found.absent]},
    }


def event(line: EventLine, people: dict[int, Somebody]) -> Json:
    """Something that happened in a channel."""
    about = people.get(line.telegram_id) if line.telegram_id is not None else None
    return {
        "id": line.id,
        "channel": line.channel,
        "kind": line.kind,
        "person": somebody(about) if about else None,
        "at": moment(line.at),
        "resolved_at": moment(line.resolved_at),
    }


def slot(found: Slot) -> Json:
    """One step of a range."""
    return {
        "at": moment(found.at),
        "orders": found.orders,
        "earned": [earned(part) for part in found.earned],
        "links": found.links,
        "signed": found.signed,
        "downloads": found.downloads,
    }


def earned(part: Earned) -> Json:
    """What was sold on one rail in one currency."""
    return {"rail": part.rail, **money(part.money), "orders": part.orders}


def ranked(line: Ranked) -> Json:
    """A product or a shop with what it did."""
    return {
        "id": line.id,
        "name": line.name,
        "seller": line.seller,
        "orders": line.orders,
        "downloads": line.downloads,
        "revenue": [money(amount) for amount in line.revenue],
    }


def download(line: DownloadLine) -> Json:
    """A download; nobody's name is kept with it."""
    return {
        "at": moment(line.at),
        "file": line.file,
        "size": line.size,
        "product": line.product,
        "seller": line.seller,
    }


def person(user: User) -> Json:
    """A person as the operator sees them."""
    return {
        "id": user.id,
        "telegram_id": user.telegram_id,
        "name": user.name,
        "username": user.username,
        "roles": list(user.roles),
        "banned": "banned" in user.roles,
        "since": moment(user.created_at),
    }


def _renewal(item: Held, shop: AppContext) -> Json:
    """How it is renewed: for Stars in here, and on the site where another rail is offered there."""
    site = shop.settings.public_url
    web_link = f"{site}/p/{item.card.slug}" if site and item.on_site else None
    return {"stars": money(item.stars) if item.stars else None, "web_link": web_link}


def _day(month: datetime) -> str:
    return month.date().isoformat()
