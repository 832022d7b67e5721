"""The way of a seller to Stripe and back, with the client of the workers against the loopback Stripe."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlmodel import select

from core.kit.db import Database
from core.kit.errors import NotFound, Refused
from core.kit.rows import id_of
from core.payments.rails.stripe import accounts, onboarding
from core.process.settings import Settings
from schemas.people import Seller
from schemas.stripe import StripeAccount, StripePlatform
from schemas.stripe_jobs import CheckStripeAccount, LeaveStripe
from scripts.sandbox.stripe.connect import authorize
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.support import make
from tests.support.lock_order import locked_in_order
from tests.support.stripe_sandbox import judged_stripe
from workers.stripe import Addresses, Stripe

NOW = datetime.now(UTC)


@dataclass
class Way:
    """A seller's way, with a ticket."""

    database: Database
    stripe: StripeSandbox
    client: Stripe
    settings: Settings
    seller_id: int = field(init=False)
    token: str = field(init=False)

    def __post_init__(self) -> None:
        self.seller_id = self.new_seller()
        self.token = self.ticket()

    def new_seller(self) -> int:
        with self.database.transaction() as session:
            return id_of(make.seller(session))

    def ticket(self, now: datetime = NOW) -> str:
        with self.database.transaction() as session:
            return onboarding.issue_ticket(session, self.seller_id, now=now)

    def row(self) -> StripeAccount:
        with self.database.transaction() as session:
            row = accounts.connected(session, self.seller_id)
            assert row is not None
            session.expunge(row)
            return row

    def form(self) -> str:
        return onboarding.way_to_form(
            self.database, self.client, self.settings, id_of(self.row()), self.token, now=NOW
        )

    def takes(self, code: str) -> None:
        onboarding.take_code(self.database, self.client, self.settings, id_of(self.row()), code, now=NOW)

    def code(self) -> str:
        """The seller agrees at Stripe."""
        url = onboarding.way_to_consent(self.settings, self.token)
        query = {name: words[0] for name, words in parse_qs(urlsplit(url).query).items()}
        with self.stripe.book.working():
            back = authorize(self.stripe.book, query, agrees=True)
        answer = parse_qs(urlsplit(back).query)
        assert answer["state"] == [self.token]
        return answer["code"][0]

    def checked(self) -> accounts.Account | None:
        account_id = self.row().account_id
        assert account_id is not None
        seen = onboarding.look(self.client, account_id)
        with self.database.transaction() as session:
            row = accounts.connected(session, self.seller_id, lock=True)
            assert row is not None
            if seen is not None:
                accounts.note(session, row, seen, now=NOW)
        return seen


@pytest.fixture
def way(database: Database, settings: Callable[..., Settings]) -> Iterator[Way]:
    with judged_stripe() as stripe:
        addresses = Addresses(stripe.url, stripe.url, stripe.url)
        ours = settings(
            public_url="https://shop.example",
            stripe_secret_key=stripe.key,
            stripe_client_id=stripe.book.application,
            stripe_address=stripe.url,
        )
        with (
            closing(Stripe(stripe.key, addresses)) as client,
            locked_in_order("seller", "stripe_account"),
        ):
            yield Way(database, stripe, client, ours)


def test_a_form_is_filled_in_and_the_account_becomes_active_once_it_was_looked_at(way: Way) -> None:
    back = way.stripe.onboard(way.form())
    assert back == f"https://shop.example/stripe/back/{way.token}"
    assert way.row().state == "incomplete"  # that the seller came back proves nothing
    way.checked()
    assert (way.row().state, way.row().currency, way.row().livemode) == ("active", "EUR", False)
    with way.database.transaction() as session:
        seller = session.get_one(Seller, way.seller_id)
        assert "card" in seller.rails
        assert make.sent_texts(session) == ["stripe-active"]


def test_what_is_left_unfinished_says_what_is_missing(way: Way) -> None:
    way.stripe.onboard(way.form(), None)
    way.checked()
    assert (way.row().state, way.row().missing) == ("incomplete", ["business"])
    way.stripe.onboard(way.form(), "pending")
    way.checked()
    assert (way.row().state, way.row().missing) == ("checking", [])


def test_two_shops_with_one_key_make_an_account_each(way: Way) -> None:
    """Case: both had asked under the key of their row 1, and the second was refused."""
    way.form()
    first = way.row().account_id
    with way.database.transaction() as session:  # the other shop, whose first row is the 1 of it too
        session.exec(select(StripePlatform)).one().name = "another"
        row = accounts.connected(session, way.seller_id)
        assert row is not None
        row.account_id = None
        session.get_one(Seller, way.seller_id).name = "The other shop"
    way.form()
    assert way.row().account_id not in (None, first)
    assert len(list(way.client.pages(onboarding.Made, "/v1/accounts"))) == 2


