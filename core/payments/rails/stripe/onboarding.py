"""How a seller comes to Stripe and back: a ticket for the seller's browser, an account, a link to its form.

A link of Stripe's is good once and for minutes, and only for the seller who is signed in
(https://docs.stripe.com/connect/hosted-onboarding): so no message ever holds one. The Mini App, where
Telegram has signed the seller in, gets the address of a page of ours with a ticket of an hour; each time
that page is opened it has a new link made. What comes back with the seller proves nothing: the account is
looked at.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid4

import msgspec
from sqlmodel import Session, col, select

from core.audit.record import record
from core.jobs.ledger import enqueue
from core.kit.db import Database
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of, must_get
from core.kit.tokens import random_token, token_hash
from core.payments.rails.stripe import accounts
from core.payments.rails.stripe.api import StripeApi
from core.payments.rails.stripe.platform import mark, request_key, shop_name
from core.payments.rails.stripe.protocol import Fields, StripeRefused, is_live
from core.process.settings import Settings
from schemas.people import Seller
from schemas.stripe import StripeAccount
from schemas.stripe_jobs import CheckStripeAccount, LeaveStripe

TICKET_TTL = timedelta(hours=1)
PAGES = "/stripe"
"""Where our pages on the way to Stripe and back are."""
CONNECT = "https://connect.stripe.com"
NOT_OURS = frozenset({"account_invalid", "resource_missing"})
"""Stripe's words for an account that we may not see: it is gone, or was disconnected."""


class Made(msgspec.Struct):
    """What was just made, by its id."""

    id: str


class Link(msgspec.Struct):
    """An account link."""

    url: str


class Grant(msgspec.Struct):
    """What OAuth gives for a code (https://docs.stripe.com/connect/oauth-reference)."""

    stripe_user_id: str


def issue_ticket(session: Session, seller_id: int, *, now: datetime) -> str:
    """Begin, or go on, and give the token that opens the way to Stripe for an hour; an older one is void."""
    row = accounts.begin(session, seller_id, now=now)
    token = random_token()
    row.ticket_hash, row.ticket_until = token_hash(token), now + TICKET_TTL
    session.add(row)
    session.flush()
    return token


def find_ticket(session: Session, token: str) -> StripeAccount:
    """The row of a ticket, however old. Raises `NotFound` "stripe-way-unknown"."""
    statement = select(StripeAccount).where(StripeAccount.ticket_hash == token_hash(token))
    row = session.exec(statement).one_or_none()
    if row is None:
        raise NotFound("stripe-way-unknown")
    return row


def require_ticket(session: Session, token: str, *, now: datetime) -> StripeAccount:
    """The row of a ticket that is still good. Raises `Refused` "stripe-way-expired", `NotFound` as above."""
    row = find_ticket(session, token)
    if row.ticket_until is None or row.ticket_until <= now:
        raise Refused("stripe-way-expired")
    return row


def ask_for_check(session: Session, row: StripeAccount) -> None:
    """Have a worker look at the account now; while one is about to, this adds nothing."""
    if row.account_id is not None and row.state != "disconnected":
        enqueue(session, CheckStripeAccount(row_id=id_of(row)).now())


def connected_ids(session: Session) -> list[int]:
    """The rows of all accounts that exist and are connected."""
    statement = select(StripeAccount.id).where(
        StripeAccount.state != "disconnected", col(StripeAccount.account_id).is_not(None)
    )
    return [identity for identity in session.exec(statement) if identity is not None]


def end_connection(session: Session, seller_id: int, *, actor: str, now: datetime) -> None:
    """Take no more cards for this seller, and have Stripe let us go; without a connection nothing happens."""
    row = accounts.connected(session, seller_id, lock=True)
    if row is None:
        return
    accounts.disconnect(session, row, actor=actor, now=now)
    if row.account_id is not None:
        enqueue(session, LeaveStripe(row_id=id_of(row)).once())


def way_to_form(
    database: Database, api: StripeApi, settings: Settings, row_id: int, token: str, *, now: datetime
) -> str:
    """The address of Stripe's form for this account, which is made before where there is none.

    Asked for again and again, by two at once too, there is one account. Raises `Refused` "stripe-refused".
    """
    live = is_live(settings.stripe_secret_key)
    with database.transaction() as session:
        row = _of_mode(session, accounts.get_row(session, row_id, lock=True), live, now)
        identity, account_id, made_at = id_of(row), row.account_id, row.created_at
        name = must_get(session, Seller, row.seller_id, "shop-unknown").name
        shop = shop_name(session)
    try:
        if account_id is None:
            key = request_key(mark(shop, made_at), "account", identity)
            account_id = api.post(Made, "/v2/core/accounts", account_fields(name, identity), key=key).id
            _keep_id(database, identity, account_id, live)
        back = settings.public_url + PAGES
        fields = link_fields(account_id, refresh=f"{back}/go/{token}", back=f"{back}/back/{token}")
        key = request_key(shop, "account-link", uuid4().hex)
        return api.post(Link, "/v2/core/account_links", fields, key=key).url
    except StripeRefused as refused:
        with database.transaction() as session:  # an account that is gone makes room for another
            ask_for_check(session, accounts.get_row(session, identity))
        raise Refused("stripe-refused", {"code": refused.code[:60]}) from refused


