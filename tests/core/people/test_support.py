import pytest
from sqlmodel import Session

from core.kit.errors import NotAllowed, NotFound, Refused
from core.kit.rows import id_of
from core.people.people import set_role
from core.people.support import WORDS_LIMIT, answer, ask, record_relay, relay_of
from schemas import jobs
from schemas.access import SupportRelay
from schemas.people import User
from tests.support import make


def relay(session: Session, person: User, order_id: int | None = None) -> SupportRelay:
    for _ in range(2):
        record_relay(
            session, user_id=id_of(person), order_id=order_id, staff_telegram_id=77, staff_message_id=5
        )
    found = relay_of(session, 77, 5)
    assert found is not None
    return found


def say(session: Session, person: User, words: str, *, order_id: int | None = None) -> None:
    ask(session, person, words, about="support", order_id=order_id, message_id=9)


def test_words_reach_staff_once_however_often_the_update_comes(session: Session) -> None:
    order = make.paid_order(session)
    buyer = session.get_one(User, order.buyer_id)
    for _ in range(2):
        say(session, buyer, "Où est <b>mon</b> fichier ?\nMerci", order_id=order.id)
    (sent,) = make.queued(session, jobs.RelaySupport)
    assert (sent.words, sent.order_id) == ("Où est <b>mon</b> fichier ?\nMerci", order.id)


def test_one_can_only_ask_about_ones_own_order(session: Session) -> None:
    order = make.paid_order(session)
    with pytest.raises(NotFound, match="order-unknown"):
        say(session, make.user(session), "bonjour", order_id=order.id)


@pytest.mark.parametrize(
    ("words", "code"), [(" \x00", "words-empty"), ("x" * (WORDS_LIMIT + 1), "words-too-long")]
)
def test_no_words_and_too_many_words_are_refused(session: Session, words: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        say(session, make.user(session), words)


def test_even_a_banned_person_may_ask(session: Session) -> None:
    person = make.user(session)
    set_role(session, person.telegram_id, "banned", actor="cli")
    say(session, person, "pourquoi ?")
    assert len(make.queued(session, jobs.RelaySupport)) == 1


def test_a_reply_to_a_relayed_message_goes_to_its_person_with_the_order_number(session: Session) -> None:
    order = make.paid_order(session)
    person, staff = session.get_one(User, order.buyer_id), make.user(session, roles=("support",))
    for _ in range(2):
        answer(session, relay(session, person, order.id), staff, "Le voici.", message_id=3)
    (notice,) = (notice for notice in make.queued(session, jobs.Notify) if notice.text == "support-answer")
    assert notice.user_id == person.id
    assert notice.params == {"words": "Le voici.", "number": f"CMT-{order.id:06d}"}


def test_only_staff_may_answer(session: Session) -> None:
    person = make.user(session)
    with pytest.raises(NotAllowed):
        answer(session, relay(session, person), person, "moi", message_id=3)


def test_a_message_that_relays_nothing_has_no_relay(session: Session) -> None:
    assert relay_of(session, 77, 404) is None
