"""A seller's way to Stripe through the Mini App and our pages, with the loopback Stripe and a real worker."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import pytest
import redis

from core.kit.db import Database
from core.payments.rails.stripe.platform import note_key
from core.process.settings import Settings
from scripts.sandbox.stripe.sandbox import StripeSandbox
from tests.api.people import Headers, signed_in
from tests.support import make
from tests.support.stripe_sandbox import judged_stripe
from tests.support.web import Client, serving
from tests.support.worker import Worker
from workers.services import Services, stripe_client


@dataclass
class Way:
    """A seller in the Mini App, and the browser that it opens."""

    app: Client
    stripe: StripeSandbox
    worker: Worker
    headers: Headers

    def call(self, method: str, path: str = "") -> httpx.Response:
        return self.app.request(method, f"/api/cards{path}", headers=self.headers)

    def state(self) -> str:
        return str(self.call("GET").json()["state"])

    def opens(self, url: str) -> httpx.Response:
        return self.app.get(url.removeprefix("https://shop.example"), headers={"accept-language": "en"})

    def agrees(self, url: str, *, cookie: bool = True) -> httpx.Response:
        """The browser goes to Stripe's question, and the seller says yes."""
        asked = self.opens(url)
        assert asked.status_code == 303, asked.text
        if not cookie:
            self.app.cookies.clear()
        agreed = httpx.post(asked.headers["location"], data={"act": "connect"}, trust_env=False)
        return self.opens(agreed.headers["location"])


@pytest.fixture
def way(shop_settings: Settings, database: Database) -> Iterator[Way]:
    nobody = cast(Any, None)
    with judged_stripe() as stripe:
        settings = replace(
            shop_settings,
            stripe_secret_key=stripe.key,
            stripe_client_id=stripe.book.application,
            stripe_address=stripe.url,
            stripe_webhook_secrets="whsec_one",
        )
        client, api = redis.Redis.from_url(settings.redis_url), stripe_client(settings)
        worker = Worker(Services(settings, database, client, nobody, nobody, nobody, stripe=api))
        with database.transaction() as session:
            owner = make.user(session, language="en")
            make.seller(session, owner)
            headers = signed_in(session, owner)
            note_key(session, stripe.key)
        answers = worker.answer_questions()
        with serving(settings, database) as app:
            yield Way(app, stripe, worker, headers)
        answers.stop()
        api.close()
        client.close()


def test_a_seller_goes_to_stripe_and_comes_back_active(way: Way) -> None:
    assert way.call("GET").json() == {
        "offered": True,
        "state": "none",
        "missing": [],
        "currency": None,
        "own_account": True,
        "fee_percent": "0",
        "tax": "off",
        "fee_sums": [],
    }
    form = way.call("POST", "/way").json()["form"]
    to_stripe = way.opens(form)
    assert (to_stripe.status_code, to_stripe.headers["cache-control"]) == (303, "no-store")
    assert to_stripe.headers["referrer-policy"] == "no-referrer"
    assert way.state() == "incomplete"
    back = way.opens(way.stripe.onboard(to_stripe.headers["location"]))
    assert (back.status_code, "You are back from Stripe" in back.text) == (200, True)
    assert way.state() == "incomplete"  # that somebody came back proves nothing
    way.worker.do_all("check_stripe_account")
    assert (way.state(), way.call("GET").json()["currency"]) == ("active", "EUR")


def test_the_same_page_of_ours_gives_a_new_link_each_time_for_an_hour(way: Way, database: Database) -> None:
    form = way.call("POST", "/way").json()["form"]
    first, second = (way.opens(form).headers["location"] for _ in range(2))
    assert first != second
    with database.transaction() as session:
        session.connection().exec_driver_sql("UPDATE stripe_account SET ticket_until = now()")
    late = way.opens(form)
    assert (late.status_code, "which is over" in late.text) == (410, True)


@pytest.mark.parametrize("page", ["go", "back", "own"])
def test_a_made_up_ticket_leads_nowhere(way: Way, page: str) -> None:
    answer = way.opens(f"/stripe/{page}/{'x' * 43}")
    assert (answer.status_code, "leads nowhere" in answer.text) == (404, True)


