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
from tests.support import make
from tests.workers.actors.conftest import Worker

WORDS = "Where is <my> file?"


def met(hands: Worker, person: Person, **given: object) -> User:
    with hands.database.transaction() as session:
        return make.user(session, telegram_id=person.id, name=person.name, **given)  # type: ignore[arg-type]


def refunded(user: User) -> jobs.Notify:
    params: dict[str, str | int] = {"words": "As <you> asked", "number": "CMT-000042"}
    return jobs.Notify(user_id=id_of(user), text="support-answer", params=params)


def test_a_notice_comes_in_the_persons_language_and_escaped(hands: Worker, ann: Person) -> None:
    hands.do(refunded(met(hands, ann)))

    assert "As <you> asked" in ann.wait_for("CMT-000042").text


def test_a_notice_that_is_repeated_is_seen_once(hands: Worker, ann: Person) -> None:
    job = hands.do(refunded(met(hands, ann)))
    with Session(hands.database.engine) as session:
        session.connection().exec_driver_sql("UPDATE job SET state = 'queued'")
        session.commit()

    hands.perform(job.id)

    assert hands.sandbox.reached("CMT-000042") == {ann.id: 1}


def test_who_has_blocked_the_bot_is_not_written_to(hands: Worker, ann: Person) -> None:
    user = met(hands, ann)
    with hands.database.transaction() as session:
        mark_blocked(session, id_of(user), utc_now())

    assert hands.do(refunded(user)).state == "done"

    assert "messages.sendMessage" not in hands.sandbox.counts["calls"]


def test_who_blocks_the_bot_is_recorded(hands: Worker, ann: Person) -> None:
    user = met(hands, ann)
    ann.blocks_bot()

    job = hands.do(refunded(user))

    assert job.state == "done"
    assert hands.row(User, user.id).blocked_at is not None


def test_all_staff_see_a_persons_words_and_can_answer(hands: Worker, ann: Person) -> None:
    helpers = [hands.sandbox.person(name) for name in ("Hal", "Ida")]
    for helper, role in zip(helpers, ("support", "admin"), strict=True):
        helper.says("/start")
        met(hands, helper, roles=(role,))
    author = met(hands, ann, username="ann")

    hands.do(jobs.RelaySupport(user_id=id_of(author), words=WORDS))

    for helper in helpers:
        message = helper.wait_for(WORDS)
        with Session(hands.database.engine) as session:
            relay = relay_of(session, helper.id, message.id)
        assert relay is not None
        assert relay.user_id == author.id
    assert hands.sandbox.reached(WORDS) == {helper.id: 1 for helper in helpers}


def test_a_relay_repeated_after_half_of_it_is_seen_once_by_each(hands: Worker, ann: Person) -> None:
    helpers = [hands.sandbox.person(name) for name in ("Hal", "Ida")]
    for helper in helpers:
        helper.says("/start")
        met(hands, helper, roles=("support",))
    author = met(hands, ann)
    job = hands.do(jobs.RelaySupport(user_id=id_of(author), words=WORDS))
    with Session(hands.database.engine) as session:
        session.connection().exec_driver_sql("UPDATE job SET state = 'queued'")
        session.connection().exec_driver_sql(
            "DELETE FROM support_relay WHERE staff_telegram_id = %s", (helpers[1].id,)
        )
        session.commit()

    hands.perform(job.id)

    assert hands.sandbox.reached(WORDS) == {helper.id: 1 for helper in helpers}
    with Session(hands.database.engine) as session:
        assert len(session.exec(select(SupportRelay)).all()) == 2


def test_staff_out_of_reach_do_not_keep_the_others_from_reading(hands: Worker, ann: Person) -> None:
    gone, here = (hands.sandbox.person(name) for name in ("Hal", "Ida"))
    for helper in (gone, here):
        helper.says("/start")
        met(hands, helper, roles=("support",))
    gone.blocks_bot()

    job = hands.do(jobs.RelaySupport(user_id=id_of(met(hands, ann)), words=WORDS))

    assert job.state == "done"
    assert hands.sandbox.reached(WORDS) == {here.id: 1}
