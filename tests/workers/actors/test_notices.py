"""Words to one person, and a person's questions to staff."""

from sqlmodel import Session, select

from core.kit.rows import id_of
from core.notifications.recipients import mark_blocked
from core.people.people import set_role
from core.people.support import answer, ask, relayed_question
from schemas import jobs
from schemas.base import utc_now
from schemas.people import User
from schemas.support import SupportQuestion, SupportRelay
from scripts.sandbox.telegram.driver import Person
from scripts.sandbox.telegram.sandbox import Sandbox
from tests.support import make
from tests.support.telegram_clients import TOKEN
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


def asked(worker: Worker, author: User) -> int:
    """A question that is written down; its number."""
    with worker.database.transaction() as session:
        kept = ask(
            session,
            session.get_one(User, author.id),
            WORDS,
            about="support",
            order_id=None,
            key="1",
            now=utc_now(),
        )
    return kept.question_id


def helper_of(sandbox: Sandbox, worker: Worker, name: str, role: str = "support") -> Person:
    helper = sandbox.person(name)
    helper.says("/start")
    met(worker, helper, roles=(role,))
    return helper


def test_all_staff_see_a_question_and_can_answer(sandbox: Sandbox, worker: Worker, ann: Person) -> None:
    helpers = [helper_of(sandbox, worker, "Hal"), helper_of(sandbox, worker, "Ida", "admin")]
    number = asked(worker, met(worker, ann, username="ann"))

    worker.do_all("relay_question")

    for helper in helpers:
        message = helper.wait_for(WORDS)
        with worker.database.transaction() as session:
            assert relayed_question(session, helper.id, message.id, now=utc_now()) == number
    assert sandbox.reached(WORDS) == {helper.id: 1 for helper in helpers}


def test_a_question_shown_again_after_half_of_it_is_seen_once_by_each(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    helpers = [helper_of(sandbox, worker, name) for name in ("Hal", "Ida")]
    asked(worker, met(worker, ann))
    (job,) = worker.do_all("relay_question")
    with worker.database.transaction() as session:
        forget = "DELETE FROM support_relay WHERE staff_telegram_id = %s"
        session.connection().exec_driver_sql(forget, (helpers[1].id,))

    worker.repeat(job.id)

    assert sandbox.reached(WORDS) == {helper.id: 1 for helper in helpers}
    with Session(worker.database.engine) as session:
        assert len(session.exec(select(SupportRelay)).all()) == 2


def test_staff_out_of_reach_do_not_keep_the_others_from_reading(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    gone, here = helper_of(sandbox, worker, "Hal"), helper_of(sandbox, worker, "Ida")
    gone.blocks_bot()
    asked(worker, met(worker, ann))

    (job,) = worker.do_all("relay_question")

    assert job.state == "done"
    assert sandbox.reached(WORDS) == {here.id: 1}


def test_a_question_that_nobody_can_be_shown_stays_open(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    gone = helper_of(sandbox, worker, "Hal")
    gone.blocks_bot()
    number = asked(worker, met(worker, ann))

    (job,) = worker.do_all("relay_question")

    assert (job.state, sandbox.reached(WORDS)) == ("done", {})
    assert worker.row(SupportQuestion, number).state == "open"


def test_a_question_that_was_answered_meanwhile_troubles_nobody(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    helper_of(sandbox, worker, "Hal")
    number = asked(worker, met(worker, ann))
    with worker.database.transaction() as session:
        answer(session, number, "!", actor="cli", staff_id=None, key="1", now=utc_now())

    worker.do_all("relay_question")

    assert sandbox.reached(WORDS) == {}


def test_a_question_of_before_the_upgrade_becomes_a_row_once(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    helper = helper_of(sandbox, worker, "Hal")
    job = worker.do(jobs.RelaySupport(user_id=id_of(met(worker, ann)), words=WORDS))
    worker.repeat(job.id)

    worker.do_all("relay_question")

    assert sandbox.reached(WORDS) == {helper.id: 1}
    with Session(worker.database.engine) as session:
        assert len(session.exec(select(SupportQuestion)).all()) == 1


def chat_commands(sandbox: Sandbox) -> dict[int, dict[str, list[str]]]:
    handle = sandbox.add_bot(TOKEN, "shop_bot")
    return dict(handle.settings["chat_commands"])


def test_staff_have_a_menu_of_their_own_until_they_are_staff_no_longer(
    sandbox: Sandbox, worker: Worker, ann: Person
) -> None:
    helper = helper_of(sandbox, worker, "Hal")
    worker.do_all("set_menu")
    lists = chat_commands(sandbox)[helper.id]
    assert set(lists) == {"", "en", "fr"}
    assert all(names[0] == "questions" and "catalogue" in names for names in lists.values())
    assert ann.id not in chat_commands(sandbox)

    with worker.database.transaction() as session:
        set_role(session, helper.id, "support", actor="cli", present=False)
    worker.do_all("set_menu")
    assert chat_commands(sandbox) == {}


def test_whoever_never_wrote_gets_no_menu_and_no_failed_job(sandbox: Sandbox, worker: Worker) -> None:
    with worker.database.transaction() as session:
        set_role(session, 424_242, "admin", actor="cli")
    (job,) = worker.do_all("set_menu")
    assert job.state == "done"
    assert worker.row(User, 1).blocked_at is None
