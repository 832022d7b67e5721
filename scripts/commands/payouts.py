"""`comptoir payouts`: what each seller is owed, what has been paid, the whole ledger as CSV."""

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.kit.money import EXPONENTS, Money, parse_money
from schemas.rails import Rail
from scripts.terminal.console import ACTOR, CommandError, Json, Var, show_done, show_rows, transaction

if TYPE_CHECKING:
    from core.payments.balances import Balance

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Money owed to sellers.")
COLUMNS = ("seller_id", "seller_name", "rail", "owed", "paid_out")
SellerId = Annotated[int, typer.Option("--seller", help="Id from `comptoir sellers list`")]


@app.command("owed")
def list_owed(
    seller: Annotated[int | None, typer.Option(help="Only this seller, by id")] = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """List what is owed and paid out, by seller and rail."""
    from core.payments.balances import owed

    with transaction(var) as session:
        rows = [_row(balance) for balance in owed(session, seller)]
    show_rows(rows, COLUMNS, as_json, "Nothing is owed: there is no sale yet.")


@app.command()
def record(
    seller: SellerId,
    rail: Annotated[Rail, typer.Option(help="On which rail the money was earned")],
    amount: Annotated[str, typer.Option(help="Like 9.99; whole Stars for XTR")],
    currency: Annotated[str, typer.Option(help=", ".join(EXPONENTS))],
    reference: Annotated[
        str, typer.Option(help="Your reference of the transfer; twice the same counts once")
    ],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Note a payout that you have made; the seller is told."""
    from core.payments.balances import record_payout
    from schemas.base import utc_now

    with transaction(var) as session:
        paid: Money = parse_money(amount, currency.upper())
        record_payout(
            session,
            seller_id=seller,
            rail=rail,
            amount=paid,
            reference=reference,
            actor=ACTOR,
            now=utc_now(),
        )
    fields = {"seller_id": seller, "rail": rail, "amount": paid, "reference": reference}
    show_done(f"Payout of {paid} to seller {seller} is recorded.", fields, as_json)


@app.command()
def export(
    output: Annotated[Path | None, typer.Option(help="File to write; without it, the terminal")] = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Write every line of the sellers' ledger as CSV."""
    from core.payments.balances import export_csv

    text = io.StringIO(newline="")
    with transaction(var) as session:
        export_csv(session, text)
    if output is None:
        sys.stdout.write(text.getvalue())
        return
    try:
        output.write_text(text.getvalue(), newline="")
    except OSError as error:
        raise CommandError(
            f"{output} cannot be written ({error.strerror}). Choose another file with --output."
        ) from None
    lines = text.getvalue().count("\n") - 1
    show_done(f"{lines} lines written to {output}.", {"file": str(output), "lines": lines}, as_json)


def _row(balance: "Balance") -> dict[str, Any]:
    seller = {"seller_id": balance.seller_id, "seller_name": balance.seller_name, "rail": balance.rail}
    amounts = {"owed": balance.owed, "paid_out": balance.paid_out}
    return {**seller, **{name: Money(amount, balance.currency) for name, amount in amounts.items()}}
