"""Questions are kept until they are answered or closed, whoever can be reached meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.notifications.addresses import confirm, give_address, give_order_address, question
from core.notifications.recipients import mark_blocked
from core.people.people import set_role
from core.people.support import (
    OPEN_LIMIT,
    WORDS_LIMIT,
    answer,
    ask,
    ask_on_page,
    close,
    record_relay,
    relayed_question,
)
from core.people.support_inbox import question_view
from schemas import jobs, notification_jobs
from schemas.audit import AuditEntry
from schemas.people import User
from schemas.sales import Order
from schemas.support import SupportQuestion, SupportRelay
from tests.support import make

HOUR = timedelta(hours=1)


def say(session: Session, person: User, words: str = "?", **options: Any) -> int:
    values = {"about": "support", "order_id": None, "key": "bot:1:9", "now": make.NOW} | options
    return ask(session, person, words, **values).question_id


def reply(session: Session, question_id: int, words: str = "Le voici.", *, key: str = "bot:2:3") -> Any:
    return answer(session, question_id, words, actor="cli", staff_id=None, key=key, now=make.NOW + HOUR)


def letters(session: Session, text: str = "support-answer") -> list[jobs.Notify]:
    return [job for job in make.queued(session, jobs.Notify) if job.text == text]


def web_order(session: Session) -> Order:
    return make.order(session, rail="manual", entry="web")


def test_words_are_kept_and_shown_once_however_often_the_update_comes(session: Session) -> None:
    order = make.paid_order(session)
    buyer = session.get_one(User, order.buyer_id)
    words = "Où est <b>mon</b> fichier ?\nMerci"
    numbers = {say(session, buyer, words, order_id=order.id) for _ in range(2)}
    (kept,) = session.exec(select(SupportQuestion)).all()
    assert numbers == {kept.id}
    assert (kept.words, kept.order_id, kept.state) == (words, order.id, "open")
    assert [job.question_id for job in make.queued(session, jobs.RelayQuestion)] == [kept.id]


def test_nobody_is_promised_a_reader_who_is_not_there(session: Session) -> None:
    person, helper = make.user(session), make.user(session, roles=("support",))
    options: dict[str, Any] = {"about": "support", "order_id": None, "now": make.NOW}
    assert ask(session, person, "?", key="1", **options).reachable
    mark_blocked(session, id_of(helper), make.NOW)
    assert not ask(session, person, "?", key="2", **options).reachable
    assert len(session.exec(select(SupportQuestion)).all()) == 2


def test_one_can_only_ask_about_ones_own_order(session: Session) -> None:
    order = make.paid_order(session)
    with pytest.raises(NotFound, match="order-unknown"):
        say(session, make.user(session), order_id=order.id)


@pytest.mark.parametrize(
    ("words", "code"), [(" \x00", "words-empty"), ("x" * (WORDS_LIMIT + 1), "words-too-long")]
)
def test_no_words_and_too_many_words_are_refused(session: Session, words: str, code: str) -> None:
    person = make.user(session)
    with pytest.raises(Refused, match=code):
        say(session, person, words)
    number = say(session, person)
    with pytest.raises(Refused, match=code):
        reply(session, number, words)
    with pytest.raises(Refused, match=code):
        ask_on_page(session, web_order(session), words, key="k", now=make.NOW)


def test_only_so_many_questions_of_one_person_or_page_wait_at_once(session: Session) -> None:
    person, other, order = make.user(session), make.user(session), web_order(session)
    numbers = [say(session, person, key=f"bot:{number}") for number in range(OPEN_LIMIT)]
    for number in range(OPEN_LIMIT):
        ask_on_page(session, order, "?", key=str(number), now=make.NOW)
    with pytest.raises(Refused, match="questions-too-many"):
        say(session, person, key="more")
    with pytest.raises(Refused, match="questions-too-many"):
        ask_on_page(session, order, "?", key="more", now=make.NOW)
    assert say(session, person, key="bot:0") == numbers[0], "one that is known is not one more"
    say(session, other, key="other")
    reply(session, numbers[0])
    say(session, person, key="more")


def test_even_a_banned_person_may_ask(session: Session) -> None:
    person = make.user(session)
    set_role(session, person.telegram_id, "banned", actor="cli")
    say(session, person, "pourquoi ?")
    assert len(make.queued(session, jobs.RelayQuestion)) == 1


def test_an_answer_goes_to_its_person_once_and_is_kept(session: Session) -> None:
    order = make.paid_order(session)
    person = session.get_one(User, order.buyer_id)
    number = say(session, person, order_id=order.id)
    first = [reply(session, number).first for _ in range(2)]
    (notice,) = letters(session)
    assert notice.user_id == person.id
    assert notice.params == {"words": "Le voici.", "number": f"CMT-{order.id:06d}"}
    view = question_view(session, number)
    assert (view.question.state, [line.words for line in view.answers]) == ("answered", ["Le voici."])
    assert first[0] is True
    assert reply(session, number, "Et encore.", key="bot:2:4").first is False
    assert len(letters(session)) == 2
    acts = session.exec(select(AuditEntry.action).where(AuditEntry.subject == f"question:{number}")).all()
    assert list(acts) == ["support.asked", "support.answered", "support.answered"]


def test_staff_hear_how_the_answer_reaches_a_person(session: Session) -> None:
    person = make.user(session)
    number = say(session, person)
    assert reply(session, number, key="1").reach == "telegram"
    mark_blocked(session, id_of(person), make.NOW)
    session.expire_all()
    assert reply(session, number, key="2").reach == "app"
    address = give_address(session, id_of(person), "awa@example.org", now=make.NOW)
    asked = question(session, id_of(address), address.issue, make.SECRET, now=make.NOW)
    assert asked is not None
    confirm(session, asked.confirm_token, now=make.NOW)
    assert reply(session, number, key="3").reach == "mail"
    assert len(make.queued(session, notification_jobs.MailNotification)) == 1


def test_the_page_of_a_web_order_is_answered_there_by_mail_and_once_claimed_in_telegram(
    session: Session,
) -> None:
    order = web_order(session)
    number = ask_on_page(session, order, "Reçu ?", key="k", now=make.NOW).question_id
    assert ask_on_page(session, order, "Reçu ?", key="k", now=make.NOW).question_id == number
    assert reply(session, number, key="1").reach == "page"
    address = give_order_address(session, order, "awa@example.org", now=make.NOW)
    asked = question(session, id_of(address), address.issue, make.SECRET, now=make.NOW)
    assert asked is not None
    confirm(session, asked.confirm_token, now=make.NOW)
    assert reply(session, number, key="2").reach == "mail"
    assert len(make.queued(session, notification_jobs.MailSupportAnswer)) == 1
    order.buyer_id = id_of(make.user(session))
    session.add(order)
    assert reply(session, number, key="3").reach == "telegram"
    assert [job.user_id for job in letters(session)] == [order.buyer_id]


def test_whoever_waits_is_told_that_a_question_is_closed_and_nobody_twice(session: Session) -> None:
    person = make.user(session)
    waiting, answered = say(session, person), say(session, person, key="2")
    reply(session, answered)
    ended = [close(session, number, actor="cli", now=make.NOW) for number in (waiting, waiting, answered)]
    assert ended == [True, False, True]
    assert len(letters(session, "support-closed")) == 1
    assert reply(session, waiting, key="late").reach == "telegram"
    assert question_view(session, waiting).question.state == "answered"


@pytest.mark.parametrize("act", [reply, lambda s, n: close(s, n, actor="cli", now=make.NOW)])
def test_a_number_without_a_question_is_unknown(session: Session, act: Any) -> None:
    with pytest.raises(NotFound, match="question-unknown"):
        act(session, 404)


def test_a_message_carries_its_question_or_none(session: Session) -> None:
    number = say(session, make.user(session))
    for _ in range(2):
        record_relay(session, number, staff_telegram_id=77, staff_message_id=5)
    assert relayed_question(session, 77, 5, now=make.NOW) == number
    assert relayed_question(session, 77, 404, now=make.NOW) is None


def test_a_message_that_is_older_than_questions_gets_its_question_when_it_is_answered(
    session: Session,
) -> None:
    person = make.user(session)
    session.add(SupportRelay(user_id=person.id, staff_telegram_id=77, staff_message_id=5))
    session.flush()
    number = relayed_question(session, 77, 5, now=make.NOW)
    assert number is not None
    assert relayed_question(session, 77, 5, now=make.NOW) == number
    reply(session, number)
    assert [job.user_id for job in letters(session)] == [person.id]