def test_whoever_changes_an_account_locks_its_seller_before(way: Way) -> None:
    """One who began held the seller and waited for the account, one who noted it the other way round."""
    with locked_in_order("seller", "stripe_account") as locks:
        way.stripe.onboard(way.form())
        way.checked()
        with way.database.transaction() as session:
            onboarding.end_connection(session, way.seller_id, actor="cli", now=NOW)
    assert {"seller", "stripe_account"} <= set(locks)


def test_a_link_is_good_once_and_a_new_one_is_for_the_same_account(way: Way) -> None:
    first = way.form()
    account_id = way.row().account_id
    way.stripe.onboard(first, None)
    # Stripe sends whoever opens a used link to our page, which has another one made.
    assert way.stripe.onboard(first) == f"https://shop.example/stripe/go/{way.token}"
    second = way.form()
    assert second != first
    assert way.row().account_id == account_id
    assert len(list(way.client.pages(onboarding.Made, "/v1/accounts"))) == 1


def test_a_second_press_makes_no_second_account_where_the_first_answer_was_lost(way: Way) -> None:
    way.form()
    first = way.row()
    with way.database.transaction() as session:  # as if the worker had died before it wrote the id down
        row = session.get_one(StripeAccount, first.id)
        row.account_id = None
    way.form()
    assert way.row().account_id == first.account_id


def test_a_ticket_opens_the_way_for_an_hour_and_a_new_one_ends_it(way: Way) -> None:
    with way.database.transaction() as session:
        row = onboarding.require_ticket(session, way.token, now=NOW)
        assert row.seller_id == way.seller_id
        with pytest.raises(Refused, match="stripe-way-expired"):
            onboarding.require_ticket(session, way.token, now=NOW + timedelta(hours=1))
        assert onboarding.find_ticket(session, way.token) is row
    way.ticket()
    with way.database.transaction() as session, pytest.raises(NotFound, match="stripe-way-unknown"):
        onboarding.find_ticket(session, way.token)


def test_an_account_that_is_there_is_connected_by_its_owner(way: Way) -> None:
    way.takes(way.code())
    with way.database.transaction() as session:
        assert [job.row_id for job in make.queued(session, CheckStripeAccount)] == [way.row().id]
    way.checked()
    assert way.row().state == "active"


def test_a_code_is_good_once(way: Way) -> None:
    code = way.code()
    way.takes(code)
    with pytest.raises(Refused, match="stripe-code-void"):
        way.takes(code)


def test_an_account_is_one_shops(way: Way) -> None:
    code = way.code()
    way.takes(code)
    account_id = way.row().account_id
    way.seller_id = way.new_seller()
    way.token = way.ticket()
    other = way.code()
    with way.stripe.book.working():
        way.stripe.book.notes[other]["code"] = account_id
    with pytest.raises(Refused, match="stripe-account-taken"):
        way.takes(other)


def test_who_comes_back_with_the_same_account_goes_on_with_its_row(way: Way) -> None:
    way.takes(way.code())
    first = way.row()
    with way.database.transaction() as session:
        onboarding.end_connection(session, way.seller_id, actor="cli", now=NOW)
        onboarding.end_connection(session, way.seller_id, actor="cli", now=NOW)
        assert [job.row_id for job in make.queued(session, LeaveStripe)] == [first.id]
    way.token = way.ticket()
    code = way.code()
    with way.stripe.book.working():
        way.stripe.book.notes[code]["code"] = first.account_id
    way.takes(code)
    assert (way.row().id, way.row().state, way.row().disconnected_at) == (first.id, "incomplete", None)


def test_another_account_takes_the_place_of_the_one_that_was_connected(way: Way) -> None:
    way.takes(way.code())
    first = way.row()
    way.token = way.ticket()
    way.takes(way.code())
    assert way.row().account_id != first.account_id
    with way.database.transaction() as session:
        states = session.exec(select(StripeAccount.state).order_by(StripeAccount.id)).all()  # type: ignore[arg-type]
        assert list(states) == ["disconnected", "incomplete"]


def test_a_key_of_the_other_mode_begins_with_an_account_of_its_own(way: Way) -> None:
    way.form()
    first = way.row()
    with way.database.transaction() as session:
        session.get_one(StripeAccount, first.id).livemode = True
    way.form()
    assert (way.row().id != first.id, way.row().livemode) == (True, False)
    with way.database.transaction() as session:
        assert onboarding.require_ticket(session, way.token, now=NOW).id == way.row().id


def test_an_account_whose_owner_let_us_go_is_not_seen(way: Way) -> None:
    way.takes(way.code())
    account_id = way.row().account_id
    assert account_id is not None
    way.stripe.disconnect(account_id)
    assert onboarding.look(way.client, account_id) is None
    with pytest.raises(Refused, match="stripe-refused"):
        way.form()
    with way.database.transaction() as session:  # which ends this connection, so that another may begin
        assert way.row().id in [job.row_id for job in make.queued(session, CheckStripeAccount)]


def test_our_pages_of_stripe_open_in_a_browser(way: Way) -> None:
    assert httpx.get(way.form()).status_code == 200
    assert httpx.get(onboarding.way_to_consent(way.settings, way.token)).status_code == 200
