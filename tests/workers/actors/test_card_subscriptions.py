"""The jobs about memberships by card, with the loopback Stripe and the loopback Telegram."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from schemas.card_jobs import SendPortal
from schemas.card_subscription import CardSubscription
from schemas.ephemeral_jobs import OpenPortal
from schemas.member_jobs import ExpireMember
from schemas.membership import Membership, MembershipPeriod
from schemas.people import User
from schemas.queue import Job
from scripts.sandbox.telegram.driver import Person
from tests.support.card_club import CardClub
from tests.support.cards import CardShop
from tests.support.stripe_sandbox import judged_stripe
from tests.support.worker import Worker
from workers.actors.card_subscriptions import open_page
from workers.stripe import Addresses, Stripe

AGO = timedelta(days=45)


@pytest.fixture
def club(worker: Worker, ann: Person) -> Iterator[CardClub]:
    """Ann, who is known at Telegram, is charged every month."""
    with judged_stripe() as stripe:
        api = Stripe(stripe.key, Addresses(stripe.url, stripe.url, stripe.url))
        settings = replace(worker.services.settings, stripe_secret_key=stripe.key)
        club = CardClub(CardShop(replace(worker.services, settings=settings, stripe=api), stripe))
        with club.database.transaction() as session:
            session.get_one(User, club.ann_id).telegram_id = ann.id
        club.join()
        yield club
        api.close()


def long_ago(club: CardClub) -> None:
    """All that we have written of her membership happened earlier; at Stripe a month goes by unheard."""
    with club.database.transaction() as session:
        membership = session.exec(select(Membership)).one()
        period = session.exec(select(MembershipPeriod)).one()
        row = session.exec(select(CardSubscription)).one()
        assert membership.ends_at
        assert membership.clock_at
        assert period.starts_at
        assert period.ends_at
        membership.ends_at, membership.clock_at = membership.ends_at - AGO, membership.clock_at - AGO
        period.starts_at, period.ends_at = period.starts_at - AGO, period.ends_at - AGO
        row.seen_at, row.until = row.seen_at - AGO, row.until - AGO
    club.stripe.perform("advance", {"seconds": int(timedelta(days=32).total_seconds())})
    club.shop.waiting()


def expire(club: CardClub) -> str:
    membership = club.membership
    job = ExpireMember(membership_id=id_of(membership), turn=membership.turn)
    return str(club.shop.worker.do(job).state)


def test_a_member_is_sent_the_page_of_their_card_in_the_chat_alone(club: CardClub, ann: Person) -> None:
    job = club.shop.worker.do(SendPortal(membership_id=id_of(club.membership)))
    assert job.state == "done"
    (page,) = ann.wait_for("Your card, your invoices").links
    assert page.startswith(f"{club.stripe.url}/portal/")
    assert "/portal/" not in str(club.shop.rows(Job))
    club.stripe.pages.press(page, "cancel_at_end")
    club.hand_over()
    assert club.state() == "cancelled"


def test_who_cannot_be_written_to_is_sent_nothing(club: CardClub, ann: Person) -> None:
    ann.blocks_bot()
    assert club.shop.worker.do(SendPortal(membership_id=id_of(club.membership))).state == "done"


def test_a_page_that_is_waited_for_is_opened_as_long_as_a_card_is_charged(club: CardClub) -> None:
    services, job = club.shop.worker.services, OpenPortal(membership_id=id_of(club.membership))
    urls = {open_page(services, job)["url"] for _ in range(2)}
    assert len(urls) == 2
    with pytest.raises(Refused, match="cards-off"):
        open_page(replace(services, settings=replace(services.settings, stripe_secret_key="")), job)
    club.stripe.pages.press(urls.pop(), "cancel_now")
    club.hand_over()
    with pytest.raises(NotFound, match="subscription-unknown"):
        open_page(services, job)
    assert club.shop.worker.do(SendPortal(membership_id=id_of(club.membership))).state == "done"


def test_a_membership_that_was_charged_unheard_goes_on(club: CardClub) -> None:
    long_ago(club)
    assert expire(club) == "done"
    assert club.state() == "active"
    assert len(club.orders()) == len(club.periods()) == 2


def test_a_membership_that_was_not_charged_ends_though_its_account_has_left(club: CardClub) -> None:
    club.stripe.perform("next_card", {"customer": club.customer, "how": "decline"})
    long_ago(club)
    club.stripe.disconnect(club.shop.account)
    assert expire(club) == "done"
    assert (club.state(), len(club.orders())) == ("expired", 1)
