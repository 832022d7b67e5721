"""The pages that anybody may open, each in the states that look different."""

from datetime import datetime
from typing import Any

from sqlmodel import Session

from core.kit.money import Money
from core.kit.rows import id_of
from core.notifications import addresses
from core.orders.orders import move
from core.payments.payment_rows import write_payment
from core.payments.placing import Placed, place_on_web
from core.payments.rails.stripe.trials import trial_of
from core.payments.waiver import NOT_ASKED
from core.people.bans import ban
from schemas.base import utc_now
from schemas.catalogue import Product
from schemas.notifications import MailAddress
from tests.api.test_order_returns import take_cards
from tests.support import make, make_members

TTL = 86_400  # seconds
MONTH: dict[str, Any] = {"unit": "months", "count": 1}
BY_CARD = {
    "card": [Money(999, "EUR"), Money(1100, "USD")],
    "crypto": [Money(999, "EUR")],
    "stars": [Money(500, "XTR")],
}
YEAR = {
    "stars": [Money(9000, "XTR")],
    "crypto": [Money(12_900, "USD"), Money(65_000, "XAF")],
    "manual": [Money(9900, "EUR")],
}


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
        **_trials(session, now),
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
    """One of three plans side by side, which is sold in three currencies."""
    room = make_members.channel(session, make.seller(session))
    terms: tuple[dict[str, Any], ...] = (
        {"title": "Un mois pour essayer", **MONTH},
        {
            "title": "La saison",
            "unit": "until",
            "count": 0,
            "until": (now + 100 * make.DAY).replace(microsecond=0),
        },
        {"title": "Toute l’année, avec les archives", "unit": "months", "count": 12, "prices": YEAR},
    )
    *_, year = [make_members.plan(session, room, **term) for term in terms]
    return year


def _trials(session: Session, now: datetime) -> dict[str, str]:
    """A plan that a card may be given for, and orders of its trial: waiting for the card, and begun."""
    shop = make.seller(session)
    plan = make_members.plan(
        session, shop=shop, title="Nuits étoilées", trial_days=14, prices=BY_CARD, **MONTH
    )
    take_cards(session, shop)
    waiting, begun = (_trial(session, plan, now, key) for key in ("w" * 43, "b" * 43))
    for number, placed in enumerate((waiting, begun)):
        url = f"https://pay.example/{number}"
        write_payment(session, placed.order, rail="card", provider_id=f"cs_{number}", pay_url=url, now=now)
        move(session, placed.order, "awaiting_payment", now=now)
    trial = trial_of(session, begun.order)
    assert trial is not None
    trial.ends_at = now + 14 * make.DAY
    move(session, begun.order, "paid", now=now)
    return {
        "trial": f"/p/{plan.slug}",
        "trial-order": f"/o/{waiting.page_token}",
        "trial-begun": f"/o/{begun.page_token}",
    }


def _trial(session: Session, plan: Product, now: datetime, key: str) -> Placed:
    return place_on_web(
        session,
        product_id=id_of(plan),
        rail="card",
        currency="EUR",
        language="fr",
        policy=make.POLICY,
        order_ttl=TTL,
        now=now,
        idempotency_key=key,
        waiver=NOT_ASKED,
        trial=True,
    )


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
