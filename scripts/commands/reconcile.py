"""`comptoir reconcile`: our books beside those of payment providers, and what to do where they differ."""

import sys
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import typer

from core.kit.money import Money
from scripts.terminal.console import Json, Var, open_database, row_of, show_json, show_rows
from scripts.terminal.context import load_settings

if TYPE_CHECKING:
    from core.payments.books import Comparison, Difference
    from core.payments.rails.stripe.api import StripeApi
    from core.process.settings import Settings

app = typer.Typer(add_completion=False)
SUMS = ("rail", "seller", "kind", "theirs", "ours")
COLUMNS = ("order", "kind", "id", "at", "theirs", "ours", "do")
TODO = {
    ("unknown-here", "charge"): "comptoir schedule run reconcile_cards; if it stays: refund it there, or "
    "see `comptoir orders show`, where support decides about odd money",
    ("unknown-here", "refund"): "comptoir schedule run reconcile_cards; if it stays: comptoir events list",
    ("unknown-here", "fee"): "comptoir schedule run reconcile_cards",
    (
        "unknown-there",
        "charge",
    ): "look for it in the seller's Dashboard before anything is given back",
    ("unknown-there", "refund"): "look for it in the seller's Dashboard: the buyer was told that it is back",
    ("unknown-there", "fee"): "look for it in the Dashboard: the fee was not taken",
}
DIFFERS = "compare `comptoir orders show` with the Dashboard: one payment has two amounts"


@dataclass(frozen=True)
class _Gateways:
    settings: "Settings"
    stripe: "StripeApi"


@app.command()
def reconcile(as_json: Json = False, var: Var = None) -> None:
    """Compare payments, refunds and fees of the last 31 days with what the providers have, by seller and
    currency. Cards alone so far. Nothing is changed. Exit code 1 where something differs or cannot be read.
    """
    from core.payments.books import compare_books
    from schemas.base import utc_now
    from workers.services import stripe_client

    settings = load_settings(var)
    with open_database(settings) as database, closing(stripe_client(settings)) as stripe:
        compared = compare_books(database, _Gateways(settings, stripe), now=utc_now())
    if as_json:
        rows = [(each, [_row(one) for one in each.differences]) for each in compared]
        show_json([row_of(each) | {"differences": differences} for each, differences in rows])
    else:
        _show(compared)
    sys.exit(int(any(each.differences or each.unread for each in compared)))


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
    differences = [_row(one) for each in compared for one in each.differences]
    show_rows(differences, COLUMNS, False, "Nothing differs.")
    for account in (account for each in compared for account in each.unread):
        print(f"{account} was not shown to us: is it still connected? Its sales are not compared.")


def _row(difference: "Difference") -> dict[str, object]:
    todo = TODO.get((difference.fault, difference.kind), DIFFERS)
    return row_of(difference) | {"order": difference.order_number, "do": todo}
