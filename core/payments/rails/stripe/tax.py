"""VAT by Stripe Tax, where a seller has switched it on: Stripe works it out of the price, which includes it.

Without a head office and a registration at Stripe Tax no page of Checkout could be opened, so it is switched
on once Stripe says that it is ready (https://docs.stripe.com/api/tax/settings,
https://docs.stripe.com/tax/checkout).
"""

from typing import Literal

import msgspec
from sqlmodel import Session

from core.audit.record import record
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of, must_get
from core.notifications.notify import notify
from core.payments.rails.stripe.accounts import by_account_id, connected
from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.onboarding import ask_for_check
from core.people.sellers import shop_of
from core.people.shop_rights import require_in
from schemas.people import Seller, User
from schemas.stripe import StripeAccount

SETTINGS = "/v1/tax/settings"
READY = "active"
Told = Literal["stripe-tax-on", "stripe-tax-missing"]


class TaxSettings(msgspec.Struct, frozen=True):
    """What Stripe Tax has of an account: `status` is active once all is there, pending before."""

    status: str


def choose_tax(session: Session, person: User, *, wanted: bool) -> StripeAccount:
    """Have VAT worked out on later sales by card of a person's shop, once Stripe Tax is ready, or no more.

    Memberships that are charged already stay as they began: Stripe changes none by itself, as it needs the
    address of each buyer, and gives sellers a tool for those where it has that
    (https://docs.stripe.com/tax/subscriptions/update). Raises `NotFound` "shop-unknown", `NotAllowed`,
    and `Refused` "cards-not-connected" where the shop has no account.
    """
    shop = shop_of(session, id_of(person))
    if shop is None:
        raise NotFound("shop-unknown")
    require_in(session, person, id_of(shop), "set_up_cards", unknown="shop-unknown")
    row = connected(session, id_of(shop), lock=True)
    if row is None or row.account_id is None:
        raise Refused("cards-not-connected")
    if wanted == (row.tax != "off"):
        if row.tax == "asked":
            ask_for_check(session, row)  # the seller was at Stripe meanwhile
        return row
    row.tax = "asked" if wanted else "off"
    session.add(row)
    session.flush()
    act = "stripe.tax-asked" if wanted else "stripe.tax-off"
    record(session, f"user:{person.id}", act, f"seller:{row.seller_id}")
    if wanted:
        ask_for_check(session, row)
    return row


def look_at_tax(api: StripeApi, account_id: str) -> bool:
    """Whether Stripe Tax has all that it needs of an account. Raises as the API does."""
    return api.get(TaxSettings, SETTINGS, account=account_id).status == READY


def doubt_tax(session: Session, account_id: str) -> None:
    """Stripe refused a page of Checkout that VAT was to be worked out on: see whether that is why."""
    row = by_account_id(session, account_id)
    if row is not None:
        ask_for_check(session, row)


def note_tax(session: Session, row: StripeAccount, *, ready: bool) -> None:
    """Write down whether Stripe Tax is ready, and tell the seller of a change; `row` is locked."""
    told: Told | None = None
    if row.tax == "asked" and ready:
        row.tax, told = "on", "stripe-tax-on"
    elif row.tax == "on" and not ready:
        row.tax, told = "asked", "stripe-tax-missing"
    if told is None:
        return
    session.add(row)
    session.flush()
    record(session, "system", f"stripe.tax-{row.tax}", f"seller:{row.seller_id}")
    seller = must_get(session, Seller, row.seller_id, "shop-unknown")
    notify(session, seller.user_id, told, {"name": seller.name})
