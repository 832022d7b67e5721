"""Notifications in the app, their choices, and where mail goes."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from core.kit.db import Database
from core.kit.rows import id_of
from core.notifications.addresses import question
from core.notifications.notify import notify
from core.orders.orders import by_page
from core.process.limits import MAILS
from core.process.settings import Settings
from schemas.base import utc_now
from schemas.notification_jobs import MailClaim
from schemas.notifications import MailAddress
from schemas.people import User
from tests.api.people import signed_in, somebody
from tests.api.test_access import code
from tests.api.test_checkout import a_product, buy, pay, token_of, words
from tests.support import make
from tests.support.web import Client, serving

LIST = "/api/telegram/notifications/"
ADDRESS = f"{LIST}address/"
CHOICES = f"{LIST}choices/"


@pytest.fixture
def posting(shop_settings: Settings, database: Database) -> Iterator[Client]:
    """A browser at a shop that sends mail."""
    with serving(replace(shop_settings, smtp_host="127.0.0.1"), database) as client:
        yield client


def warn(database: Database, person: User, count: int) -> None:
    with database.transaction() as session:
        for number in range(count):
            params: dict[str, str | int] = {"title": "Couture", "days": 3, "ends": 1_800_000_000}
            notify(session, id_of(person), "member-warned", params, once=str(number))


def links(database: Database) -> dict[str, str]:
    """The two links of the only address, as its mail has them."""
    with database.transaction() as session:
        row = session.exec(select(MailAddress)).one()
        asked = question(session, id_of(row), row.issue, make.SECRET, now=utc_now())
        assert asked is not None
        return {"confirm": f"/mail/confirm/{asked.confirm_token}", "stop": f"/mail/stop/{asked.stop_token}"}


def test_a_person_reads_their_own_and_counts_what_is_unread(web: Client, database: Database) -> None:
    person, headers = somebody(database)
    warn(database, person, 3)
    warn(database, somebody(database)[0], 1)
    first = web.get(LIST, headers=headers, params={"limit": 2}).json()
    assert (first["unread"], len(first["items"])) == (3, 2)
    newest = first["items"][0]
    assert newest.keys() == {"id", "type", "title", "message", "action_url", "created_at", "read_at"}
    assert (newest["type"], newest["action_url"]) == ("access_expiring", "https://t.me/ComptoirBot")
    assert newest["message"].startswith("⏳ Couture ends in 3 days")
    rest = web.get(LIST, headers=headers, params={"limit": 2, "before": first["before"]}).json()
    assert (len(rest["items"]), rest["before"]) == (1, None)

    ids = [item["id"] for item in first["items"]]
    assert web.post(f"{LIST}read/", json={"ids": ids}, headers=headers).json() == {"unread": 1}
    again = web.get(LIST, headers=headers).json()["items"]
    assert [item["read_at"] is None for item in again] == [False, False, True]


def test_others_notifications_can_be_neither_seen_nor_marked(web: Client, database: Database) -> None:
    person, headers = somebody(database)
    warn(database, person, 1)
    number = web.get(LIST, headers=headers).json()["items"][0]["id"]
    other = somebody(database)[1]
    assert web.get(LIST, headers=other).json() == {"items": [], "unread": 0, "before": None}
    assert web.post(f"{LIST}read/", json={"ids": [number]}, headers=other).json() == {"unread": 0}
    assert web.get(LIST, headers=headers).json()["unread"] == 1


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"before": 0}, {"before": "x"}])
def test_a_query_that_makes_no_sense_is_refused(
    web: Client, database: Database, query: dict[str, str]
) -> None:
    assert code(web.get(LIST, headers=somebody(database)[1], params=query)) == (400, "bad-request")


@pytest.mark.parametrize(
    "body", [{}, {"ids": []}, {"ids": [0]}, {"ids": ["a"]}, {"ids": list(range(1, 102))}]
)
def test_ids_that_make_no_sense_are_refused(web: Client, database: Database, body: dict[str, object]) -> None:
    answer = web.post(f"{LIST}read/", json=body, headers=somebody(database)[1])
    assert code(answer) == (400, "bad-request")


@pytest.mark.parametrize("path", [LIST, ADDRESS, CHOICES])
def test_without_a_session_there_is_nothing_to_read(web: Client, path: str) -> None:
    assert code(web.get(path)) == (401, "session-unknown")


def test_a_way_is_chosen_and_shown(web: Client, database: Database) -> None:
    headers = somebody(database)[1]
    body = {"type": "access_expiring", "way": "telegram", "wanted": False}
    changed = web.patch(CHOICES, json=body, headers=headers)
    assert changed.status_code == 200, changed.text
    shown = {line["type"]: line["ways"] for line in web.get(CHOICES, headers=headers).json()}
    assert shown["access_expiring"] == {"telegram": False, "email": True}
    never = web.patch(CHOICES, json=body | {"type": "payment_verified"}, headers=headers)
    assert code(never) == (409, "notification-way")
    assert code(web.patch(CHOICES, json=body | {"type": "gossip"}, headers=headers))[0] == 400


def test_an_address_is_given_confirmed_and_stopped(posting: Client, database: Database) -> None:
    headers = somebody(database)[1]
    assert posting.get(ADDRESS, headers=headers).json() == {"address": "", "state": "none", "offered": True}
    asked = posting.put(ADDRESS, json={"address": "Awa@Example.org"}, headers=headers)
    assert asked.json() == {
        "address": "Awa@example.org",
        "state": "asked",
        "offered": True,
    }, asked.text
    found = links(database)
    for _ in range(2):  # a scanner looks at every link; looking changes nothing
        page = posting.get(found["confirm"], headers={"accept-language": "en"})
        assert "Is this your address?" in page.text
        assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert posting.get(ADDRESS, headers=headers).json()["state"] == "asked"
    assert posting.post(found["confirm"], headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert "confirmée" in posting.post(found["confirm"]).text
    assert posting.get(ADDRESS, headers=headers).json()["state"] == "confirmed"

    assert posting.get(found["stop"]).status_code == 200
    assert posting.get(ADDRESS, headers=headers).json()["state"] == "confirmed"
    one_click = {"List-Unsubscribe": "One-Click"}  # RFC 8058, 3.2: by a mailbox provider, from anywhere
    stopped = posting.post(found["stop"], data=one_click, headers={"sec-fetch-site": "cross-site"})
    assert stopped.status_code == 200
    assert posting.get(ADDRESS, headers=headers).json()["state"] == "stopped"
    gone = posting.delete(ADDRESS, headers=headers).json()
    assert gone == {"address": "", "state": "none", "offered": True}
    assert posting.get(found["stop"]).status_code == 404


@pytest.mark.parametrize("word", ["confirm", "stop"])
def test_a_guessed_link_shows_a_page_that_says_so(web: Client, word: str) -> None:
    for answer in (web.get(f"/mail/{word}/{'x' * 43}"), web.post(f"/mail/{word}/{'x' * 43}")):
        assert answer.status_code == 404
        assert "text/html" in answer.headers["content-type"]


def test_what_is_no_address_and_a_shop_without_mail_are_refused(
    posting: Client, web: Client, database: Database
) -> None:
    headers = somebody(database)[1]
    refused = posting.put(ADDRESS, json={"address": "a@b\r\nBcc: c@d.org"}, headers=headers)
    assert code(refused) == (422, "mail-address-wrong")
    off = web.put(ADDRESS, json={"address": "awa@example.org"}, headers=headers)
    assert code(off) == (409, "mail-off")


def test_nobody_has_a_stranger_written_to_again_and_again(posting: Client, database: Database) -> None:
    victim = {"address": "victim@example.org"}
    with database.transaction() as session:
        people = [signed_in(session, make.user(session)) for _ in range(MAILS.most + 1)]
    answers = [posting.put(ADDRESS, json=victim, headers=headers) for headers in people]
    assert [answer.status_code for answer in answers] == [200] * MAILS.most + [429]


def test_whoever_waits_for_an_order_is_told_by_mail(posting: Client, database: Database) -> None:
    path = buy(posting, a_product(database), "manual")
    assert "Be told by e-mail" in words(posting, path)
    wrong = posting.post(f"{path}/mail", data={"address": "awa@"}, headers={"accept-language": "en"})
    assert (wrong.status_code, 'aria-invalid="true"' in wrong.text) == (422, True)
    assert posting.post(f"{path}/mail", data={"address": "awa@example.org"}).status_code == 303
    assert "Look into awa@example.org" in words(posting, path)
    assert posting.post(links(database)["confirm"]).status_code == 200
    assert "awa@example.org gets an e-mail when" in words(posting, path)
    pay(database, path)
    with Session(database.engine) as session:
        order = by_page(session, token_of(path))
        assert [job.order_id for job in make.queued(session, MailClaim)] == [order.id]


def test_a_shop_without_mail_offers_none(web: Client, database: Database) -> None:
    path = buy(web, a_product(database), "manual")
    assert "Be told by e-mail" not in words(web, path)
    assert web.post(f"{path}/mail", data={"address": "awa@example.org"}).status_code == 409
