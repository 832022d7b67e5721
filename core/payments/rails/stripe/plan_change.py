"""Another plan for a running subscription: what that costs now, and the change itself.

What is left of the present period is set against the new plan's price
(https://docs.stripe.com/billing/subscriptions/prorations). The same `prorated_at` gives the same sum in the
preview and in the change (https://docs.stripe.com/api/invoices/create_preview).
"""

from dataclasses import dataclass

import msgspec

from core.kit.money import Money
from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.card_members import Interval
from core.payments.rails.stripe.platform import request_key
from core.payments.rails.stripe.protocol import Fields
from core.payments.rails.stripe.subscription_look import INVOICES, SUBSCRIPTIONS
from core.payments.rails.stripe.subscription_objects import Subscription
from schemas.card_subscription import CardSubscription

PRICES, PREVIEWS = "/v1/prices", f"{INVOICES}/create_preview"


class Made(msgspec.Struct, frozen=True):
    """A price that was made."""

    id: str


class Preview(msgspec.Struct, frozen=True):
    """An invoice that would be made, in minor units; `total` is below 0 where more is left than is due."""

    currency: str
    total: int
    amount_due: int


@dataclass(frozen=True)
class WantedPlan:
    """What is to be charged from now on; `share` of the operator in percent, empty for none; `prorated_at`:
    the moment of the change, seconds since 1970."""

    plan_id: int
    title: str
    price: Money
    every: Interval
    share: str
    prorated_at: int
    shop: str

    @property
    def new_price(self) -> Fields:
        """The price to be made, which names the plan for whoever looks at the subscription later."""
        return {
            "currency": self.price.currency.lower(),
            "unit_amount": self.price.amount,
            "recurring": {"interval": self.every.unit, "interval_count": self.every.times},
            "product_data": {"name": self.title},
            "tax_behavior": "inclusive",  # of a subscription that VAT is worked out of
            "metadata": {"plan": str(self.plan_id), "shop": self.shop},
        }


@dataclass(frozen=True)
class Proration:
    """What a change costs now, and what it puts in the place of what: ids of the item and of the price."""

    due: Money
    total: int
    item: str
    price: str


def preview(stripe: StripeApi, row: CardSubscription, wanted: WantedPlan, *, visit: str) -> Proration:
    """What a change costs. `visit` names this look. Raises as `StripeApi`."""
    account, path = row.account, f"{SUBSCRIPTIONS}/{row.subscription_id}"
    item = stripe.get(Subscription, path, account=account).items.data[0].id
    plan, price = wanted.plan_id, wanted.price
    key = request_key(
        wanted.shop, "price", plan, price.amount, price.currency, *wanted.every, wanted.prorated_at
    )
    made = stripe.post(Made, PRICES, wanted.new_price, key=key, account=account)
    fields: Fields = {
        "subscription": row.subscription_id,
        "subscription_details": _change(item, made.id, wanted),
    }
    seen = stripe.post(
        Preview, PREVIEWS, fields, key=request_key(wanted.shop, "preview", visit), account=account
    )
    return Proration(Money(seen.amount_due, seen.currency.upper()), seen.total, item, made.id)


def change_plan(
    stripe: StripeApi, row: CardSubscription, wanted: WantedPlan, proration: Proration, *, visit: str
) -> None:
    """Charge what it costs, and put the new plan in the place of the old; where the card is refused, nothing
    changes. Raises as `StripeApi`."""
    fields: Fields = {
        **_change(proration.item, proration.price, wanted),
        "payment_behavior": "error_if_incomplete",
        "application_fee_percent": wanted.share,  # empty: the operator takes nothing any more
    }
    path, key = f"{SUBSCRIPTIONS}/{row.subscription_id}", request_key(wanted.shop, "change", visit)
    stripe.post(Subscription, path, fields, key=key, account=row.account)


def _change(item: str, price: str, wanted: WantedPlan) -> Fields:
    return {
        "items": [{"id": item, "price": price}],
        "proration_behavior": "always_invoice",
        "proration_date": wanted.prorated_at,
    }
