"""Who is told that somebody guesses, and what the audit log has of it."""

from datetime import timedelta

from sqlmodel import Session, select

from core.kit.rows import id_of
from core.people.guesses import Secret, report_guesses, report_web_guesses
from schemas.audit import AuditEntry
from schemas.people import Seller
from tests.support import make, make_members


def acts(session: Session) -> list[tuple[str, str, str]]:
    session.flush()
    entries = session.exec(select(AuditEntry)).all()
    return [(one.actor, one.action, one.subject) for one in entries if one.action.endswith(".guessed")]


def test_staff_are_told_once_a_day_of_somebody_who_guesses_start_links(session: Session) -> None:
    staff, guesser = make.user(session, roles=("support",)), make.user(session, username="awa")
    for days in (0, 0, 1):
        report_guesses(session, guesser, Secret("start"), now=make.NOW + timedelta(days=days))
    assert make.sent_texts(session, staff) == ["staff-start-guessed"] * 2
    assert acts(session) == [(f"user:{guesser.id}", "start.guessed", f"user:{guesser.id}")] * 3


def test_the_seller_of_a_plan_is_told_of_guessed_codes(session: Session) -> None:
    staff, guesser = make.user(session, roles=("support",)), make.user(session)
    plan = make_members.plan(session, audience="code")
    seller = make.owner_of(session, session.get_one(Seller, plan.seller_id))
    for _ in range(2):
        report_guesses(session, guesser, Secret("code", id_of(plan)), now=make.NOW)
    assert make.sent_texts(session, staff) == ["staff-code-guessed"]
    assert make.sent_texts(session, seller)[1:] == ["seller-code-guessed"]
    assert acts(session) == [(f"user:{guesser.id}", "code.guessed", f"product:{plan.id}")] * 2


def test_guesses_on_the_web_are_told_without_an_address(session: Session) -> None:
    staff = make.user(session, roles=("support",))
    for _ in range(2):
        report_web_guesses(session, now=make.NOW)
    assert make.sent_texts(session, staff) == ["staff-web-guessed"]
    assert acts(session) == [("web", "web.guessed", "web")] * 2
