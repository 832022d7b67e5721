"""A seller's month in the Mini App, and its CSV by an address with a key."""

import csv
import io

from sqlmodel import select

from core.kit.db import Database
from core.kit.rows import id_of
from core.payments.papers import issue
from schemas.people import Seller as Shop
from schemas.people import User
from tests.api.people import somebody
from tests.api.seller import Seller
from tests.support import make
from tests.support.web import Client

MONTH = "/api/statements/2026-11"


def sell(database: Database, shop_id: int) -> None:
    """A sale for 9.99 EUR by transfer, with its receipt, in November."""
    with database.transaction() as session:
        item = make.product(session, session.get_one(Shop, shop_id))
        order = make.paid_order(session, item, rail="manual")
        issue(session, id_of(order), now=make.NOW)


def shop_of(database: Database) -> int:
    with database.transaction() as session:
        return session.exec(select(Shop.id).where(Shop.name == "Shop 7")).one() or 0


def test_a_month_is_summed_and_its_file_has_a_line_for_each_paper(seller: Seller, database: Database) -> None:
    assert seller.call("GET", MONTH).json()["sums"] == []
    sell(database, shop_of(database))
    month = seller.call("GET", MONTH).json()
    (line,) = month["sums"]
    assert (line["rail"], line["currency"], line["sales"], line["sold"]) == ("manual", "EUR", 1, 999)
    assert (line["net"], line["paid_out"], month["seller"]) == (999, 0, "Shop 7")
    answer = seller.client.get(month["file"])
    assert answer.headers["content-type"].startswith("text/csv")
    assert month["file_name"] in answer.headers["content-disposition"]
    assert answer.headers["cache-control"] == "no-store"
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["amount"], row["rail"]) == ("9.99", "manual")


def test_the_key_opens_that_month_alone_as_long_as_its_person_may(seller: Seller, database: Database) -> None:
    file = seller.call("GET", MONTH).json()["file"]
    _, key = file.split("?key=")
    for path in ("/statements/2026-11", f"/statements/2026-10?key={key}", f"{file[:-1]}x"):
        refused = seller.client.get(path, headers={"accept": "application/json"})
        assert (refused.status_code, refused.json()["code"]) == (404, "statement-unknown")
    with database.transaction() as session:
        owner = session.exec(select(User).where(User.telegram_id == 7)).one()
        owner.roles = [*owner.roles, "banned"]
    assert seller.client.get(file).status_code == 403


def test_what_is_no_month_and_who_has_no_shop_are_refused(
    seller: Seller, app: Client, database: Database
) -> None:
    for month in ("2026-13", "november", "1999-01"):
        assert seller.call("GET", f"/api/statements/{month}").status_code == 400
    assert seller.call("GET", "/api/statements/2999-12").status_code == 200
    _, headers = somebody(database)
    assert app.get(MONTH, headers=headers).status_code == 404
