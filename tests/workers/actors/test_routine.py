"""Many messages that nobody waits for, and one that somebody does."""

from collections.abc import Callable

from core.jobs.ledger import enqueue
from core.kit.rows import id_of
from core.orders.orders import order_number
from schemas import jobs
from scripts.sandbox.telegram.driver import Person
from tests.support import make
from tests.support.waiting import wait_until
from tests.support.worker import Worker
from tests.workers.actors.test_delivery import sold
from workers.registry import registry
from workers.runtime.child import Child
from workers.runtime.groups import groups_serving

NOTICES = 100
RATE = 25  # messages a second: the notices alone take four
BEHIND = 20  # of the notices, at the least; in one line with them the delivery would be the last of all
PATIENCE = 60
WORDS = "As you asked"


def tell(worker: Worker, person: Person) -> None:
    """Have so many notices wait for a person."""
    with worker.database.transaction() as session:
        user = make.user(session, telegram_id=person.id, name=person.name)
        for number in range(NOTICES):
            params: dict[str, str | int] = {"words": WORDS, "number": f"CMT-{number}"}
            enqueue(session, jobs.Notify(user_id=id_of(user), text="support-answer", params=params))


def test_a_delivery_overtakes_a_hundred_notices_that_wait(
    make_worker: Callable[..., Worker], ann: Person
) -> None:
    worker = make_worker(telegram_rate=RATE)
    (group,) = groups_serving(("delivery", "routine"))
    tell(worker, ann)
    child = Child(group, worker.services, registry, schedules=())
    child.start()
    try:
        ann.wait_for(WORDS, timeout=PATIENCE)
        order = sold(worker, ann)
        wait_until(lambda: notices(ann) == NOTICES, PATIENCE, "notices are missing")
    finally:
        child.stop()

    texts = [message.text for message in ann.chat]
    (place,) = (place for place, text in enumerate(texts) if order_number(order) in text)
    assert sum(WORDS in text for text in texts[place:]) >= BEHIND


def notices(person: Person) -> int:
    return sum(WORDS in message.text for message in person.chat)
