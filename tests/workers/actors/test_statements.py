"""A month's CSV in the seller's chat, by the loopback Telegram."""

from core.kit.rows import id_of
from core.payments.papers import issue
from schemas.paper_jobs import SendStatement
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.worker import Worker


def test_the_file_comes_into_the_chat_once(worker: Worker, ann: Person) -> None:
    with worker.database.transaction() as session:
        owner = make.user(session, telegram_id=ann.id, language="en")
        shop = make.seller(session, owner, name="Awa & Co")
        issue(session, id_of(make.paid_order(session, make.product(session, shop))), now=make.NOW)
        owner_id = id_of(owner)
    job = worker.do(SendStatement(user_id=owner_id, month="2026-11"))
    assert job.state == "done"
    sent = ann.wait_for("Awa & Co, November 2026")
    assert sent.file is not None
    assert sent.file["name"] == "statement-2026-11.csv"
    assert worker.repeat(job.id).state == "done"
    assert sum("Awa & Co" in message.text for message in ann.chat) == 1


def test_who_has_no_shop_any_more_gets_no_file(worker: Worker, ann: Person) -> None:
    with worker.database.transaction() as session:
        owner_id = id_of(make.user(session, telegram_id=ann.id))
    job = worker.do(SendStatement(user_id=owner_id, month="2026-11"))
    assert (job.state, [message for message in ann.chat if message.outgoing]) == ("done", [])
