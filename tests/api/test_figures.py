"""The market's figures and banning, for admins in the Mini App and for nobody else."""

import pytest
from sqlmodel import Session, select

from core.audit.notes import words_of
from core.kit.db import Database
from core.kit.rows import id_of
from core.people.people import set_role
from schemas.access import Download, Grant
from schemas.audit import AuditEntry
from schemas.base import utc_now
from schemas.people import User
from tests.api.seller import Seller
from tests.support import make
from tests.support.web import Client

ADMIN = 9


@pytest.fixture
def admin(app: Client, database: Database) -> Seller:
    """An admin with the Mini App open."""
    opened = Seller(app, database, ADMIN)
    with database.transaction() as session:
        set_role(session, ADMIN, "admin", actor="cli")
    return opened


def person_id(database: Database, telegram_id: int) -> int:
    """Our id of a person."""
    with Session(database.engine) as session:
        return id_of(session.exec(select(User).where(User.telegram_id == telegram_id)).one())


def test_an_admin_sees_what_the_market_does(admin: Seller, database: Database) -> None:
    now = utc_now()
    with database.transaction() as session:
        item = make.product(session, make.seller(session, name="Atelier"), title="Cours")
        order = make.paid_order(session, item, now=now)
        grant = session.exec(select(Grant).where(Grant.order_id == order.id)).one()
        link, _ = make.link(session, grant, now=now)
        session.add(Download(link_id=link.id, client="a", minute=now.replace(second=0, microsecond=0)))
    found = admin.call("GET", "/api/figures?days=7").json()
    assert len(found["slots"]) == 7
    today = found["slots"][-1]
    assert (today["orders"], today["links"], today["signed"], today["downloads"]) == (1, 1, 0, 1)
    earned = {"rail": "stars", "currency": "XTR", "amount": 500, "orders": 1}
    assert (today["earned"], found["totals"]) == ([earned], [earned])
    ranked = {"orders": 1, "downloads": 1, "revenue": [{"amount": 500, "currency": "XTR"}]}
    (best,) = found["products"]
    assert best == {"id": item.id, "name": "Cours", "seller": "Atelier", **ranked}
    assert [line["name"] for line in found["sellers"]] == ["Atelier"]
    assert len(admin.call("GET", "/api/figures?days=1").json()["slots"]) == now.hour + 1
    live = admin.call("GET", "/api/figures/live").json()
    assert sum(slot["downloads"] for slot in live["minutes"]) == 1
    assert [(line["file"], line["product"]) for line in live["latest"]] == [("cours.pdf", "Cours")]


def test_a_banned_person_is_out_at_once_and_may_be_let_in_again(
    admin: Seller, seller: Seller, database: Database
) -> None:
    number = person_id(database, 7)
    (found,) = admin.call("GET", "/api/people?words=7").json()["items"]
    assert (found["id"], found["banned"]) == (number, False)
    wordless = admin.call("POST", f"/api/people/{number}/ban", json={"reason": " "})
    assert (wordless.status_code, wordless.json()["code"]) == (409, "ban-reason-missing")
    closed = admin.call("POST", f"/api/people/{number}/ban", json={"reason": "Spam"})
    assert (closed.status_code, closed.json()["banned"]) == (200, True)
    assert seller.call("GET", "/api/products").status_code == 401
    with Session(database.engine) as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "person.banned")).one()
        assert (entry.actor, entry.subject) == (f"user:{person_id(database, ADMIN)}", f"user:{number}")
        assert "Spam" not in str(entry.details)
        assert words_of(session, [entry.details["note"]]) == {entry.details["note"]: "Spam"}
    assert admin.call("POST", f"/api/people/{number}/unban").json()["banned"] is False
    assert admin.call("POST", "/api/people/999999/unban").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/figures"),
        ("GET", "/api/figures/live"),
        ("GET", "/api/people?words=a"),
        ("POST", "/api/people/1/ban"),
        ("POST", "/api/people/1/unban"),
    ],
)
def test_only_an_admin_sees_and_does_this(seller: Seller, app: Client, method: str, path: str) -> None:
    body = {"reason": "Spam"} if path.endswith("/ban") else None
    refused = seller.call(method, path, json=body)
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    assert app.request(method, path, json=body).status_code == 401
