"""Connected accounts, of Accounts v2 and v1: one state, two views.

https://docs.stripe.com/connect/accounts-v2, https://docs.stripe.com/api/v2/core/accounts,
https://docs.stripe.com/changelog/dahlia/2026-08-26/2026-08-17-blocks-unsupported-integration-patterns.
"""

from datetime import UTC, datetime
from typing import Any, Literal

from scripts.sandbox.stripe.book import Book, Thing
from scripts.sandbox.stripe.errors import StripeError, invalid
from scripts.sandbox.stripe.lists import Call, listing
from scripts.sandbox.stripe.values import ANY, ONE, PAGE, Table

Standing = Literal["restricted", "pending", "active"]
"""How far an account is with card payments: something is missing, Stripe checks, it may charge."""

REQUESTED: Table = {"requested!": bool}
CAPABILITIES: Table = {"card_payments": REQUESTED, "sepa_debit_payments": REQUESTED}
COLLECTOR = ("stripe", "application")
COLLECTORS: Table = {"fees_collector!": COLLECTOR, "losses_collector!": COLLECTOR}
INCLUDE = ("configuration.merchant", "defaults", "identity", "requirements", "future_requirements")
CREATE: Table = {
    "configuration": {"merchant": {"capabilities": CAPABILITIES}, "customer": {}},
    "contact_email": str,
    "dashboard": ("express", "full", "none"),
    "defaults": {"currency": str, "locales": [str], "responsibilities": COLLECTORS},
    "display_name": str,
    "identity": {"country": str, "entity_type": str},
    "include": [INCLUDE],
    "metadata": ANY,
}
RETRIEVE: Table = {"include": [INCLUDE]}
LEGACY: Table = {
    "type": ("standard", "express", "custom"),
    "controller": {
        "fees": {"payer": ("account", "application")},
        "losses": {"payments": ("application", "stripe")},
        "requirement_collection": ("application", "stripe"),
        "stripe_dashboard": {"type": ("express", "full", "none")},
    },
    "country": str,
    "email": str,
    "metadata": ANY,
} | ONE
THIN = "v2.core.account"
STATUS_UPDATED = f"{THIN}[configuration.merchant].capability_status_updated"
REQUIREMENTS_UPDATED = f"{THIN}[requirements].updated"


def create(book: Book, call: Call) -> Thing:
    """POST /v2/core/accounts, JSON. Only what `include` names is shown of it."""
    params = call.read(CREATE)
    defaults = params.get("defaults", {})
    if params.get("dashboard") == "full" and "responsibilities" not in defaults:
        message = "defaults.responsibilities is required with a dashboard."
        raise invalid("missing_field", message, "defaults.responsibilities")
    identity = open_account(
        book,
        email=params.get("contact_email"),
        country=params.get("identity", {}).get("country", "fr"),
        dashboard=params.get("dashboard", "none"),
        metadata=params.get("metadata", {}),
        name=params.get("display_name"),
    )
    merchant = params.get("configuration", {}).get("merchant", {})
    book.note(identity)["merchant"] = "merchant" in params.get("configuration", {})
    book.note(identity)["requested"] = sorted(merchant.get("capabilities", {}))
    _thin(book, identity, f"{THIN}.created")
    return _view(book, identity, params.get("include", []))


def retrieve(book: Book, call: Call) -> Thing:
    """GET /v2/core/accounts/{id}. Raises `StripeError` 404."""
    params = call.read(RETRIEVE)
    book.get(None, "account", call.ids[0])
    check_connected(book, call.ids[0])
    return _view(book, call.ids[0], params.get("include", []))


def create_legacy(book: Book, call: Call) -> Thing:
    """POST /v1/accounts, which a driver may have refused as it is to new platforms."""
    params = call.read(LEGACY)
    if book.refuses_legacy:
        message = "New platforms create accounts with Accounts v2: POST /v2/core/accounts."
        raise StripeError(403, "platform_account_required", message)
    full = params.get("type") == "standard" or params.get("controller", {}).get("stripe_dashboard", {})
    identity = open_account(
        book,
        email=params.get("email"),
        country=params.get("country", "FR"),
        dashboard="full" if full else "none",
        metadata=params.get("metadata", {}),
        name=None,
    )
    return book.get(None, "account", identity)


def retrieve_legacy(book: Book, call: Call) -> Thing:
    """GET /v1/accounts/{id}, also of an account made with v2."""
    call.read(ONE)
    return book.get(None, "account", call.ids[0])


def list_legacy(book: Book, call: Call) -> Thing:
    """GET /v1/accounts."""
    return listing(book, call, "account", PAGE)


def open_account(
    book: Book,
    *,
    email: str | None,
    country: str,
    dashboard: str,
    metadata: dict[str, str],
    name: str | None,
) -> str:
    """A new account, which may not charge yet; its id."""
    identity = book.id("acct")
    book.things[identity] = {}
    book.notes[identity] = {
        "connected": True,
        "country": country.upper(),
        "created": book.now(),
        "dashboard": dashboard,
        "email": email,
        "merchant": True,
        "metadata": metadata,
        "name": name,
        "requested": ["card_payments"],
        "standing": "restricted",
    }
    book.put(None, _legacy_view(book, identity))
    return identity


