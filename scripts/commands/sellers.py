"""`comptoir sellers`: who may sell in this shop."""

from typing import Annotated, Any

import typer

from scripts.terminal.console import ACTOR, Json, Var, show_done, show_rows, transaction

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Sellers.")
COLUMNS = ("id", "name", "status", "rails", "telegram_id", "created_at")
FEE_COLUMNS = ("id", "name", "state", "paid_until", "days_lacked", "prices")
SellerId = Annotated[int, typer.Argument(help="Id from `comptoir sellers list`")]


@app.command("list")
def list_sellers(
    waiting: Annotated[bool, typer.Option("--waiting", help="Only those that wait for approval")] = False,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """List sellers, newest first."""
    from sqlmodel import col, select

    from schemas.people import Seller, User

    statement = select(Seller, User.telegram_id).join(User, col(User.id) == Seller.user_id)
    if waiting:
        statement = statement.where(Seller.status == "pending")
    with transaction(var) as session:
        sellers = session.exec(statement.order_by(col(Seller.id).desc()))
        rows: list[dict[str, Any]] = [
            {**seller.model_dump(), "telegram_id": telegram_id} for seller, telegram_id in sellers
        ]
    show_rows(
        rows, COLUMNS, as_json, "There is no such seller yet; people open a shop with /sell in the bot."
    )


@app.command()
def approve(seller_id: SellerId, as_json: Json = False, var: Var = None) -> None:
    """Let a seller sell; they are told."""
    _decide(seller_id, True, as_json, var)


@app.command()
def refuse(seller_id: SellerId, as_json: Json = False, var: Var = None) -> None:
    """Refuse a seller who waits; they are told and may ask again."""
    _decide(seller_id, False, as_json, var)


@app.command()
def legal(
    seller_id: SellerId,
    name: Annotated[str, typer.Option(help="Legal name; empty with no address: no invoices any more")] = "",
    address: Annotated[str, typer.Option(help="Address; \\n parts its lines")] = "",
    vat: Annotated[str, typer.Option(help="VAT number, like FR40123456789; empty: none")] = "",
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Say who sells, by law: it stands on the invoices of later sales."""
    from core.people.legal_identity import LegalIdentity, identify_shop

    identity = LegalIdentity(name, address.replace("\\n", "\n"), vat)
    with transaction(var) as session:
        seller = identify_shop(session, seller_id, identity, actor=ACTOR)
        fields = {
            "id": seller_id,
            "legal_name": seller.legal_name,
            "legal_address": seller.legal_address,
            "vat_number": seller.vat_number,
        }
        shop = seller.name
    papers = "invoices" if fields["legal_name"] else "receipts, no invoices"
    show_done(f"Later sales of {shop} get {papers}.", fields, as_json)


@app.command()
def fee(
    seller_id: SellerId,
    percent: Annotated[str, typer.Argument(help="Share of each sale by card in percent, like 5 or 2.5")],
    sums: Annotated[
        list[str] | None,
        typer.Argument(help="Besides, a sum of each sale by currency: 0.30EUR 0.35USD"),
    ] = None,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Set what the shop takes of a seller's sales by card from now on; Stripe's own fee is not in it."""
    from core.payments.rails.stripe.fees import read_percent, read_sums, set_fee

    share, amounts = read_percent(percent), read_sums(sums or ())
    with transaction(var) as session:
        seller = set_fee(session, seller_id, percent=share, sums=amounts, actor=ACTOR)
        fields = {"id": seller_id, "name": seller.name, "percent": f"{share:f}", "sums": dict(amounts)}
    parts = [f"{share:f} %", *(sums or ())]
    show_done(f"Of {fields['name']}'s sales by card the shop takes {' + '.join(parts)}.", fields, as_json)


@app.command()
def monthly(
    seller_id: SellerId,
    prices: Annotated[
        list[str] | None,
        typer.Argument(help="What a month costs: stars=500 card=10.00EUR card=11.00USD"),
    ] = None,
    paid_until: Annotated[
        str, typer.Option(help="The day until which it counts as paid, like 2027-01-31; empty: as it is")
    ] = "",
    end: Annotated[bool, typer.Option("--end", help="Ask no monthly fee any more")] = False,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Ask a monthly fee of a seller, change it, give time, or end it. A shop that does not pay closes."""
    from core.catalogue.listing_fee import read_prices
    from core.people.shop_fees import end_fee, set_fee
    from schemas.base import utc_now
    from scripts.terminal.time_arguments import parse_moment

    now = utc_now()
    until = parse_moment(paid_until, now)
    with transaction(var) as session:
        by_rail = read_prices(prices or ())
        if end:
            fee = end_fee(session, seller_id, actor=ACTOR, now=now)
        else:
            fee = set_fee(session, seller_id, by_rail, paid_until=until, actor=ACTOR, now=now)
        fields = {"id": seller_id, "asked": fee.ended_at is None, "paid_until": fee.paid_until}
    asked = f"is paid until {fields['paid_until']:%Y-%m-%d}" if fields["asked"] else "is asked no longer"
    show_done(f"The monthly fee of shop {seller_id} {asked}.", fields, as_json)


@app.command()
def fees(as_json: Json = False, var: Var = None) -> None:
    """List the monthly fees that are asked, what is paid shortest first."""
    from core.kit.prices import one_by_one
    from core.people.shop_fees import asked_fees
    from schemas.base import utc_now

    with transaction(var) as session:
        rows: list[dict[str, Any]] = [
            {
                "id": fee.seller_id,
                "name": fee.shop,
                "state": fee.state,
                "paid_until": fee.paid_until,
                "days_lacked": fee.days_lacked,
                "prices": [f"{rail} {price}" for rail, price in one_by_one(fee.prices)],
            }
            for fee in asked_fees(session, now=utc_now())
        ]
    nothing = "No shop is asked a monthly fee: comptoir sellers monthly asks one."
    show_rows(rows, FEE_COLUMNS, as_json, nothing)


@app.command()
def operator(
    seller_id: Annotated[int, typer.Argument(help="Id of your own shop; 0: you have none any more")],
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Say which shop is your own: on its Stripe account sellers pay you their fees by card."""
    from core.payments.rails.stripe.platform import set_operator

    with transaction(var) as session:
        seller = set_operator(session, seller_id or None, actor=ACTOR)
        fields = {"id": seller_id or None, "name": seller.name if seller else None}
    shown = f"on the account of {fields['name']}" if fields["id"] else "by no card"
    show_done(f"What sellers owe you is paid {shown}.", fields, as_json)


def _decide(seller_id: int, approve: bool, as_json: bool, var: Var) -> None:
    from core.people.sellers import decide_shop
    from schemas.base import utc_now

    with transaction(var) as session:
        seller = decide_shop(session, seller_id, approve=approve, actor=ACTOR, now=utc_now())
        fields = {"id": seller_id, "name": seller.name, "status": seller.status}
    show_done(f"{fields['name']} is {fields['status']}.", fields, as_json)