def test_what_is_missing_is_shown_after_a_look(way: Way) -> None:
    form = way.opens(way.call("POST", "/way").json()["form"]).headers["location"]
    back = way.opens(way.stripe.onboard(form, None)).text
    assert "You are back from Stripe" in back
    assert "Thank you" not in back  # nobody here knows whether anything was filled in
    assert way.call("POST", "/check").status_code == 200
    way.worker.do_all("check_stripe_account")
    assert way.call("GET").json()["missing"] == ["business"]


def test_an_account_that_is_there_is_connected_in_the_same_browser(way: Way) -> None:
    back = way.agrees(way.call("POST", "/way").json()["own"])
    assert (back.status_code, "You are back" in back.text) == (200, True)
    way.worker.do_all("check_stripe_account")
    assert way.state() == "active"


def test_a_consent_of_another_browser_connects_nothing(way: Way) -> None:
    answer = way.agrees(way.call("POST", "/way").json()["own"], cookie=False)
    assert (answer.status_code, "another browser" in answer.text) == (409, True)
    assert way.state() == "none"


def test_a_no_changes_nothing(way: Way) -> None:
    answer = way.opens("/stripe/connected?error=access_denied&state=x")
    assert (answer.status_code, "Nothing was connected" in answer.text) == (200, True)


def test_a_seller_disconnects(way: Way) -> None:
    way.agrees(way.call("POST", "/way").json()["own"])
    way.worker.do_all("check_stripe_account")
    assert way.call("DELETE").json()["state"] == "none"
    way.worker.do_all("leave_stripe")
    assert way.state() == "none"


def test_a_stripe_that_is_away_is_told_so(way: Way) -> None:
    form = way.call("POST", "/way").json()["form"]
    way.stripe.stop()
    answer = way.opens(form)
    assert answer.status_code == 503
    way.stripe.__init__(way.stripe.key)  # type: ignore[misc]  # the fixture ends one that runs
    way.stripe.start()


def test_a_shop_without_stripe_says_so(shop_settings: Settings, database: Database) -> None:
    with database.transaction() as session:
        owner = make.user(session, language="en")
        make.seller(session, owner)
        headers = signed_in(session, owner)
    with serving(shop_settings, database) as app:
        assert app.get("/api/cards", headers=headers).json()["offered"] is False
        refused = app.post("/api/cards/way", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (409, "cards-off")


def test_where_workers_have_no_key_nothing_is_offered(shop_settings: Settings, database: Database) -> None:
    """In Compose and Kubernetes the API has the signing secrets, and only workers the key."""
    with database.transaction() as session:
        owner = make.user(session, language="en")
        make.seller(session, owner)
        headers = signed_in(session, owner)
    with serving(replace(shop_settings, stripe_webhook_secrets="whsec_one"), database) as app:
        assert app.get("/api/cards", headers=headers).json()["offered"] is False
        assert app.post("/api/cards/way", headers=headers).json()["code"] == "cards-off"
        with database.transaction() as session:
            note_key(session, "sk_test_1")
        assert app.get("/api/cards", headers=headers).json()["offered"] is True


def test_a_key_that_was_taken_away_is_missed_on_the_way_to_stripe(
    shop_settings: Settings, database: Database
) -> None:
    with database.transaction() as session:
        owner = make.user(session, language="en")
        make.seller(session, owner)
        headers = signed_in(session, owner)
        note_key(session, "sk_test_1")
    settings, nobody = replace(shop_settings, stripe_webhook_secrets="whsec_one"), cast(Any, None)
    client = redis.Redis.from_url(settings.redis_url)
    answering = Worker(Services(settings, database, client, nobody, nobody, nobody)).answer_questions()
    with serving(settings, database) as app:
        form = app.post("/api/cards/way", headers=headers).json()["form"]
        shown = app.get(form.removeprefix("https://shop.example"), headers={"accept-language": "en"})
        assert (shown.status_code, "has to set up Stripe first" in shown.text) == (409, True)
    answering.stop()
    client.close()


def test_somebody_without_a_shop_has_no_cards(web: Client, database: Database) -> None:
    with database.transaction() as session:
        headers = signed_in(session, make.user(session))
    assert web.get("/api/cards", headers=headers).status_code == 404
    assert urlsplit(str(web.base_url)).hostname == "shop.example"
