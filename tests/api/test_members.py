"""Memberships in the Mini App, for members and for those who sell them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import redis
from sqlmodel import Session, col, select

from core.jobs.request_reply import write_reply
from core.kit.db import Database
from core.kit.money import Money
from core.kit.rows import id_of
from core.memberships.admission import keep_link, prepare
from core.memberships.checks import checked
from core.memberships.expiry import strike
from core.ports import ChannelMember
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.membership import Channel, Membership
from schemas.people import Seller as Shop
from schemas.people import User
from schemas.queue import Job
from schemas.sales import Order
from tests.api.seller import Seller
from tests.support import make, make_members
from tests.support.questions import Answering, UrlWorker, answering
from tests.support.web import Client, serving

MEMBER = 8
SITE = "https://shop.example"


@pytest.fixture
def buyer(app: Client, database: Database) -> Seller:
    """Somebody else in the Mini App."""
    return Seller(app, database, MEMBER)


def enrol(
    database: Database, *, days_ago: float = 0, enter: bool = False, rail: str = "stars", **terms: Any
) -> int:
    """The buyer pays for a plan of the seller's; the membership."""
    paid_at = utc_now() - timedelta(days=days_ago)
    with database.transaction() as session:
        shop = session.exec(select(Shop).join(User).where(User.telegram_id == 7)).one()
        known = session.exec(select(Channel).where(Channel.seller_id == shop.id)).first()
        room = known or make_members.channel(session, shop, now=paid_at)
        item = make_members.plan(session, room, title="Club", now=paid_at, **terms)
        person = make.user(session, telegram_id=MEMBER, name="Bea", username="bea")
        held = make_members.member(session, item, person, rail=rail, now=paid_at)
        if enter:
            make_members.joins(session, room, person, at=paid_at)
        return id_of(held)


def channel_id(database: Database) -> int:
    """The seller's only channel."""
    with Session(database.engine) as session:
        return id_of(session.exec(select(Channel)).one())


def test_a_member_sees_what_is_left_and_what_they_can_do(
    seller: Seller, buyer: Seller, database: Database
) -> None:
    assert buyer.call("GET", "/api/memberships").json() == {"items": []}
    number = enrol(database, days_ago=9.5, enter=True)
    (item,) = buyer.call("GET", "/api/memberships").json()["items"]
    assert (item["title"], item["state"], item["days_left"]) == ("Club", "active", 21)
    assert item["share_left"] == pytest.approx(20.5 / 30, abs=0.01)
    assert item["channels"] == [
        {"id": channel_id(database), "title": "Couture privée", "inside": True, "link": None}
    ]
    able = {"enter": True, "cancel": True, "undo": False, "pause": True, "resume": False, "change": False}
    assert item["can"] == able
    assert item["renew"] == {"stars": {"amount": 500, "currency": "XTR"}, "web_link": None}
    assert buyer.call("GET", f"/api/memberships/{number}").json()["channels"] == item["channels"]
    assert seller.call("GET", f"/api/memberships/{number}").status_code == 404
    assert seller.call("POST", f"/api/memberships/{number}/cancel").status_code == 404


def test_a_membership_is_cancelled_kept_paused_and_resumed(
    seller: Seller, buyer: Seller, database: Database
) -> None:
    number = enrol(database, enter=True)
    for act, state in (
        ("cancel", "cancelled"),
        ("undo", "active"),
        ("pause", "paused"),
        ("resume", "active"),
    ):
        answer = buyer.call("POST", f"/api/memberships/{number}/{act}")
        assert (answer.status_code, answer.json()["state"]) == (200, state), answer.text
    again = buyer.call("POST", f"/api/memberships/{number}/resume")
    assert (again.status_code, again.json()["code"]) == (409, "not-resumable")
    assert buyer.call("POST", f"/api/memberships/{number}/burn").status_code == 400


def test_a_way_in_is_shown_once_it_is_made_and_sent_again_when_asked(
    seller: Seller, buyer: Seller, database: Database
) -> None:
    number = enrol(database)
    assert buyer.call("GET", f"/api/memberships/{number}").json()["channels"][0]["link"] is None
    assert buyer.call("POST", f"/api/memberships/{number}/join").status_code == 200
    args = select(Job.args).where(Job.actor == "admit").order_by(col(Job.created_at))
    with database.transaction() as session:
        occasions = [payload["occasion"] for payload in session.exec(args).all()]
        assert occasions == ["paid", "reissued"]
        admitted = prepare(session, number, now=utc_now())
        assert admitted is not None
        (there,) = admitted.places
        assert there.invite is not None
        keep_link(session, there.invite.id, "https://t.me/+way-in")
    shown = buyer.call("GET", f"/api/memberships/{number}").json()["channels"][0]
    assert (shown["inside"], shown["link"]) == (False, "https://t.me/+way-in")
    buyer.call("POST", f"/api/memberships/{number}/pause")
    assert buyer.call("GET", f"/api/memberships/{number}").json()["channels"][0]["link"] is None


