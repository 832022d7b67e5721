"""`comptoir payments`: transfers that wait for somebody to look at the account, and money that came oddly."""

from typing import Annotated

import typer

from scripts.terminal.console import (
    ACTOR,
    Json,
    OrderNumber,
    PageNumber,
    Var,
    order_id,
    order_of,
    show_done,
    show_page,
    transaction,
)

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Manual transfers, short and double payments."
)
COLUMNS = ("number", "title", "price", "transaction_id", "buyer", "submitted_at")
REACHED = {
    "telegram": "the buyer has been told in Telegram",
    "mail": "the buyer has been told by mail",
    "page": "nobody could be told, the order's page says it",
}
Why = Annotated[str, typer.Option(help="Why; the buyer reads it")]


@app.command("list")
def list_payments(page: PageNumber = 1, as_json: Json = False, var: Var = None) -> None:
    """List transfers that wait for a decision, oldest first."""
    from core.payments.rails.manual.transfers import pending_manual

    with transaction(var) as session:
        waiting = pending_manual(session, page=page)
    show_page(waiting, COLUMNS, as_json, "No transfer waits for a decision.")


@app.command()
def validate(
    number: OrderNumber,
    note: Annotated[str, typer.Option(help="A note for the audit log")] = "",
    as_json: Json = False,
    var: Var = None,
) -> None:
    """The money is there: the order is paid and delivered."""
    from core.payments.rails.manual.transfers import validate_manual
    from schemas.base import utc_now

    with transaction(var) as session:
        done = validate_manual(session, order_id(session, number), actor=ACTOR, note=note, now=utc_now())
    _show_decision(number, done, "is paid", "decided", as_json)


@app.command()
def refuse(number: OrderNumber, note: Why, as_json: Json = False, var: Var = None) -> None:
    """The money is not there: the order has failed. The buyer is told why, or reads it on the page."""
    from core.orders.buyer_news import reach_of
    from core.payments.rails.manual.transfers import refuse_manual
    from schemas.base import utc_now

    with transaction(var) as session:
        done = refuse_manual(session, order_id(session, number), actor=ACTOR, note=note, now=utc_now())
        reach = reach_of(session, order_of(session, number))
    _show_decision(number, done, f"is refused; {REACHED[reach]}", "decided", as_json)


@app.command()
def accept(
    number: OrderNumber,
    note: Annotated[str, typer.Option(help="A note for the audit log")] = "",
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Take crypto that fell short as the whole price: the order is paid, the seller is owed all of it."""
    from core.payments.rails.nowpayments.shortfalls import accept_short_payment
    from schemas.base import utc_now

    with transaction(var) as session:
        done = accept_short_payment(session, order_id(session, number), actor=ACTOR, note=note, now=utc_now())
    _show_decision(number, done, "is paid", "paid", as_json)


@app.command()
def refund(
    number: OrderNumber,
    charge: Annotated[str, typer.Argument(help="The charge's id, as `comptoir orders show` names it")],
    reason: Annotated[str, typer.Option(help="Why, for the audit log")],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Give back Stars that did not pay the order, a second payment say; the order stays as it is."""
    from core.payments.rails.stars.charges import request_charge_refund

    with transaction(var) as session:
        payment = request_charge_refund(
            session, order_id(session, number), charge, actor=ACTOR, reason=reason
        )
        status = payment.status
    waits = "are on their way back" if status != "refunded" else "were given back before"
    show_done(f"The Stars of charge {charge} {waits}.", {"charge": charge, "status": status}, as_json)


def _show_decision(number: str, changed: bool, outcome: str, earlier: str, as_json: bool) -> None:
    """Say what the order is now, or that it was `earlier` (decided, paid) before."""
    before = f"was {earlier} before; nothing has changed"
    show_done(
        f"Order {number} {outcome if changed else before}.", {"number": number, "changed": changed}, as_json
    )
