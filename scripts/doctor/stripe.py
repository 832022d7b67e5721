"""Checks of Stripe: the key and its mode, the webhook endpoints that it has for us, and its clock."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import msgspec
import urllib3
from urllib3.exceptions import HTTPError

from core.kit.errors import ComptoirError
from core.payments.rails.stripe.protocol import API_VERSION, is_live
from core.process.settings import Settings
from scripts.doctor.data import clock
from scripts.doctor.finding import Finding
from workers.services import stripe_client
from workers.stripe import Addresses

WEBHOOK = "/webhooks/stripe"
ASK = urllib3.Timeout(connect=5, read=5)
KINDS = {False: "the shop's own account", True: "sellers' accounts"}


class Endpoint(msgspec.Struct):
    """A webhook endpoint; `application` is set on those that hear of connected accounts."""

    id: str
    url: str
    status: str
    livemode: bool
    api_version: str | None = None
    application: str | None = None


def stripe(settings: Settings) -> Iterator[Finding]:
    """Check what Stripe has for us; nothing where the shop takes no cards."""
    if not settings.stripe_secret_key:
        return
    with closing(stripe_client(settings)) as client:
        try:
            endpoints = list(client.pages(Endpoint, "/v1/webhook_endpoints"))
        except ComptoirError as error:
            problem, _, mend = str(error).partition(". ")
            yield Finding("stripe", "fail", problem, mend or "Set STRIPE_SECRET_KEY to the key of Stripe.")
            return
    yield _mode(settings)
    ours = [each for each in endpoints if each.status == "enabled" and _is_ours(each.url, settings)]
    for connect in KINDS:
        of_kind = [each for each in ours if (each.application is not None) == connect]
        yield _endpoint(settings, of_kind, connect)
    yield from _clock(settings)


def _mode(settings: Settings) -> Finding:
    live = is_live(settings.stripe_secret_key)
    mode = "real money" if live else "test mode: nobody is charged"
    if live == (settings.env == "production"):
        return Finding("stripe", "ok", f"the key is good ({mode})")
    mend = "Set STRIPE_SECRET_KEY to the key of the other mode, or ENV, if that is not meant so."
    return Finding("stripe", "warn", f"the key is good, but of {mode}, while ENV is {settings.env}", mend)


def _is_ours(url: str, settings: Settings) -> bool:
    return url.rstrip("/").lower() == f"{settings.public_url}{WEBHOOK}".lower()


def _endpoint(settings: Settings, found: list[Endpoint], connect: bool) -> Finding:
    name = f"stripe webhooks of {'sellers' if connect else 'the shop'}"
    where = f"{settings.public_url}{WEBHOOK}"
    if not found:
        mend = f"At Stripe, Developers, Webhooks: add {where} for events of {KINDS[connect]}."
        return Finding(name, "fail", f"no endpoint tells us of {KINDS[connect]}: payments go unseen", mend)
    if len(found) > 1:
        names = " and ".join(each.id for each in found)
        return Finding(name, "fail", f"{names} both tell us of {KINDS[connect]}", "Delete all but one.")
    if found[0].url != where:
        problem = f"{found[0].id} goes to {found[0].url}, which is not exactly our address"
        return Finding(name, "fail", problem, f"Make it {where}, without anything behind.")
    if found[0].api_version != API_VERSION:
        problem = f"{found[0].id} speaks version {found[0].api_version or 'of the account'}"
        return Finding(name, "warn", problem, f"Make it anew with the version {API_VERSION}.")
    return Finding(name, "ok", f"one endpoint tells us of {KINDS[connect]}")


def _clock(settings: Settings) -> Iterator[Finding]:
    address = settings.stripe_address or Addresses().api
    try:
        answer = urllib3.request("GET", f"{address}/v1/balance", timeout=ASK, retries=False)
    except HTTPError:
        return  # it answered a moment ago: no news of its clock
    if answer.headers.get("date"):
        theirs = parsedate_to_datetime(answer.headers["date"])
        yield clock("stripe clock", "Stripe's", (theirs - datetime.now(UTC)).total_seconds())
