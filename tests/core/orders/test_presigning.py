from datetime import timedelta

import pytest
from sqlmodel import Session, select

from core.jobs.single_statement import run
from core.kit.errors import NotFound
from core.orders.presigning import leave_to_sign
from schemas.audit import AuditEntry
from tests.support import make


def test_leave_to_sign_is_written_down_with_user_order_and_file(session: Session) -> None:
    grant = make.grant(session)
    link, _ = make.link(session, grant)

    file = run(session, leave_to_sign(link.id, correlation_id="c0ffee", now=make.NOW))

    entry = session.exec(select(AuditEntry).where(AuditEntry.action == "link.presigned")).one()
    assert (file.name, file.content_type) == ("cours.pdf", "application/pdf")
    assert (entry.actor, entry.subject) == (f"user:{grant.buyer_id}", f"asset:{link.asset_id}")
    assert (entry.correlation_id, entry.details["order"]) == ("c0ffee", grant.order_id)


def test_a_link_that_has_ended_gets_no_leave(session: Session) -> None:
    link, _ = make.link(session, ttl=60)

    with pytest.raises(NotFound, match="link-unknown"):
        run(session, leave_to_sign(link.id, correlation_id="", now=make.NOW + timedelta(minutes=2)))


def test_a_file_that_was_taken_back_gets_no_leave(session: Session) -> None:
    grant = make.grant(session)
    link, _ = make.link(session, grant)
    grant.revoked_at = make.NOW
    session.flush()
    with pytest.raises(NotFound, match="link-unknown"):
        run(session, leave_to_sign(link.id, correlation_id="", now=make.NOW))
