"""`comptoir statement`: a seller's month, on the screen, as JSON, or as CSV for the accountant."""

import io
from pathlib import Path
from typing import Annotated, Any

import typer

from core.kit.money import Money
from scripts.terminal.console import (
    CommandError,
    Json,
    Var,
    row_of,
    show_done,
    show_json,
    show_rows,
    transaction,
)

app = typer.Typer(add_completion=False, help="A seller's month for the accountant.")
COLUMNS = ("rail", "sales", "sold", "refunds", "given_back", "net", "vat", "paid_out")


@app.command()
def statement(
    seller: Annotated[int, typer.Argument(help="Id from `comptoir sellers list`")],
    month: Annotated[str, typer.Argument(help="Like 2026-11, in UTC")],
    output: Annotated[Path | None, typer.Option(help="CSV file to write, a line for each paper")] = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Say what a seller sold, gave back and was paid out in a month, by rail and currency."""
    from core.kit.rows import must_get
    from core.payments.month_sums import month_sums
    from core.payments.statements import statement_lines, write_csv
    from schemas.people import Seller

    text = io.StringIO(newline="")
    with transaction(var) as session:
        row = must_get(session, Seller, seller, "shop-unknown")
        name, sums = row.legal_name or row.name, month_sums(session, seller, month)
        lines = list(statement_lines(session, seller, month)) if as_json or output is not None else []
    if output is not None:
        count = len(lines)
        write_csv(lines, text)
        try:
            output.write_text(text.getvalue(), encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(
                f"{output} cannot be written ({error.strerror}). Choose another file with --output."
            ) from None
        show_done(f"{count} papers written to {output}.", {"file": str(output), "lines": count}, as_json)
        return
    rows: list[dict[str, Any]] = [
        {
            "rail": each.rail,
            "sales": each.sales,
            "sold": Money(each.sold, each.currency),
            "refunds": each.refunds,
            "given_back": Money(each.given_back, each.currency),
            "net": Money(each.net, each.currency),
            "vat": None if each.vat is None else Money(each.vat, each.currency),
            "paid_out": Money(each.paid_out, each.currency),
        }
        for each in sums
    ]
    if as_json:
        show_json({"seller": name, "month": month, "sums": rows, "lines": [row_of(line) for line in lines]})
        return
    show_rows(rows, COLUMNS, False, f"{name} has no papers in {month}.")
