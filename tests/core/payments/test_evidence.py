"""What the shop has written down of a delivery, as a bank reads it."""

import pytest
from sqlmodel import Session, select

from core.kit.rows import id_of
from core.payments.evidence import EvidenceFacts, gather
from schemas.access import Download, Grant
from schemas.sales import Order
from schemas.support import SupportAnswer, SupportQuestion
from tests.support import make

LATER = make.NOW + make.DAY


@pytest.fixture
def sold(session: Session) -> Order:
    """A sale to Bea, who downloaded it and wrote about it."""
    order = make.card_sale(session, make.seller(session), make.user(session, name="Bea <b>"))
    grant = session.exec(select(Grant)).one()
    link, _ = make.link(session, grant)
    session.add(Download(link_id=link.id, client="d1g3st" * 5, minute=LATER, network="203.0.113.0/24"))
    question = SupportQuestion(
        key="one", user_id=order.buyer_id, order_id=id_of(order), words="Is it HD?", asked_at=LATER
    )
    session.add(question)
    session.flush()
    session.add(
        SupportAnswer(question_id=id_of(question), key="a", words="Yes, it is.", created_at=LATER + make.DAY)
    )
    session.flush()
    return order


@pytest.fixture
def facts(session: Session, sold: Order) -> EvidenceFacts:
    return gather(session, sold, "Douze leçons.")


def test_all_that_shows_the_delivery_is_there_oldest_first(facts: EvidenceFacts) -> None:
    words = " ".join(event.words for event in facts.events)
    for said in ("placed order", "payment was confirmed", "download link", "was downloaded", "HD", "it is"):
        assert said in words
    assert [event.at for event in facts.events] == sorted(event.at for event in facts.events)
    assert facts.buyer == "Bea <b>"
    (click,) = [event for event in facts.events if "was downloaded" in event.words]
    assert click.at == LATER
    assert click.words.endswith("from the device d1g3std1 in the network 203.0.113.0/24.")
