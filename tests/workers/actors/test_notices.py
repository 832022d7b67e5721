"""Words to one person, and a person's words to staff."""

from sqlmodel import Session, select

from core.kit.rows import id_of
from core.notifications.recipients import mark_blocked
from core.people.support import relay_of
from schemas import jobs
from schemas.access import SupportRelay
from schemas.base import utc_now
from schemas.people import User
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make
from tests.support.worker import Worker

WORDS = "Where is <my> file?"


def met(worker: Worker, person: Person, **values: object) -> User:
    with worker.database.transaction() as session:
        return make.user(session, telegram_id=person.id, name=person.name, **values)  # type: ignore[arg-type]


def refunded(user: User) -> jobs.Notify:
    params: dict[str, str | int] = {"words": "As <you> asked", "number": "CMT-000042"}
    return jobs.Notify(user_id=id_of(user), text="support-answer", params=params)


def test_a_notice_comes_in_the_persons_language_and_escaped(worker: Worker, ann: Person) -> None:
    worker.do(refunded(met(worker, ann)))

    assert "As <you> asked" in ann.wait_for("CMT-000042").text


def test_a_notice_that_is_repeated_is_seen_once(sandbox: Sandbox, worker: Worker, ann: Person) -> None:
    job = worker.do(refunded(met(worker, ann)))
    with Session(worker.database.engine) as session:
        session.connection().exec_driver_sql("UPDATE job SET state = 'queued'")
        session.commit()

    worker.perform(job.id)

    assert sandbox.reached("CMT-000042") == {ann.id: 1}


def test_who_has_blocked_the_bot_is_not_written_to(sandbox: Sandbox, worker: Worker, ann: Person) -> None:
    user = met(worker, ann)
    with worker.database.transaction() as session:
        mark_blocked(session, id_of(user), utc_now())

    assert worker.do(refunded(user)).state == "done"

    assert "messages.sendMessage" not in sandbox.counts["calls"]


def test_who_blocks_the_bot_is_recorded(worker: Worker, ann: Person) -> None:
    user = met(worker, ann)
    ann.blocks_bot()

    job = worker.do(refunded(user))

    assert job.state == "done"
    assert worker.row(User, user.id).blocked_at is not None


def test_all_staff_see_a_persons_words_and_can_answer(sandbox: Sandbox, worker: Worker, ann: Person) -> None:
    helpers = [sandbox.person(name) for name in ("Hal", "Ida")]
    for helper, role in zip(helpers, ("support", "admin"), strict=True):
        helper.says("/start")
        met(worker, helper, roles=(role,))
    author = met(worker, ann, username="ann")

    worker.do(jobs.RelaySupport(user_id=id_of(author), words=WORDS))

    for helper in helpers:
        message = helper.wait_for(WORDS)
        with Session(worker.database.engine) as session:
            relay = relay_of(session, helper.id, message.id)
        assert relay is not None
        assert relay.user_id == author.id
    assert sandbox.reached(WORDS) == {helper.id: 1 for helper in helpers}


def test_a_relay_repeated_after_half_of_it_is_seen_once_by_each(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    helpers = [sandbox.person(name) for name in ("Hal", "Ida")]
    for helper in helpers:
        helper.says("/start")
        met(worker, helper, roles=("support",))
    author = met(worker, ann)
    job = worker.do(jobs.RelaySupport(user_id=id_of(author), words=WORDS))
    with Session(worker.database.engine) as session:
        session.connection().exec_driver_sql("UPDATE job SET state = 'queued'")
        session.connection().exec_driver_sql(
            "DELETE FROM support_relay WHERE staff_telegram_id = %s", (helpers[1].id,)
        )
        session.commit()

    worker.perform(job.id)

    assert sandbox.reached(WORDS) == {helper.id: 1 for helper in helpers}
    with Session(worker.database.engine) as session:
        assert len(session.exec(select(SupportRelay)).all()) == 2


def test_staff_out_of_reach_do_not_keep_the_others_from_reading(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    gone, here = (sandbox.person(name) for name in ("Hal", "Ida"))
    for helper in (gone, here):
        helper.says("/start")
        met(worker, helper, roles=("support",))
    gone.blocks_bot()

    job = worker.do(jobs.RelaySupport(user_id=id_of(met(worker, ann)), words=WORDS))

    assert job.state == "done"
    assert sandbox.reached(WORDS) == {here.id: 1}
