"""The market's figures are read from its rows, for any range."""

from datetime import UTC, datetime, timedelta, timezone

from sqlmodel import Session

from core.catalogue.statistics import latest_downloads, series, top_products, top_sellers, totals
from core.jobs.single_statement import run
from core.kit.money import Money
from core.orders.presigning import leave_to_sign
from core.payments.refunds import finish_refund
from schemas.access import Download, DownloadLink
from tests.support import make

NOW = make.NOW
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONG_AGO, FAR_OFF = NOW - 400 * DAY, NOW + 400 * DAY


def clicked(session: Session, link: DownloadLink, at: datetime, client: str = "a") -> None:
    """A download through a link."""
    session.add(Download(link_id=link.id, client=client, minute=at.replace(second=0, microsecond=0)))
    session.flush()


def test_each_step_of_a_range_has_its_sales_links_and_downloads(session: Session) -> None:
    item = make.product(session, prices={"stars": [Money(5, "XTR")], "crypto": [Money(900, "EUR")]})
    for at in (NOW - 3 * HOUR, NOW, NOW + timedelta(minutes=30)):
        make.paid_order(session, item, now=at)
    make.paid_order(session, item, rail="crypto", now=NOW)
    link, _ = make.link(session, make.grant(session, item), now=NOW + HOUR)
    for client in ("a", "b"):
        clicked(session, link, NOW + HOUR, client)
    for _ in range(3):  # one of them goes on with a broken transfer
        run(session, leave_to_sign(link.id, correlation_id="", now=NOW + HOUR))
    slots = series(session, since=NOW - 2 * HOUR, until=NOW + 2 * HOUR, step="hour")
    assert [slot.at for slot in slots] == [NOW.replace(minute=0) + n * HOUR for n in range(-2, 2)]
    assert [slot.orders for slot in slots] == [0, 0, 4, 0]
    assert [slot.links for slot in slots] == [0, 0, 0, 1]
    assert [(slot.signed, slot.downloads) for slot in slots] == [(0, 0), (0, 0), (0, 0), (3, 2)]
    assert {(part.rail, part.money, part.orders) for part in totals(slots)} == {
        ("crypto", Money(900, "EUR"), 1),
        ("stars", Money(15, "XTR"), 3),
    }


def test_days_are_those_of_utc_wherever_the_range_was_thought_of(session: Session) -> None:
    west = timezone(-5 * HOUR)
    make.paid_order(session, now=datetime(2026, 11, 20, 23, 59, tzinfo=UTC))
    make.paid_order(session, now=datetime(2026, 11, 21, 0, 0, tzinfo=UTC))
    since, until = datetime(2026, 11, 19, 22, tzinfo=west), datetime(2026, 11, 21, tzinfo=UTC) + DAY
    slots = series(session, since=since, until=until, step="day")
    assert [(slot.at.day, slot.orders) for slot in slots] == [(20, 1), (21, 1)]
    assert series(session, since=until, until=since, step="day") == []


def test_money_that_was_given_back_is_no_sale(session: Session) -> None:
    order = make.paid_order(session, now=NOW)
    finish_refund(session, order, reason="Double achat", now=NOW)
    slots = series(session, since=NOW - DAY, until=NOW + DAY, step="day")
    assert (
        totals(slots),
        top_products(session, since=LONG_AGO, until=FAR_OFF),
        top_sellers(session, since=LONG_AGO, until=FAR_OFF),
    ) == ([], [], [])


def test_products_and_shops_are_ranked_by_sales_then_downloads(session: Session) -> None:
    shop = make.seller(session, name="Atelier")
    first, second, third = (make.product(session, shop, title=name) for name in ("One", "Two", "Three"))
    link, _ = make.link(session, make.grant(session, first), now=NOW)
    for count in range(3):
        clicked(session, link, NOW + count * HOUR)
    for _ in range(2):
        make.paid_order(session, second, now=NOW)
    old, _ = make.link(session, make.grant(session, third), now=NOW)
    clicked(session, old, NOW + 2 * DAY)
    lines = top_products(session, since=LONG_AGO, until=FAR_OFF)
    assert [(line.name, line.orders, line.downloads) for line in lines] == [
        ("Two", 2, 0),
        ("One", 1, 3),
        ("Three", 1, 1),
    ]
    assert lines[0].revenue == [Money(2 * make.PRICES["stars"][0].amount, "XTR")]
    assert [line.id for line in top_products(session, since=LONG_AGO, until=FAR_OFF, limit=1)] == [second.id]
    # A file that was bought before the range and downloaded in it has a line as well.
    (late,) = top_products(session, since=NOW + DAY, until=NOW + 3 * DAY)
    assert (late.name, late.orders, late.downloads, late.revenue) == ("Three", 0, 1, [])
    (market,) = top_sellers(session, since=LONG_AGO, until=FAR_OFF)
    assert (market.name, market.orders, market.downloads) == ("Atelier", 4, 4)


def test_the_latest_downloads_come_first(session: Session) -> None:
    link, _ = make.link(session, now=NOW)
    clicked(session, link, NOW)
    clicked(session, link, NOW + HOUR)
    lines = latest_downloads(session, limit=1)
    assert [(line.at, line.file, line.seller) for line in lines] == [(NOW + HOUR, "cours.pdf", "Atelier Awa")]
