import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from core.jobs.single_statement import run
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.notifications.recipients import mark_blocked
from core.people.people import (
    Reader,
    choose_language,
    find_people,
    find_user,
    known_user,
    language_of,
    reader_of,
    set_role,
    upsert_person,
    user_of,
)
from schemas.audit import AuditEntry
from schemas.people import User
from tests.support import make


@pytest.mark.parametrize(
    ("code", "language"),
    [("en", "en"), ("en-GB", "en"), ("EN", "en"), ("fr", "fr"), ("de", "en"), ("eng", "en"), (None, "fr")],
)
def test_who_reads_none_of_our_languages_gets_english_and_who_names_none_french(
    code: str | None, language: str
) -> None:
    assert language_of(code) == language


def speak(session: Session, language_code: str | None = "fr", name: str = "Awa") -> User:
    return upsert_person(
        session, telegram_id=9001, name=name, username="awa", language_code=language_code, now=make.NOW
    )


def test_a_person_met_twice_is_one_person_with_the_latest_name_and_language(session: Session) -> None:
    first = speak(session, "fr", "Awa")
    again = speak(session, "en", "Awa D.")
    assert first.id == again.id
    assert (again.name, again.language, again.roles) == ("Awa D.", "en", ["buyer"])


def test_a_person_as_we_know_him_is_not_written_again(session: Session) -> None:
    speak(session)
    row = text("SELECT xmin, ctid FROM person WHERE telegram_id = 9001")
    before = session.connection().execute(row).one()
    speak(session)
    assert session.connection().execute(row).one() == before


def test_a_chosen_language_outlives_what_telegram_says(session: Session) -> None:
    choose_language(session, speak(session, "fr"), "en")
    assert speak(session, "fr").language == "en"


def test_a_language_is_kept_when_telegram_says_nothing(session: Session) -> None:
    speak(session, "en")
    assert speak(session, None).language == "en"


def test_a_language_that_we_do_not_speak_is_refused(session: Session) -> None:
    with pytest.raises(Refused, match="language-unknown"):
        choose_language(session, speak(session), "de")


def test_a_name_full_of_controls_is_stored_clean_and_bounded(session: Session) -> None:
    assert speak(session, name="A\x00\u202e" + "w" * 400).name == "A " + "w" * 126


def test_a_block_is_remembered_until_the_person_writes_again(session: Session) -> None:
    person = speak(session)
    mark_blocked(session, id_of(person), make.NOW)
    assert person.blocked_at == make.NOW
    assert speak(session).blocked_at is None


def test_a_role_is_given_and_taken_once_and_audited(session: Session) -> None:
    person = make.user(session)
    for present in (True, True, False, False):
        set_role(session, person.telegram_id, "support", actor="cli", present=present)
    entries = session.exec(select(AuditEntry.action).where(AuditEntry.subject == f"user:{person.id}")).all()
    assert entries == ["role.given", "role.taken"]
    assert person.roles == ["buyer"]


def test_an_operator_can_be_named_before_the_bot_has_met_him(session: Session) -> None:
    admin = set_role(session, 4242, "admin", actor="cli")
    assert find_user(session, 4242) is admin
    met = upsert_person(session, telegram_id=4242, name="Op", username=None, language_code="en", now=make.NOW)
    assert (met.id, met.roles, met.language) == (admin.id, ["buyer", "admin"], "en")


def test_an_unknown_role_and_an_unknown_person_are_refused(session: Session) -> None:
    with pytest.raises(Refused, match="unknown-role"):
        set_role(session, 1, "king", actor="cli")
    with pytest.raises(NotFound, match="person-unknown"):
        user_of(session, 0)


def test_people_are_found_by_every_word_and_by_their_number(session: Session) -> None:
    anne = make.user(session, telegram_id=4_200_000_001, name="Anne Le Gall", username="anne_lg")
    other = make.user(session, telegram_id=4_200_000_002, name="Anne Percent%")

    def found(words: str) -> list[int | None]:
        return [user.id for user in find_people(session, words, page=1).items]

    assert found("anne") == [other.id, anne.id]  # who came last is first
    assert found("ANNE gall") == [anne.id]
    assert found("@anne_lg") == found("4200000001") == [anne.id]
    assert found("%") == [other.id]
    assert found("anne 4200000009") == found("9" * 19) == []


def test_somebody_we_never_met_is_unknown(session: Session) -> None:
    met = make.user(session, telegram_id=4_200_000_001)
    assert known_user(session, 4_200_000_001).id == met.id
    with pytest.raises(NotFound, match="person-unknown"):
        known_user(session, 4_200_000_009)
    assert run(session, reader_of(id_of(met))) == Reader(id_of(met), 4_200_000_001, "fr", blocked=False)
    with pytest.raises(NotFound, match="person-unknown"):
        run(session, reader_of(id_of(met) + 1))