def stands(book: Book, identity: str, standing: Standing) -> Thing:
    """Let Stripe find that something is missing, that it must check, or that all is there."""
    note = book.note(identity)
    note["standing"] = standing
    account = book.put(None, _legacy_view(book, identity))
    book.emit(identity, "account.updated", account)
    reason = None if standing == "active" else "requirements.fields_needed"
    capability = {
        "id": "card_payments",
        "object": "capability",
        "account": identity,
        "requested": True,
        "requested_at": note["created"],
        "requirements": account["requirements"] | {"disabled_reason": reason},
        "status": {"active": "active", "pending": "pending", "restricted": "inactive"}[standing],
    }
    book.emit(identity, "capability.updated", capability)
    _thin(book, identity, STATUS_UPDATED, {"updated_capability": "card_payments"})
    _thin(book, identity, REQUIREMENTS_UPDATED)
    return account


def check_connected(book: Book, identity: str) -> None:
    """Raises `StripeError` 403 where the account has let the platform go."""
    if not book.note(identity)["connected"]:
        message = f"The provided key does not have access to account '{identity}'."
        raise StripeError(403, "account_invalid", message)


def check_active(book: Book, identity: str | None) -> None:
    """Raises `StripeError` where an account may not charge yet."""
    if identity is not None and book.note(identity)["standing"] != "active":
        message = "Your account cannot currently make live charges. Finish its onboarding."
        raise invalid("account_invalid", message)


def moment(seconds: int) -> str:
    """A moment as v2 writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _thin(book: Book, identity: str, kind: str, data: Thing | None = None) -> None:
    """A thin event of the platform's (https://docs.stripe.com/event-destinations)."""
    related = {"id": identity, "type": THIN, "url": f"/v2/core/accounts/{identity}"}
    event = {
        "id": book.id("evt"),
        "object": "v2.core.event",
        "created": moment(book.now()),
        "livemode": False,
        "reason": None,
        "related_object": related,
        "type": kind,
    }
    book.publish(None, event | ({"data": data} if data else {}))


def _view(book: Book, identity: str, include: list[str]) -> Thing:
    note = book.note(identity)
    account: dict[str, Any] = {
        "id": identity,
        "object": THIN,
        "applied_configurations": ["merchant"] if note["merchant"] else [],
        "closed": False,
        "contact_email": note["email"],
        "created": moment(note["created"]),
        "dashboard": note["dashboard"],
        "display_name": note["name"],
        "livemode": False,
        "metadata": note["metadata"],
    }
    parts = {
        "configuration.merchant": ("configuration", {"merchant": _merchant(note)}),
        "defaults": ("defaults", _defaults()),
        "identity": ("identity", {"country": note["country"].lower(), "entity_type": None}),
        "requirements": ("requirements", _requirements(note)),
        "future_requirements": ("future_requirements", {"entries": []}),
    }
    included = {parts[name][0]: parts[name][1] for name in include}
    unseen = dict.fromkeys(name for name, _ in parts.values())
    return account | unseen | included


def _defaults() -> Thing:
    collectors = dict.fromkeys(("fees_collector", "losses_collector", "requirements_collector"), "stripe")
    return {"currency": "eur", "locales": None, "profile": None, "responsibilities": collectors}


def _merchant(note: Thing) -> Thing | None:
    if not note["merchant"]:
        return None
    details = {
        "active": [],
        "pending": [{"code": "determining_status", "resolution": "no_resolution"}],
        "restricted": [{"code": "requirements_past_due", "resolution": "provide_info"}],
    }[note["standing"]]
    status = {"status": note["standing"], "status_details": details}
    return {"applied": True, "capabilities": dict.fromkeys(note["requested"], status)}


def _requirements(note: Thing) -> Thing:
    if note["standing"] != "restricted":
        return {"entries": [], "summary": None}
    entry = {
        "awaiting_action_from": "user",
        "description": "identity.business_details.address",
        "errors": [],
        "impact": {"restricts_capabilities": []},
        "minimum_deadline": {"status": "currently_due"},
        "requested_reasons": [{"code": "routine_onboarding"}],
    }
    return {"entries": [entry], "summary": {"minimum_deadline": {"status": "currently_due", "time": None}}}


def _legacy_view(book: Book, identity: str) -> Thing:
    note = book.note(identity)
    active, due = note["standing"] == "active", ["business_profile.url"]
    submitted = note["standing"] != "restricted"
    requirements = {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": [] if submitted else due,
        "disabled_reason": None if active else "requirements.past_due",
        "errors": [],
        "eventually_due": [] if submitted else due,
        "past_due": [],
        "pending_verification": due if note["standing"] == "pending" else [],
    }
    return {
        "id": identity,
        "object": "account",
        "business_profile": None,
        "business_type": None,
        "capabilities": {"card_payments": "active" if active else "inactive"},
        "charges_enabled": active,
        "controller": {"type": "application"},
        "country": note["country"],
        "created": note["created"],
        "default_currency": "eur",
        "details_submitted": submitted,
        "email": note["email"],
        "metadata": note["metadata"],
        "payouts_enabled": active,
        "requirements": requirements,
        "type": "standard" if note["dashboard"] == "full" else "none",
    }
