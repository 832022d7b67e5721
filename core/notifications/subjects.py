"""Where each notification leads (C14): the address that opens what it is about."""

from collections.abc import Mapping
from typing import Literal

from core.process.settings import Settings
from core.telegram.deep_links import bot_address, start_link
from schemas.notifications import Kind

Subject = Literal["order", "sale", "member", "plan", "channel"]
"""What a notification is about: the beginning of the start parameter that shows it, like `member_7`."""
SUBJECT = "subject"
"""The blank that carries the start parameter of what a notification is about; no text shows it."""
OF_ORDERS: frozenset[Kind] = frozenset({"payment_verified", "payment_problem", "payment_refunded"})
OF_SALES: frozenset[Kind] = frozenset({"sale_disputed"})
OF_ADMINS: frozenset[Kind] = frozenset({"shop_alarm"})


def subject(kind: Subject, name: str | int) -> str:
    """The start parameter that shows this thing to whom it belongs."""
    return f"{kind}_{name}"


def action_url(kind: str, params: Mapping[str, object], settings: Settings) -> str:
    """Where a notification leads: an order by its number, a shop's alarm to its figures in the Mini App, all
    others to the subject that they were given. One from before that has none opens the bot; "" for a shop
    whose bot has no name yet.
    """
    if kind in OF_ADMINS and settings.public_url:
        return f"{settings.public_url}/app/#/numbers"
    parameter = params.get(SUBJECT)
    if kind in OF_ORDERS and "number" in params:
        parameter = subject("order", str(params["number"]))
    if kind in OF_SALES and "number" in params:
        parameter = subject("sale", str(params["number"]))
    if not parameter or not settings.bot_username:
        return bot_address(settings.bot_username)
    return start_link(settings.bot_username, str(parameter))
