"""Records go when their days are over, and the chain can be verified after it as before."""

from datetime import timedelta

from sqlalchemy import text
from sqlmodel import col, select

from core.audit.chain import verify
from core.audit.retention import DaysKept, Pruned, prune_records
from core.audit.sealing import seal
from core.kit.db import Database
from core.payments.rails.stars.events import StarsEvent, keep
from schemas.access import Download
from schemas.sales import PaymentEvent
from tests.core.audit.entries import DAY, KEY, Execute, Shelf, broken, heads_on, sealed, write
from tests.support import make
from tests.support.make import NOW

KEPT = DaysKept(audit=400, events=730, bodies=90)


def test_pruning_leaves_a_chain_that_can_be_verified(
    shop: Database, database: Database, execute: Execute
) -> None:
    sealed(database, 3, 2, 2)
    at = NOW + DAY + timedelta(days=400, hours=1)
    assert prune_records(shop, database, KEY, KEPT, now=at) == Pruned(5, 0, 0, 0)
    verdict = verify(database, KEY)
    assert (verdict.broken, verdict.entries, verdict.begins_after) == (None, 2, 5)
    assert prune_records(shop, database, KEY, KEPT, now=at) == Pruned(0, 0, 0, 0)
    write(database, 2, day=402)
    assert seal(database, KEY, heads_on(Shelf()), now=NOW + 402 * DAY) == 2
    assert verify(database, KEY).entries == 4
    execute("DELETE FROM audit_entry WHERE place = 6")
    assert broken(database) == ("missing", 6)


def test_what_no_seal_covers_is_not_pruned(shop: Database, database: Database) -> None:
    write(database, 2)
    assert prune_records(shop, database, KEY, KEPT, now=NOW + 500 * DAY).entries == 0
    assert seal(database, KEY, heads_on(Shelf()), now=NOW + 500 * DAY) == 2


def test_events_lose_their_body_first_and_then_go_but_for_those_not_handled(
    shop: Database, database: Database
) -> None:
    with shop.transaction() as session:
        for name in ("old", "new", "open"):
            keep(session, StarsEvent(telegram_id=7, charge_id=name), name, now=NOW)
        session.execute(text("UPDATE payment_event SET state = 'handled' WHERE event_id <> 'open'"))
        session.execute(
            text("UPDATE payment_event SET received_at = :at WHERE event_id = 'new'"), {"at": NOW + 700 * DAY}
        )

    def events() -> dict[str, tuple[bool, int | None]]:
        with shop.transaction() as session:
            rows = session.exec(select(PaymentEvent)).all()
            return {row.event_id: (row.body is not None, row.payer) for row in rows}

    assert prune_records(shop, database, KEY, KEPT, now=NOW + 91 * DAY) == Pruned(0, 0, 1, 0)
    assert events() == {"old": (False, 7), "new": (True, 7), "open": (True, 7)}
    assert prune_records(shop, database, KEY, KEPT, now=NOW + 731 * DAY) == Pruned(0, 1, 0, 0)
    assert events() == {"new": (True, 7), "open": (True, 7)}


def test_where_a_file_was_downloaded_is_forgotten_once_no_bank_may_ask(
    shop: Database, database: Database
) -> None:
    with shop.transaction() as session:
        link, _ = make.link(session)
        for day in (0, 2):
            at = NOW + day * DAY
            session.add(Download(link_id=link.id, client="a", minute=at, network="203.0.113.0/24"))
    pruned = prune_records(shop, database, KEY, KEPT, now=NOW + 541 * DAY)
    assert pruned.networks == 1
    with shop.transaction() as session:
        clicks = session.exec(select(Download.network).order_by(col(Download.minute))).all()
    assert list(clicks) == [None, "203.0.113.0/24"]
