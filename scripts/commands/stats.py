"""`comptoir stats`: what was sold, linked and downloaded, by hour or day, with what did best."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from scripts.dashboard.access import read
from scripts.dashboard.words import spark
from scripts.terminal.console import Json, Var, row_of, show_json, show_rows
from scripts.terminal.time_arguments import Since, Until, parse_moment

if TYPE_CHECKING:
    from core.catalogue.statistics import Slot

app = typer.Typer(add_completion=False)
BAR = 24  # characters
WIDTH = 60  # of the lines of little bars
COLUMNS = ("from", "orders", "links", "signed", "downloads", "chart", "sold")
RANKED = ("name", "seller", "orders", "downloads", "revenue")
Step = Annotated[Literal["minute", "hour", "day"], typer.Option(help="Of the table: minute, hour or day")]


@app.command()
def stats(
    since: Since = "30d",
    until: Until = "",
    step: Step = "day",
    top: Annotated[int, typer.Option(min=1, max=100, help="How many products and shops")] = 10,
    as_json: Json = False,
    var: Var = None,
) -> None:
    """Show sales, links and downloads of a range of time, and the products and shops that did best.

    All steps are UTC. links: ours, sent to buyers; signed: addresses in the store, made for a click;
    downloads: clicks that counted, one a minute for each reader of a link.
    """
    from core.catalogue.statistics import latest_downloads, series, top_products, top_sellers, totals
    from schemas.base import utc_now

    begin, end = _range(since, until, step, utc_now())
    with read(var) as session:
        slots = series(session, since=begin, until=end, step=step)
        products = top_products(session, since=begin, until=end, limit=top)
        sellers = top_sellers(session, since=begin, until=end, limit=top)
        latest = latest_downloads(session, limit=top)
    if as_json:
        tables = {"series": slots, "totals": totals(slots), "products": products, "sellers": sellers}
        show_json({"since": begin, "until": end, "step": step, **tables, "latest_downloads": latest})
        return
    _show_charts(slots)
    _show_slots(slots, step)
    for title, ranked in (("Products", products), ("Shops", sellers)):
        print(f"\n{title}")
        show_rows([row_of(product) for product in ranked], RANKED, False, "None.")
    sold = "  ".join(f"{part.rail}: {part.money} ({part.orders})" for part in totals(slots))
    print(f"\nSold in all: {sold or 'nothing'}")


def _range(since: str, until: str, step: str, now: datetime) -> tuple[datetime, datetime]:
    from core.catalogue.statistics import STEPS

    begin, end = parse_moment(since, now), parse_moment(until, now) or now
    if begin is None or begin >= end:
        raise typer.BadParameter("--since must be before --until")
    if (end - begin) / STEPS[step] > 5000:  # type: ignore[index]
        raise typer.BadParameter(f"that is more than 5000 steps: take a larger --step than {step}")
    return begin, end


def _show_charts(slots: "Sequence[Slot]") -> None:
    for name in ("orders", "links", "signed", "downloads"):
        values = [int(getattr(slot, name)) for slot in slots]
        print(f"{name:>9} {spark(values, WIDTH)} {sum(values)}")
    print()


def _show_slots(slots: "Sequence[Slot]", step: str) -> None:
    """A row for each step in which something happened."""
    most = max((slot.downloads for slot in slots), default=0)
    busy = [slot for slot in slots if slot.orders or slot.links or slot.signed or slot.downloads]
    show_rows([_line(slot, step, most) for slot in busy], COLUMNS, False, "Nothing happened in this time.")


def _line(slot: "Slot", step: str, most: int) -> dict[str, Any]:
    """A row of the table; the chart is of downloads."""
    form = "%Y-%m-%d" if step == "day" else "%Y-%m-%d %H:%M"
    return {
        **row_of(slot),
        "from": f"{slot.at:{form}}",
        "orders": slot.orders,
        "chart": "█" * round(slot.downloads / most * BAR) if most else "",
        "sold": [part.money for part in slot.earned],
    }