@pytest.fixture
def invoices(redis_url: str) -> Iterator[list[dict[str, Any]]]:
    """A worker gives every invoice an address; the questions that it was asked."""
    worker = UrlWorker(redis_url, "https://t.me/$invoice")
    with answering(redis_url, "delivery", worker.answer):
        yield worker.questions


def test_renewing_gives_an_invoice_of_one_order_however_often_it_is_asked(
    seller: Seller, buyer: Seller, database: Database, invoices: list[dict[str, Any]]
) -> None:
    number = enrol(database, days_ago=40)
    for _ in range(2):
        answer = buyer.call("POST", f"/api/memberships/{number}/renew")
        assert (answer.status_code, answer.json()) == (200, {"url": "https://t.me/$invoice"})
    with Session(database.engine) as session:
        opened = session.exec(select(Order).where(Order.status == "awaiting_payment")).one()
        assert (opened.rail, opened.entry, opened.amount) == ("stars", "bot", 500)
    assert invoices == [{"order_id": opened.id}] * 2
    assert seller.call("POST", f"/api/memberships/{number}/renew").status_code == 404


def test_who_pays_by_card_is_led_to_stripes_page_of_it(
    seller: Seller, buyer: Seller, database: Database, redis_url: str, answers: Answering
) -> None:
    answers.stop()  # another worker answers here
    number, path = enrol(database), "/api/memberships/{}/portal"
    refused = buyer.call("POST", path.format(number))
    assert (refused.status_code, refused.json()["code"]) == (404, "subscription-unknown")
    with database.transaction() as session:
        make_members.charge_card(session, session.get_one(Membership, number))
    assert buyer.call("GET", f"/api/memberships/{number}").json()["by_card"] is True
    worker = UrlWorker(redis_url, "https://billing.stripe.com/p/{membership_id}")
    with answering(redis_url, "interactive", worker.answer):
        opened = buyer.call("POST", path.format(number))
    assert opened.json() == {"url": f"https://billing.stripe.com/p/{number}"}
    assert seller.call("POST", path.format(number)).status_code == 404


def test_another_plan_is_priced_and_agreed_to(
    seller: Seller, buyer: Seller, database: Database, redis_url: str, answers: Answering
) -> None:
    answers.stop()  # another worker answers here
    euros = {rail: [Money(999, "EUR")] for rail in ("card", "crypto")}
    terms: dict[str, Any] = {"unit": "months", "count": 1, "prices": euros}
    number = enrol(database, rail="crypto", **terms)
    with database.transaction() as session:
        membership = session.get_one(Membership, number)
        make_members.charge_card(session, membership)
        shop = session.exec(select(Shop).join(User).where(User.telegram_id == 7)).one()
        plan_id = id_of(make_members.plan(session, shop=shop, title="Salon", now=utc_now(), **terms))
    path = f"/api/memberships/{number}/plans"
    assert buyer.call("GET", f"/api/memberships/{number}").json()["can"]["change"] is True
    (target,) = buyer.call("GET", path).json()["items"]
    assert (target["id"], target["title"], target["price"]["amount"]) == (plan_id, "Salon", 999)
    moment = int(utc_now().timestamp())
    priced = {"due": {"amount": 450, "currency": "EUR"}, "prorated_at": moment}

    def answer(message: dict[str, Any]) -> None:
        assert message["kwargs"]["payload"] == {"membership_id": number, "plan_id": plan_id}
        with redis.Redis.from_url(redis_url) as client:
            client.rpush(message["kwargs"]["answer_to"], write_reply(priced))

    with answering(redis_url, "interactive", answer):
        assert buyer.call("POST", f"{path}/{plan_id}/price").json() == priced
    agreed = {"prorated_at": moment, "due": 450}
    assert buyer.call("POST", f"{path}/{plan_id}", json=agreed).json()["id"] == number
    old = buyer.call("POST", f"{path}/{plan_id}", json=agreed | {"prorated_at": moment - 4000})
    assert (old.status_code, old.json()["code"]) == (409, "offer-old")
    assert seller.call("POST", f"{path}/{plan_id}", json=agreed).status_code == 404
    with Session(database.engine) as session:
        args = session.exec(select(Job.args).where(Job.actor == "change_plan")).one()
    assert args == {"membership_id": number, "plan_id": plan_id, **agreed}


def test_a_shop_that_asks_for_the_waiver_renews_with_the_words_that_were_ticked(
    upload_settings: Settings, database: Database, answers: Answering, invoices: list[dict[str, Any]]
) -> None:
    with serving(replace(upload_settings, withdrawal_waiver=True), database) as client:
        Seller(client, database)
        buyer = Seller(client, database, MEMBER)
        path = f"/api/memberships/{enrol(database, days_ago=40)}/renew"
        refused = buyer.call("POST", path, json={"waiver": ""})
        assert (refused.status_code, refused.json()["code"]) == (409, "waiver-missing")
        version = buyer.call("GET", "/api/payments/waiver").json()["version"]
        assert buyer.call("POST", path, json={"waiver": version}).status_code == 200
    with Session(database.engine) as session:
        order = session.exec(select(Order).where(Order.status == "awaiting_payment")).one()
        assert (order.waiver, order.waived_at is not None) == (version, True)
    assert invoices == [{"order_id": order.id}]


