"""The Stripe accounts of sellers: how far each is with card payments, as Stripe says it.

Readiness is the capability `card_payments` of the merchant's configuration and nothing else: that a seller
came back from Stripe proves nothing (https://docs.stripe.com/connect/accounts-v2).

Who locks an account locks its seller before, as `begin` does, where there is no account yet to be locked: so
nobody waits for somebody who waits for them.
"""

from datetime import datetime

import msgspec
from sqlmodel import Session, select
from sqlmodel.sql.expression import SelectOfScalar

from core.audit.record import record
from core.kit.errors import Refused
from core.kit.rows import must_get
from core.notifications.notify import notify
from schemas.people import Seller
from schemas.stripe import AccountState, Missing, StripeAccount

RAIL = "card"
"""The name of the rail that the accounts are for."""
INCLUDE = ("configuration.merchant", "defaults", "requirements")
"""What has to be asked for by name, or it is not in the answer."""
STATES: dict[str, AccountState] = {
    "active": "active",
    "pending": "checking",
    "restricted": "incomplete",
    "rejected": "rejected",
    "unsupported": "rejected",
}
"""By Stripe's word for how the capability stands."""
KINDS: tuple[tuple[str, Missing], ...] = (
    ("business_profile.url", "website"),
    ("profile.business_url", "website"),
    ("document", "documents"),
    ("terms_of_service", "terms"),
    ("tos_acceptance", "terms"),
    ("bank", "bank_account"),
    ("external_account", "bank_account"),
    ("outbound", "bank_account"),
    ("individual", "identity"),
    ("person", "identity"),
    ("representative", "identity"),
    ("business", "business"),
    ("company", "business"),
)
"""What Stripe's names of requirements contain, first match first."""
TOLD: dict[AccountState, str] = {
    "active": "stripe-active",
    "incomplete": "stripe-incomplete",
    "rejected": "stripe-rejected",
    "disconnected": "stripe-disconnected",
}
"""What the seller is told once an account has come into a state."""


class Capability(msgspec.Struct):
    """Whether a seller may do one thing."""

    status: str


class Capabilities(msgspec.Struct):
    """What a seller may do."""

    card_payments: Capability | None = None


class Merchant(msgspec.Struct):
    """The seller as one who is paid."""

    capabilities: Capabilities | None = None


class Configuration(msgspec.Struct):
    """The seller's roles at Stripe."""

    merchant: Merchant | None = None


class Requirement(msgspec.Struct):
    """One thing that Stripe wants."""

    description: str
    awaiting_action_from: str


class Requirements(msgspec.Struct):
    """All that Stripe wants."""

    entries: list[Requirement] | None = None


class Defaults(msgspec.Struct):
    """What counts where nothing else is said."""

    currency: str | None = None


class Account(msgspec.Struct):
    """An account as `GET /v2/core/accounts/{id}` shows it, with what `INCLUDE` names."""

    id: str
    livemode: bool
    closed: bool | None = None
    configuration: Configuration | None = None
    defaults: Defaults | None = None
    requirements: Requirements | None = None


def state_of(account: Account) -> AccountState:
    """How far an account is."""
    if account.closed:
        return "disconnected"
    merchant = account.configuration and account.configuration.merchant
    card_payments = merchant and merchant.capabilities and merchant.capabilities.card_payments
    return STATES.get(card_payments.status, "incomplete") if card_payments else "incomplete"


def missing_of(account: Account) -> list[Missing]:
    """What the seller still has to give Stripe, each kind once, sorted."""
    entries = (account.requirements and account.requirements.entries) or []
    return sorted({_kind(entry.description) for entry in entries if entry.awaiting_action_from == "user"})


def connected(session: Session, seller_id: int, *, lock: bool = False) -> StripeAccount | None:
    """The account that a seller is connecting or has connected."""
    if lock:
        must_get(session, Seller, seller_id, "shop-unknown", lock=True)
    statement = select(StripeAccount).where(
        StripeAccount.seller_id == seller_id, StripeAccount.state != "disconnected"
    )
    return session.exec(_locked(statement, lock)).one_or_none()


