"""`comptoir storage`: bytes kept, bytes taken back, and what they cost a month."""

import typer

from scripts.terminal.console import Json, Var, row_of, show_rows, transaction
from scripts.terminal.context import load_settings

app = typer.Typer(add_completion=False)
COLUMNS = ("what", "objects", "bytes", "monthly_cost", "currency")


@app.command()
def storage(as_json: Json = False, var: Var = None) -> None:
    """Show what the store holds for the shop; STORE_PRICE says what a GB costs."""
    from core.catalogue.storage_report import storage_report

    price = load_settings(var).store_price
    with transaction(var) as session:
        lines = storage_report(session, price)
    show_rows([row_of(line) for line in lines], COLUMNS, as_json, "The store holds nothing.")