def test_what_the_policy_does_not_offer_is_not_offered(
    upload_settings: Settings, database: Database, answers: Answering
) -> None:
    with serving(replace(upload_settings, rail_policy="web:manual"), database) as client:
        Seller(client, database)
        buyer = Seller(client, database, MEMBER)
        number = enrol(
            database, days_ago=40, prices={"crypto": [Money(900, "EUR")], "stars": [Money(5, "XTR")]}
        )
        shown = buyer.call("GET", f"/api/memberships/{number}").json()
        assert (shown["state"], shown["renew"]) == ("expired", {"stars": None, "web_link": None})
        refused = buyer.call("POST", f"/api/memberships/{number}/renew")
        assert (refused.status_code, refused.json()["code"]) == (409, "rail-not-offered")


def test_a_seller_sees_members_by_name_plan_and_state(
    seller: Seller, buyer: Seller, database: Database
) -> None:
    first, over = enrol(database, enter=True), enrol(database, days_ago=40)
    with database.transaction() as session:
        strike(session, over, session.get_one(Membership, over).turn, now=utc_now())
    found = seller.call("GET", "/api/members").json()
    assert (found["total"], found["pages"]) == (2, 1)
    (line,) = seller.call("GET", "/api/members?words=%40BEA&state=active").json()["items"]
    assert (line["id"], line["name"], line["username"], line["plan"]) == (first, "Bea", "bea", "Club")
    plans = seller.call("GET", "/api/members/figures").json()["plans"]
    of_plan = seller.call("GET", f"/api/members?plan={plans[0]['id']}").json()
    assert of_plan["total"] == 1
    assert seller.call("GET", "/api/members?words=nobody").json()["items"] == []
    assert seller.call("GET", "/api/members?state=bored").status_code == 400
    assert buyer.call("GET", "/api/members").json()["total"] == 0


def test_a_seller_sees_each_month_even_the_empty_ones(
    seller: Seller, buyer: Seller, database: Database
) -> None:
    enrol(database, days_ago=1)
    found = seller.call("GET", "/api/members/figures?months=3").json()
    assert found["states"]["active"] == 1
    assert sum(line["amount"] for line in found["revenue"]) == 500
    assert [line["currency"] for line in found["revenue"]] == ["XTR"]
    assert len(found["churn"]) == 3
    this_month = utc_now().date().replace(day=1).isoformat()
    assert found["churn"][-1]["month"] == this_month
    assert found["churn"][0]["rate"] is None


def test_a_seller_sees_who_differs_and_what_happened(
    seller: Seller, buyer: Seller, database: Database
) -> None:
    enrol(database)
    number = channel_id(database)
    with database.transaction() as session:
        checked(session, number, 555_001, ChannelMember("member"), now=utc_now())
        checked(session, number, MEMBER, ChannelMember("left"), now=utc_now())
    (room,) = seller.call("GET", "/api/members/channels").json()["items"]
    assert (room["id"], room["state"], room["enforcement"]) == (number, "connected", "list")
    found = seller.call("GET", f"/api/members/channels/{number}/differences").json()
    stranger = {"telegram_id": 555_001, "name": "", "username": None}
    assert found["without_grant"] == {"total": 1, "people": [stranger]}
    bea = {"telegram_id": MEMBER, "name": "Bea", "username": "bea"}
    assert found["missing"] == {"total": 1, "people": [bea]}
    events = seller.call("GET", "/api/members/events").json()["items"]
    assert [(line["kind"], (line["person"] or {}).get("name")) for line in events] == [
        ("missing", "Bea"),
        ("without_grant", ""),
        ("connected", None),
    ]
    assert buyer.call("GET", f"/api/members/channels/{number}/differences").status_code == 404
    assert buyer.call("GET", "/api/members/channels").json()["items"] == []


def test_ended_memberships_are_kept_to_come_back_to(
    seller: Seller, buyer: Seller, database: Database
) -> None:
    number = enrol(database, days_ago=100)
    shown = buyer.call("GET", f"/api/memberships/{number}").json()
    assert (shown["state"], shown["days_left"], shown["can"]["enter"]) == ("expired", 0, False)
    assert shown["renew"]["stars"] == {"amount": 500, "currency": "XTR"}


def test_a_seller_puts_a_member_out_and_lets_them_in_again(
    seller: Seller, buyer: Seller, database: Database
) -> None:
    number = enrol(database)
    at = f"/api/members/{number}"
    body = {"reason": "abuse", "words": "Shouted at Ida"}
    assert buyer.call("POST", f"{at}/put-out", json=body).status_code == 404
    assert seller.call("POST", f"{at}/put-out", json={"reason": "spite"}).status_code == 400
    out = [seller.call("POST", f"{at}/put-out", json=body).json() for _ in range(2)]
    assert [(line["state"], line["barred"]) for line in out] == [("revoked", True)] * 2
    (mine,) = buyer.call("GET", "/api/memberships").json()["items"]
    assert mine["reason"].endswith("Shouted at Ida")
    assert mine["renew"] is None
    assert seller.call("POST", f"{at}/let-in").json()["barred"] is False
