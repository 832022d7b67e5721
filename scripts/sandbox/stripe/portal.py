"""The customer portal (https://docs.stripe.com/customer-management, /api/customer_portal)."""

from typing import Literal

from scripts.sandbox.stripe import standing, subscriptions
from scripts.sandbox.stripe.book import Account, Book, How, Thing
from scripts.sandbox.stripe.catalogue import new_card
from scripts.sandbox.stripe.errors import invalid, missing
from scripts.sandbox.stripe.lists import Call, listing
from scripts.sandbox.stripe.values import ANY, ONE, PAGE, Table

Act = Literal["cancel_at_end", "cancel_now", "resume", "new_card", "new_bad_card"]
ENABLED: Table = {"enabled!": bool}
FEATURES: Table = {
    "customer_update": {"enabled": bool, "allowed_updates": [str]},
    "invoice_history": ENABLED,
    "payment_method_update": ENABLED,
    "subscription_cancel": {
        "enabled!": bool,
        "mode": ("at_period_end", "immediately"),
        "proration_behavior": str,
    },
}
PROFILE: Table = {"headline": str, "privacy_policy_url": str, "terms_of_service_url": str}
CONFIGURE: Table = {
    "features!": FEATURES,
    "business_profile": PROFILE,
    "default_return_url": str,
    "metadata": ANY,
} | ONE
OPEN: Table = {"customer!": str, "configuration": str, "return_url": str, "locale": str} | ONE


def configure(book: Book, call: Call) -> Thing:
    """POST /v1/billing_portal/configurations."""
    params = call.read(CONFIGURE)
    requested = params["features"]
    cancel = requested.get("subscription_cancel", {})
    features = {
        "customer_update": {"allowed_updates": [], "enabled": False} | requested.get("customer_update", {}),
        "invoice_history": {"enabled": False} | requested.get("invoice_history", {}),
        "payment_method_update": {"enabled": False} | requested.get("payment_method_update", {}),
        "subscription_cancel": {
            "cancellation_reason": {"enabled": False, "feedback_options": None, "options": []},
            "enabled": cancel.get("enabled", False),
            "mode": cancel.get("mode", "at_period_end"),
            "proration_behavior": cancel.get("proration_behavior", "none"),
        },
        "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
        "subscription_update": {
            "default_allowed_updates": [],
            "enabled": False,
            "products": None,
            "proration_behavior": "none",
            "schedule_at_period_end": {"conditions": []},
            "trial_update_behavior": "continue_trial",
        },
    }
    profile = dict.fromkeys(PROFILE) | params.get("business_profile", {})
    configuration = book.make(
        call.account,
        "bpc",
        "billing_portal.configuration",
        active=True,
        application=book.application if call.account else None,
        business_profile=profile,
        default_return_url=params.get("default_return_url"),
        features=features,
        is_default=not book.all(call.account, "billing_portal.configuration"),
        login_page={"enabled": False, "url": None},
        metadata=params.get("metadata", {}),
        updated=book.now(),
    )
    book.emit(call.account, "billing_portal.configuration.created", configuration)
    return configuration


def list_configurations(book: Book, call: Call) -> Thing:
    """GET /v1/billing_portal/configurations."""
    return listing(book, call, "billing_portal.configuration", PAGE | {"active": bool, "is_default": bool})


def open_portal(book: Book, call: Call) -> Thing:
    """POST /v1/billing_portal/sessions. Raises `StripeError` where the account has no configuration."""
    params = call.read(OPEN)
    book.get(call.account, "customer", params["customer"], "customer")
    configurations = book.all(call.account, "billing_portal.configuration")
    if "configuration" in params:
        identity = params["configuration"]
        configuration = book.get(call.account, "billing_portal.configuration", identity, "configuration")
    elif configurations:
        configuration = configurations[0]
    else:
        message = "No configuration provided and your default configuration has not been created."
        raise invalid("parameter_missing", message, "configuration")
    session = book.make(
        call.account,
        "bps",
        "billing_portal.session",
        configuration=configuration["id"],
        customer=params["customer"],
        flow=None,
        locale=params.get("locale"),
        on_behalf_of=None,
        return_url=params.get("return_url") or configuration["default_return_url"],
    )
    session["url"] = f"{book.url}/portal/{session['id']}"
    return session


def acts(book: Book, account: Account, session: Thing, subscription_id: str, act: Act) -> None:
    """What the customer presses there. Raises `StripeError` where the configuration does not offer it."""
    configuration = book.get(account, "billing_portal.configuration", session["configuration"])
    features = configuration["features"]
    feature = "payment_method_update" if act in ("new_card", "new_bad_card") else "subscription_cancel"
    if not features[feature]["enabled"]:
        raise invalid("parameter_invalid", f"The portal's configuration does not offer {feature}.")
    if feature == "payment_method_update":
        how: How = "ok" if act == "new_card" else "decline"
        new_card(book, account, session["customer"], how)
        return
    subscription = book.get(account, "subscription", subscription_id)
    if subscription["customer"] != session["customer"]:
        raise missing("subscription", subscription_id)
    if act == "cancel_now":
        standing.end(book, account, subscription, "cancellation_requested")
    else:
        at_period_end = act == "cancel_at_end"
        subscriptions.cancel_at_end(book, account, subscription, wanted=at_period_end)
