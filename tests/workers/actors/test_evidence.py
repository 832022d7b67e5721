"""The proof of delivery in a dispute, with the loopback Stripe and the real store."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.request import urlopen

import pytest
from sqlmodel import select

from core.kit.rows import id_of
from core.payments.dispute_answers import evidence_key, submit
from schemas.base import utc_now
from schemas.card_jobs import RemindDisputes
from schemas.disputes import Dispute
from schemas.ephemeral_jobs import PresignEvidence
from tests.core.payments.rails.stripe.test_refunds import paid
from tests.support import make
from tests.support.cards import CardShop
from tests.support.stripe_sandbox import judged_stripe
from tests.support.worker import Worker
from workers.actors.evidence import presign_evidence
from workers.stripe import Addresses, Stripe


@pytest.fixture
def shop(worker: Worker) -> Iterator[CardShop]:
    """A shop whose first sale a bank disputes, its proof staged."""
    with judged_stripe() as stripe:
        api = Stripe(stripe.key, Addresses(stripe.url, stripe.url, stripe.url))
        settings = replace(worker.services.settings, stripe_secret_key=stripe.key)
        shop = CardShop(replace(worker.services, settings=settings, stripe=api), stripe)
        paid(shop)
        (charge,) = stripe.book.all(shop.account, "charge")
        stripe.perform("disputes", {"charge": charge["id"]})
        shop.hand_over()
        (job,) = shop.worker.do_all("stage_evidence")
        assert job.state == "done"
        yield shop
        api.close()


def at_stripe(shop: CardShop) -> dict[str, Any]:
    (found,) = shop.stripe.book.all(shop.account, "dispute")
    return found


def row(shop: CardShop) -> Dispute:
    (found,) = shop.rows(Dispute)
    return found  # type: ignore[no-any-return]


def press(shop: CardShop) -> None:
    with shop.database.transaction() as session:
        owner = make.owner_of(session, make.seller_of(session, shop.product()))
        submit(session, owner, id_of(session.exec(select(Dispute)).one()), now=utc_now())


def test_the_proof_is_staged_first_and_can_be_read(shop: CardShop) -> None:
    evidence, details = at_stripe(shop)["evidence"], at_stripe(shop)["evidence_details"]
    assert "The payment was confirmed." in evidence["access_activity_log"]
    assert evidence["service_documentation"].startswith("file_")
    assert (at_stripe(shop)["status"], details["submission_count"]) == ("needs_response", 0)
    url = presign_evidence(shop.worker.services, PresignEvidence(evidence_id=row(shop).evidence_id))["url"]
    with urlopen(url) as answer:
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.read(5) == b"%PDF-"


def test_a_press_hands_it_in_once(shop: CardShop) -> None:
    for _ in range(2):
        press(shop)
    (job,) = shop.worker.do_all("submit_evidence")
    assert job.state == "done"
    details = at_stripe(shop)["evidence_details"]
    assert (at_stripe(shop)["status"], details["submission_count"]) == ("under_review", 1)
    assert (row(shop).status, row(shop).answered) == ("under_review", True)
    assert shop.worker.repeat(job.id).state == "done"
    shop.hand_over()
    assert (row(shop).status, row(shop).answered) == ("under_review", True)


@pytest.mark.parametrize("fault", ["fail_after", "cut_after"])
def test_an_answer_that_is_lost_hands_nothing_in_twice(shop: CardShop, fault: str) -> None:
    press(shop)
    job = shop.jobs("submit_evidence")[0]
    shop.stripe.break_things(**{fault: 1})
    for _ in range(3):
        if shop.worker.job(job.id).state != "done":
            shop.worker.repeat(job.id)
    assert shop.worker.job(job.id).state == "done"
    assert at_stripe(shop)["evidence_details"]["submission_count"] == 1
    assert row(shop).answered


def test_the_proof_goes_once_nobody_asks_for_it_any_more(shop: CardShop) -> None:
    shop.stripe.perform("decides", {"dispute": at_stripe(shop)["id"], "outcome": "won"})
    shop.hand_over()
    key = evidence_key(row(shop).evidence_id)
    for days, stays in ((539, True), (541, False)):
        with shop.database.transaction() as session:
            session.exec(select(Dispute)).one().closed_at = utc_now() - timedelta(days=days)
        assert shop.worker.do(RemindDisputes()).state == "done"
        assert (shop.worker.services.store.head(key) is not None) is stays
        assert (row(shop).staged_at is not None) is stays


def test_what_was_decided_meanwhile_is_not_answered(shop: CardShop) -> None:
    press(shop)
    shop.stripe.perform("decides", {"dispute": at_stripe(shop)["id"], "outcome": "lost"})
    (job,) = shop.worker.do_all("submit_evidence")
    assert (job.state, row(shop).status) == ("done", "lost")