def active_account(session: Session, seller_id: int) -> StripeAccount | None:
    """The account by which buyers can pay a seller now; None: cards are not to be offered."""
    account = connected(session, seller_id)
    return account if account is not None and account.state == "active" else None


def by_account_id(session: Session, account_id: str, *, lock: bool = False) -> StripeAccount | None:
    """The row of `acct_…`, also of one that is disconnected; None: it is no seller's of ours."""
    identity = session.exec(
        select(StripeAccount.id).where(StripeAccount.account_id == account_id)
    ).one_or_none()
    return None if identity is None else get_row(session, identity, lock=lock)


def get_row(session: Session, row_id: int, *, lock: bool = False) -> StripeAccount:
    """The row of this id. Raises `NotFound` "stripe-way-unknown"."""
    row = must_get(session, StripeAccount, row_id, "stripe-way-unknown")
    if not lock:
        return row
    must_get(session, Seller, row.seller_id, "shop-unknown", lock=True)  # whose row it is never changes
    return must_get(session, StripeAccount, row_id, "stripe-way-unknown", lock=True)


def begin(session: Session, seller_id: int, *, now: datetime) -> StripeAccount:
    """The row of the account that the seller wants to connect, locked; asked twice, the same one.

    Raises `Refused` "shop-unknown" as a `NotFound`, "shop-not-approved" where the shop may not sell.
    """
    seller = must_get(session, Seller, seller_id, "shop-unknown", lock=True)
    if seller.status != "approved":
        raise Refused("shop-not-approved", {"name": seller.name})
    account = connected(session, seller_id, lock=True)
    if account is None:
        account = StripeAccount(seller_id=seller_id, created_at=now)
        session.add(account)
        session.flush()
        record(session, f"user:{seller.user_id}", "stripe.begun", f"seller:{seller_id}")
    return account


def note(session: Session, row: StripeAccount, account: Account, *, now: datetime) -> bool:
    """Write down what Stripe says of an account, and tell the seller of a change; whether there was one.

    `row` is locked. One that is disconnected stays so: only connecting it again changes that.
    """
    row.checked_at = now
    session.add(row)
    if row.state == "disconnected":
        return False
    state, missing = state_of(account), missing_of(account)
    if state == "disconnected":
        disconnect(session, row, actor="system", now=now)
        return True
    before = (row.state, list(row.missing))
    row.state, row.missing, row.livemode = state, missing, account.livemode
    currency = account.defaults and account.defaults.currency
    row.currency = currency.upper() if currency else row.currency
    if before == (state, missing):
        return False
    session.flush()
    if before[0] != state:
        record(session, "system", f"stripe.{state}", f"seller:{row.seller_id}")
        _offer(session, row)
        _tell(session, row)
    return True


def disconnect(session: Session, row: StripeAccount, *, actor: str, now: datetime) -> None:
    """The connection is at an end: no card can be taken any more. `row` is locked; again, nothing happens."""
    if row.state == "disconnected":
        return
    row.state, row.missing, row.disconnected_at = "disconnected", [], now
    row.ticket_hash = row.ticket_until = None
    session.add(row)
    session.flush()
    record(session, actor, "stripe.disconnected", f"seller:{row.seller_id}")
    _offer(session, row)
    if row.account_id is not None:
        _tell(session, row)


def _offer(session: Session, row: StripeAccount) -> None:
    """The seller takes cards while the account is active: nothing is to be ticked, and no page offers what
    Stripe would refuse."""
    seller = must_get(session, Seller, row.seller_id, "shop-unknown", lock=True)
    others = [rail for rail in seller.rails if rail != RAIL]
    seller.rails = [*others, RAIL] if row.state == "active" else others
    session.add(seller)


def _tell(session: Session, row: StripeAccount) -> None:
    if code := TOLD.get(row.state):
        seller = must_get(session, Seller, row.seller_id, "shop-unknown")
        notify(session, seller.user_id, code, {"name": seller.name})


def _kind(description: str) -> Missing:
    lowered = description.lower()
    return next((kind for part, kind in KINDS if part in lowered), "other")


def _locked(statement: SelectOfScalar[StripeAccount], lock: bool) -> SelectOfScalar[StripeAccount]:
    if not lock:
        return statement
    return statement.with_for_update(key_share=True).execution_options(populate_existing=True)
