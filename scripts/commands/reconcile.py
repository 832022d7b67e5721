"""`comptoir reconcile`: our books beside those of payment providers, and what to do where they differ."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from core.kit.money import Money
from scripts.terminal.console import Json, Var, open_database, show_json, show_rows
from scripts.terminal.context import load_settings

if TYPE_CHECKING:
    from core.kit.db import Database
    from core.payments.books import Comparison, Difference
    from core.payments.rails.port import PaymentProvider
    from core.payments.rails.stripe.api import StripeApi
    from core.ports import ChannelGateway, Messenger
    from core.process.settings import Settings

app = typer.Typer(add_completion=False)
SUMS = ("rail", "seller", "kind", "theirs", "ours")
COLUMNS = ("rail", "order", "kind", "id", "at", "theirs", "ours", "do")
FETCH = "comptoir schedule run compare_books, which fetches it"
TODO = {
    (
        "unknown-here",
        "charge",
    ): f"{FETCH}; if it stays: refund it there, or see `comptoir orders show`, where "
    "support decides about odd money",
    ("unknown-here", "refund"): f"{FETCH}; if it stays: comptoir events list",
    ("unknown-here", "fee"): FETCH,
    ("unknown-there", "charge"): "look for it at the provider before anything is given back",
    ("unknown-there", "refund"): "look for it at the provider: the buyer was told that it is back",
    ("unknown-here", "dispute"): FETCH,
    ("unknown-here", "dispute_fee"): FETCH,
    ("unknown-there", "dispute"): "look for it at the provider, among the disputes",
    ("unknown-there", "dispute_fee"): "look for it at the provider, among the disputes",
    ("unknown-there", "fee"): "look for it at the provider: the fee was not taken",
}
DIFFERS = f"{FETCH}; if it stays: compare `comptoir orders show` with the provider's page of this payment"


@dataclass(frozen=True)
class _Gateways:
    settings: "Settings"
    stripe: "StripeApi"
    provider: "PaymentProvider"
    messenger: "Messenger"

    @property
    def channels(self) -> "ChannelGateway":
        """The bot's account at Telegram."""
        return self.messenger.channels


@app.command()
def reconcile(as_json: Json = False, var: Var = None) -> None:
    """Compare payments, refunds, fees and disputes of the last 31 days with what the providers of every rail
    have, by seller and currency. Nothing is changed: `comptoir schedule run compare_books` fetches what we
    lack. Exit code 1 where something differs or cannot be read.
    """
    from core.payments.books import compare_books
    from schemas.base import utc_now

    settings = load_settings(var)
    with open_database(settings) as database, _gateways(settings, database) as gateways:
        compared = compare_books(database, gateways, now=utc_now())
    if as_json:
        show_json([_facts(each) for each in compared])
    else:
        _show(compared)
    sys.exit(int(any(each.differences or each.unread or each.failure for each in compared)))


@contextmanager
def _gateways(settings: "Settings", database: "Database") -> Iterator[_Gateways]:
    from core.kit.redis_client import open_redis
    from workers.services import Closable, open_messenger, open_provider, open_stripe

    with ExitStack() as opened, closing(open_redis(settings.redis_url, timeout=2.0, retries=2)) as client:
        stripe, provider = open_stripe(settings), open_provider(settings)
        messenger = open_messenger(settings, database, client)
        for port in (stripe, provider, messenger):
            if isinstance(port, Closable):
                opened.callback(port.close)
        yield _Gateways(settings, stripe, provider, messenger)


def _show(compared: "list[Comparison]") -> None:
    sums = [
        {
            "rail": each.rail,
            "seller": line.seller_id,
            "kind": line.kind,
            "theirs": Money(line.theirs, line.currency),
            "ours": Money(line.ours, line.currency),
        }
        for each in compared
        for line in each.sums
    ]
    show_rows(sums, SUMS, False, "No provider has books of our orders.")
    rows = [{"rail": each.rail} | _row(one) for each in compared for one in each.differences]
    show_rows(rows, COLUMNS, False, "Nothing differs.")
    for each in compared:
        if each.without:
            print(f"{each.rail} is not compared. {each.without}")
        if each.failure is not None:
            print(f"{each.rail} could not be compared. {each.failure}")
        for account in each.unread:
            print(f"{account} was not shown to us: is it still connected? Its sales are not compared.")


def _facts(comparison: "Comparison") -> dict[str, Any]:
    return {
        "rail": comparison.rail,
        "sums": comparison.sums,
        "differences": [_row(each) for each in comparison.differences],
        "unread": comparison.unread,
        "without": comparison.without,
        "failure": str(comparison.failure or ""),
    }


def _row(difference: "Difference") -> dict[str, object]:
    line = difference.line
    return {
        "fault": difference.fault,
        "order": line.order_number,
        "seller": line.seller_id,
        "kind": line.kind,
        "id": line.id,
        "at": line.at,
        "theirs": difference.theirs,
        "ours": difference.ours,
        "do": TODO.get((difference.fault, line.kind), DIFFERS),
    }
