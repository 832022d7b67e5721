"""The pages that anybody may open, each in the states that look different."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from core.kit.money import Money
from core.kit.rows import id_of
from core.notifications import addresses
from core.people.bans import ban
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.notifications import MailAddress
from tests.support import make, make_members

TTL = 86_400  # seconds
YEAR = {"stars": Money(9000, "XTR"), "crypto": Money(12_900, "USD"), "manual": Money(9900, "EUR")}


def web_pages(session: Session) -> dict[str, str]:
    """Addresses by name, for the audit of all of them."""
    now = utc_now()
    item = make.product(session, title="Cours de couture")
    plan = make_members.plan(session, title="Couture privée")
    orders = {
        "order": _order(session, item, "crypto", now),
        "transfer": _order(session, item, "manual", now),
        "ready": _order(session, item, "crypto", now, paid=True),
        "ready-plan": _order(session, plan, "crypto", now, paid=True),
        "expired": _order(session, item, "crypto", make.NOW),
    }
    _, token = make.link(session, make.grant(session, item), now=now)
    return {
        "product": f"/p/{item.slug}",
        "plan": f"/p/{plan.slug}",
        "choices": f"/p/{_choices(session, now).slug}",
        "closed": f"/p/{_closed(session, now).slug}",
        **orders,
        "questions": f"{orders['ready']}/questions",
        "download": f"/d/{token}/page",
        **_mails(session, now),
        "missing-product": "/p/nothing",
        "missing-order": f"/o/{'x' * 43}",
        "missing-link": f"/d/{'x' * 43}",
        "missing-mail": f"/mail/confirm/{'x' * 43}",
    }


def _choices(session: Session, now: datetime) -> Product:
    """One of three plans side by side; the others cost something else on each rail."""
    room = make_members.channel(session, make.seller(session))
    terms: tuple[dict[str, Any], ...] = (
        {"title": "Un mois pour essayer", "unit": "months", "count": 1},
        {
            "title": "La saison",
            "unit": "until",
            "count": 0,
            "until": (now + 100 * make.DAY).replace(microsecond=0),
        },
        {"title": "Toute l’année, avec les archives", "unit": "months", "count": 12, "prices": YEAR},
    )
    month, *_ = [make_members.plan(session, room, **term) for term in terms]
    return month


def _closed(session: Session, now: datetime) -> Product:
    """Something of a shop that is closed."""
    item = make.product(session)
    ban(session, make.seller_of(session, item).user_id, actor="cli", reason="fraud", now=now)
    return item


def _order(session: Session, item: Product, rail: str, now: datetime, *, paid: bool = False) -> str:
    placed = make.placed(session, item, None, rail=rail, entry="web", ttl=TTL, now=now)
    if paid:
        make.pay(session, placed.order, now=now)
    return f"/o/{placed.page_token}"


def _mails(session: Session, now: datetime) -> dict[str, str]:
    row: MailAddress = addresses.give_address(session, id_of(make.user(session)), "awa@example.org", now=now)
    asked = addresses.question(session, id_of(row), row.issue, make.SECRET, now=now)
    assert asked is not None
    return {
        "mail-confirm": f"/mail/confirm/{asked.confirm_token}",
        "mail-stop": f"/mail/stop/{asked.stop_token}",
    }
