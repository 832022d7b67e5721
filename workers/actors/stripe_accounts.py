"""Sellers' accounts at Stripe: the way there, what is known of them, and the end of a connection."""

from typing import Any

from core.jobs.ledger import enqueue
from core.kit.errors import Refused
from core.payments.rails.stripe import accounts, onboarding, tax
from schemas import ephemeral_jobs
from schemas import stripe_jobs as jobs
from schemas.base import utc_now
from workers.registry import actor, answers
from workers.run import Run
from workers.services import Services


@answers(ephemeral_jobs.StripeForm)
def stripe_form(services: Services, job: ephemeral_jobs.StripeForm) -> dict[str, Any]:
    """Make a link to Stripe's form, and the account before it. Refused with "cards-off" without a key."""
    if not services.settings.stripe_secret_key:
        raise Refused("cards-off")
    url = onboarding.way_to_form(
        services.database, services.stripe, services.settings, job.row_id, job.ticket, now=utc_now()
    )
    return {"url": url}


@answers(ephemeral_jobs.TakeStripeCode)
def take_stripe_code(services: Services, job: ephemeral_jobs.TakeStripeCode) -> dict[str, Any]:
    """Take the account that its owner lets us have."""
    onboarding.take_code(
        services.database, services.stripe, services.settings, job.row_id, job.code, now=utc_now()
    )
    return {}


@actor(jobs.CheckStripeAccount)
def check_stripe_account(run: Run, job: jobs.CheckStripeAccount) -> None:
    """Write down what Stripe says of an account, or that it is gone."""
    with run.services.database.transaction() as session:
        row = accounts.get_row(session, job.row_id)
        account_id, taxed = row.account_id, row.tax != "off"
    seen = onboarding.look(run.services.stripe, account_id) if account_id else None
    ready = bool(seen and account_id and taxed) and tax.look_at_tax(run.services.stripe, account_id or "")
    with run.effect() as session:
        row = accounts.get_row(session, job.row_id, lock=True)
        if seen is not None:
            accounts.note(session, row, seen, now=run.now())
            if taxed:
                tax.note_tax(session, row, ready=ready)
        elif account_id:
            accounts.disconnect(session, row, actor="system", now=run.now())


@actor(jobs.CheckStripeAccounts)
def check_stripe_accounts(run: Run, job: jobs.CheckStripeAccounts) -> None:
    """Ask for a look at each account that is connected."""
    with run.effect() as session:
        for row_id in onboarding.connected_ids(session):
            enqueue(session, jobs.CheckStripeAccount(row_id=row_id).now())


@actor(jobs.LeaveStripe)
def leave_stripe(run: Run, job: jobs.LeaveStripe) -> None:
    """Without OAuth's client id the seller ends it in Stripe's own settings, as the shop has said."""
    client = run.services.settings.stripe_client_id
    with run.services.database.transaction() as session:
        row = accounts.get_row(session, job.row_id)
        account_id, over = row.account_id, row.state == "disconnected"
    api = run.services.stripe
    # Asked again for one that is let go already, Stripe answers as to a wrong key.
    if client and account_id and over and onboarding.look(api, account_id) is not None:
        fields = {"client_id": client, "stripe_user_id": account_id}
        api.exchange(onboarding.Grant, "/oauth/deauthorize", fields)
    with run.effect():
        pass