def way_to_consent(settings: Settings, token: str) -> str:
    """The page of Stripe where somebody who has an account there lets this shop charge for them (OAuth)."""
    query = {
        "response_type": "code",
        "client_id": settings.stripe_client_id,
        "scope": "read_write",
        "redirect_uri": f"{settings.public_url}{PAGES}/connected",
        "state": token,
    }
    return f"{settings.stripe_address or CONNECT}/oauth/authorize?{urlencode(query)}"


def take_code(
    database: Database, api: StripeApi, settings: Settings, row_id: int, code: str, *, now: datetime
) -> None:
    """The account that somebody let us have becomes the seller's.

    Raises `Refused`: "stripe-code-void" for a code that is none any more, "stripe-account-taken" where
    another shop has that account.
    """
    fields = {"grant_type": "authorization_code", "code": code}
    try:
        account_id = api.exchange(Grant, "/oauth/token", fields).stripe_user_id
    except StripeRefused as refused:
        raise Refused("stripe-code-void") from refused
    with database.transaction() as session:
        row = accounts.get_row(session, row_id, lock=True)
        row = _adopt(session, row, account_id, now)
        row.livemode = is_live(settings.stripe_secret_key)
        session.add(row)
        ask_for_check(session, row)


def look(api: StripeApi, account_id: str) -> accounts.Account | None:
    """The account as Stripe shows it now; None: we may not see it any more."""
    path, query = f"/v2/core/accounts/{account_id}", {"include": accounts.INCLUDE}
    try:
        return api.get(accounts.Account, path, query)
    except StripeRefused as refused:
        if refused.code in NOT_OURS:
            return None
        raise


def account_fields(name: str, row_id: int) -> Fields:
    """What is said of a new account: the seller's own, with Stripe's dashboard, fees and losses theirs."""
    return {
        "display_name": name,
        "dashboard": "full",
        "configuration": {"merchant": {"capabilities": {"card_payments": {"requested": True}}}},
        "defaults": {"responsibilities": {"fees_collector": "stripe", "losses_collector": "stripe"}},
        "metadata": {"comptoir_account": str(row_id)},
    }


def link_fields(account_id: str, *, refresh: str, back: str) -> Fields:
    """What is asked of an account link: everything at once, so that Stripe does not come back for more."""
    pages = {
        "collection_options": {"fields": "eventually_due"},
        "refresh_url": refresh,
        "return_url": back,
    }
    use: Mapping[str, object] = {"type": "account_onboarding", "account_onboarding": pages}
    return {"account": account_id, "use_case": use}  # type: ignore[dict-item]


def _of_mode(session: Session, row: StripeAccount, live: bool, now: datetime) -> StripeAccount:
    """The row itself, or a new one with its ticket where its account is of the other mode than our key."""
    if row.account_id is None or row.livemode == live:
        return row
    ticket_hash, ticket_until = row.ticket_hash, row.ticket_until
    accounts.disconnect(session, row, actor="system", now=now)
    fresh = accounts.begin(session, row.seller_id, now=now)
    fresh.ticket_hash, fresh.ticket_until = ticket_hash, ticket_until
    session.add(fresh)
    session.flush()
    return fresh


def _keep_id(database: Database, row_id: int, account_id: str, live: bool) -> None:
    with database.transaction() as session:
        row = accounts.get_row(session, row_id, lock=True)
        row.account_id, row.livemode = account_id, live
        session.add(row)


def _adopt(session: Session, row: StripeAccount, account_id: str, now: datetime) -> StripeAccount:
    """The row that has this account from now on; one of the seller's from before takes it up again."""
    known = accounts.by_account_id(session, account_id)
    if known is not None and known.seller_id != row.seller_id:
        raise Refused("stripe-account-taken")
    known = known and accounts.get_row(session, id_of(known), lock=True)
    if known is row:
        return row
    if known is None and row.account_id is None:
        row.account_id = account_id
        return row
    accounts.disconnect(session, row, actor="system", now=now)
    taken = known or StripeAccount(seller_id=row.seller_id, account_id=account_id, created_at=now)
    taken.state, taken.missing, taken.disconnected_at = "incomplete", [], None
    session.add(taken)
    session.flush()
    record(session, "system", "stripe.begun", f"seller:{taken.seller_id}")
    return taken
