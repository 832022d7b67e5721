"""Who may hand the proof in, until when, and who is reminded of it."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.payments.dispute_answers import remind, submit, wanted_evidence, wanted_submission
from schemas.base import utc_now
from schemas.card_jobs import SubmitEvidence
from schemas.disputes import Dispute
from schemas.people import User
from tests.support import make, make_disputes
from tests.support.make import DAY


@pytest.fixture
def owner(session: Session) -> User:
    """Who sold what a bank disputes."""
    return make.owner_of(session, make.seller(session))


@pytest.fixture
def dispute(session: Session, owner: User) -> Dispute:
    """The dispute, whose proof is staged."""
    return make_disputes.dispute(
        session, make.card_sale(session, make.seller(session, owner), make.user(session))
    )


def test_the_seller_has_it_handed_in_once(session: Session, owner: User, dispute: Dispute) -> None:
    assert wanted_evidence(session, id_of(dispute)) is not None
    assert wanted_submission(session, id_of(dispute)) is None
    for _ in range(2):
        submit(session, owner, id_of(dispute), now=utc_now())
    assert len(make.queued(session, SubmitEvidence)) == 1
    wanted = wanted_submission(session, id_of(dispute))
    assert wanted is not None
    assert wanted.name == dispute.provider_id
    assert wanted_evidence(session, id_of(dispute)) is None  # what is being handed in is not changed


def test_staff_may_as_well_and_nobody_else(session: Session, dispute: Dispute) -> None:
    stranger = make.owner_of(session, make.seller(session, make.user(session, name="Zoe")))
    with pytest.raises(NotFound, match="dispute-unknown"):
        submit(session, stranger, id_of(dispute), now=utc_now())
    submit(session, make.user(session, roles=("support",)), id_of(dispute), now=utc_now())
    assert dispute.submit_asked_at is not None


def test_what_is_not_gathered_yet_or_over_is_not_handed_in(
    session: Session, owner: User, dispute: Dispute
) -> None:
    assert dispute.answer_by is not None
    with pytest.raises(Refused, match="dispute-over"):
        submit(session, owner, id_of(dispute), now=dispute.answer_by)
    staged, dispute.staged_at = dispute.staged_at, None
    session.flush()
    with pytest.raises(Refused, match="evidence-not-ready"):
        submit(session, owner, id_of(dispute), now=utc_now())
    dispute.staged_at, dispute.status = staged, "lost"
    session.flush()
    with pytest.raises(Refused, match="dispute-over"):
        submit(session, owner, id_of(dispute), now=utc_now())


def test_both_are_reminded_before_the_end_and_not_of_what_is_answered(
    session: Session, owner: User, dispute: Dispute
) -> None:
    make.user(session, roles=("support",))
    assert dispute.answer_by is not None
    end = dispute.answer_by

    def reminded(before: timedelta) -> list[str]:
        remind(session, now=end - before)
        return [name for name in make.sent_texts(session) if "dispute-due" in name]

    assert reminded(4 * DAY) == []
    once = ["sale-dispute-due", "staff-dispute-due"]
    assert [reminded(before) for before in (3 * DAY, 2 * DAY)] == [once, once]
    assert reminded(DAY) == once * 2
    assert reminded(-DAY) == once * 2
    dispute.answer_by, dispute.answered = end + 9 * DAY, True
    session.flush()
    remind(session, now=dispute.answer_by - DAY)
    assert len([name for name in make.sent_texts(session) if "dispute-due" in name]) == 4
