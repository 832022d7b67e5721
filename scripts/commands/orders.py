"""`comptoir orders`: find an order, see all about it, send it again, give the money back."""

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from scripts.terminal.console import (
    ACTOR,
    Json,
    OrderNumber,
    PageNumber,
    Var,
    order_id,
    order_of,
    show_done,
    show_fields,
    show_json,
    show_page,
    show_rows,
    transaction,
)

if TYPE_CHECKING:
    from sqlmodel import Session

    from schemas.sales import Order

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Orders.")
COLUMNS = ("number", "status", "title", "buyer", "price", "rail", "created_at", "needs_support")
PAYMENT_COLUMNS = ("status", "provider_id", "received", "created_at", "confirmed_at")
EVENT_COLUMNS = ("received_at", "provider", "state", "outcome")
WORDS_HELP = "Number, Telegram id or name, title, provider's id; none: all, those for support first"


@app.command()
def find(
    words: Annotated[str, typer.Argument(help=WORDS_HELP)] = "",
    page: PageNumber = 1,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Find orders."""
    from core.orders.receipts import find as find_orders

    with transaction(var) as session:
        receipts = find_orders(session, words, page=page)
    show_page(receipts, COLUMNS, as_json, "No order matches. Try fewer words, or none to list all.")


@app.command()
def show(number: OrderNumber, as_json: Json = False, var: Var = None) -> None:
    """Show an order with its payments and what providers said."""
    with transaction(var) as session:
        order = order_of(session, number)
        fields, payments, events = _fields(session, order), _payments(session, order), _events(session, order)
    if as_json:
        show_json({**fields, "payments": payments, "events": events})
        return
    show_fields(fields, False)
    for title, rows, columns in (
        ("Payments", payments, PAYMENT_COLUMNS),
        ("Notices", events, EVENT_COLUMNS),
    ):
        if rows:
            Console().print(Text(f"\n{title}", style="bold"))
            show_rows(rows, columns, False, "")


@app.command()
def resend(number: OrderNumber, as_json: Json = False, var: Var = None) -> None:
    """Send an order's links once more."""
    from core.orders.delivery import resend as send_again

    with transaction(var) as session:
        send_again(session, order_id(session, number), actor=ACTOR)
    show_done(f"The links of order {number} are on their way.", {"number": number}, as_json)


@app.command()
def done(number: OrderNumber, as_json: Json = False, var: Var = None) -> None:
    """Take an order off the list of those that need support."""
    from core.orders.orders import support_done

    with transaction(var) as session:
        support_done(session, order_of(session, number), actor=ACTOR)
    show_done(f"Order {number} needs support no more.", {"number": number}, as_json)


@app.command()
def refund(
    number: OrderNumber,
    reason: Annotated[str, typer.Option(help="Why; buyer and seller read it")],
    amount: Annotated[
        str | None,
        typer.Option(help="Only a part, like 4.50 in the order's currency; none: all of it"),
    ] = None,
    end_access: Annotated[
        bool, typer.Option("--end-access", help="End what the order gave though only a part goes back")
    ] = False,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Refund an order: Stars go back by themselves; other money you must have sent back yourself."""
    from core.kit.money import Money, parse_money
    from core.payments.refunds import refundable, request_refund
    from schemas.base import utc_now

    with transaction(var) as session:
        order = order_of(session, number)
        part = parse_money(amount, order.currency) if amount is not None else None
        order = request_refund(
            session,
            order_id(session, number),
            actor=ACTOR,
            reason=reason,
            amount=part.amount if part else None,
            end_access=end_access,
            now=utc_now(),
        )
        left = Money(refundable(session, order), order.currency)
        status = order.status
    if status == "refunded":
        sentence = f"Order {number} is refunded."
    elif part is not None:
        sentence = f"{part} of order {number} is refunded; {left} is left of it."
    else:  # the rail gives the money back by a job, as that of Stars does
        sentence = f"The Stars of order {number} are on their way back."
    show_done(sentence, {"number": number, "status": status, "part": part}, as_json)


def _fields(session: "Session", order: "Order") -> dict[str, Any]:
    from sqlmodel import select

    from core.orders.receipts import receipt
    from schemas.access import Grant

    summary = receipt(session, order)
    grant = session.exec(select(Grant).where(Grant.order_id == order.id)).one_or_none()
    times = ("created_at", "expires_at", "paid_at", "delivered_at", "refunded_at", "needs_support_at")
    return {
        "number": summary.number,
        "status": order.status,
        "title": summary.title,
        "seller": summary.seller_name,
        "price": summary.price,
        "rail": order.rail,
        "entry": order.entry,
        "buyer_id": order.buyer_id,
        **{name: getattr(order, name) for name in times},
        "delivery_retries": order.delivery_attempts,
        "access_ended_at": grant.revoked_at if grant else None,
        "note": order.note,
        "correlation_id": order.correlation_id,
    }


def _payments(session: "Session", order: "Order") -> list[dict[str, Any]]:
    from sqlmodel import col, select

    from schemas.sales import Payment

    rows = session.exec(select(Payment).where(Payment.order_id == order.id).order_by(col(Payment.created_at)))
    return [row.model_dump(exclude={"id", "order_id", "pay_url"}) for row in rows]


def _events(session: "Session", order: "Order") -> list[dict[str, Any]]:
    from sqlmodel import col, select

    from schemas.sales import PaymentEvent

    rows = session.exec(
        select(PaymentEvent).where(PaymentEvent.order_id == order.id).order_by(col(PaymentEvent.received_at))
    )
    return [row.model_dump(exclude={"id", "order_id", "body"}) for row in rows]
